import { messages } from './messages.js';
import { panel } from './panel.js';
import { room } from './room.js';
import { theme } from './theme.js';

/** Everything the component looks like; the later wins. */
export const styles = [theme, panel, messages, room];

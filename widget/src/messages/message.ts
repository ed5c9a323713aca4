import { html, nothing, type TemplateResult } from 'lit';
import type { Entry } from '../conversation.js';
import type { Button } from '../protocol.js';
import { texts } from '../texts.js';
import { calendarLink } from './booking.js';
import { choices } from './choices.js';
import { profile } from './profile.js';

export interface MessageView {
  entry: Entry;
  separator: string | null;
  /** Whether its buttons can be chosen. */
  isOpen: boolean;
  /** Whether to tell that the message is sent; that it is not is always told. */
  tellsSent: boolean;
  choose: (button: Button) => void;
}

export function message({ entry, separator, isOpen, tellsSent, choose }: MessageView): TemplateResult {
  const { from, text, buttons, custom } = entry.message;
  return html`<li class="message ${from}">
    ${separator ? html`<p class="separator">${separator}</p>` : nothing}
    <div class="bubble">
      <span class="sr-only">${from === 'bot' ? texts.digispor : texts.citizen}</span>
      ${text ? html`<p class="text" dir="auto">${text}</p>` : nothing}
      ${custom?.type === 'profile' ? profile(custom.areas) : nothing}
      ${custom?.type === 'booking' ? calendarLink(custom.calendarUrl) : nothing}
    </div>
    ${delivery(entry, tellsSent)} ${isOpen ? choices(buttons, choose) : nothing}
  </li>`;
}

function delivery({ delivery }: Entry, tellsSent: boolean): TemplateResult | typeof nothing {
  if (!delivery || (delivery === 'sent' && !tellsSent)) return nothing;
  // Off, because a message that was sent is nothing to interrupt for; trouble is told by the status line.
  return html`<p class="delivery ${delivery}" aria-live="off">${texts.delivery[delivery]}</p>`;
}

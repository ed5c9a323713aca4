import { html, type TemplateResult } from 'lit';
import { texts } from '../texts/texts.js';

/** A booked time to put into one's own calendar; the message's text tells the rest. */
export function calendarLink(calendarUrl: string): TemplateResult {
  return html`<p class="calendar"><a class="choice" href=${calendarUrl} rel="noopener">${texts.calendar}</a></p>`;
}

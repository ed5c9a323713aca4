import { html, nothing, type TemplateResult } from 'lit';
import type { Entry } from '../conversation.js';
import { speakerOf, type Button, type Message } from '../protocol.js';
import { texts } from '../texts/texts.js';
import { calendarLink } from './booking.js';
import { choices } from './choices.js';
import { pageLink } from './link.js';
import { profile } from './profile.js';
import { scale } from './scale.js';
import { times } from './times.js';

export interface MessageView {
  entry: Entry;
  /** Of the element with its words. */
  id: string;
  separator: string | null;
  /** Whether its buttons can be chosen. */
  isOpen: boolean;
  /** Whether to tell that the message is sent; that it is not is always told. */
  tellsSent: boolean;
  choose: (button: Button) => void;
}

export function message({ entry, id, separator, isOpen, tellsSent, choose }: MessageView): TemplateResult {
  const { from, author, custom } = entry.message;
  return html`<li class="message ${from}">
    ${separator ? html`<p class="separator">${separator}</p>` : nothing}
    <div class="bubble">
      <span class=${author ? 'author' : 'sr-only'}>${speakerOf(entry.message)}</span>
      ${words(entry.message, id)} ${custom?.type === 'profile' ? profile(custom.areas) : nothing}
      ${custom?.type === 'booking' ? calendarLink(custom.calendarUrl) : nothing}
      ${custom?.type === 'link' ? pageLink(custom.title, custom.url) : nothing}
    </div>
    ${delivery(entry, tellsSent)} ${isOpen ? answers(entry.message, id, choose) : nothing}
  </li>`;
}

function words({ text, custom }: Message, id: string): TemplateResult | typeof nothing {
  if (!text) return nothing;
  if (custom?.type !== 'languages') return html`<p id=${id} class="text" dir="auto" lang="da">${text}</p>`;
  // Each line is read with the voice of its language.
  return html`<div id=${id}>
    ${text.split('\n').map((line, index) => html`<p class="text" dir="auto" lang=${custom.lines[index] ?? 'da'}>${line}</p>`)}
  </div>`;
}

function answers({ buttons, custom }: Message, question: string, choose: (button: Button) => void): TemplateResult {
  if (custom?.type === 'question') return scale(buttons, question, choose);
  if (custom?.type === 'times') return times(buttons, custom.times, choose);
  return choices(buttons, choose);
}

function delivery({ delivery }: Entry, tellsSent: boolean): TemplateResult | typeof nothing {
  if (!delivery || (delivery === 'sent' && !tellsSent)) return nothing;
  // Off, because a message that was sent is nothing to interrupt for; trouble is told by the status line.
  return html`<p class="delivery ${delivery}" aria-live="off">${texts.delivery[delivery]}</p>`;
}

import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { WORDS_FOR_THE_ASSISTANT, texts, type Texts } from './texts/texts.js';

/** As many characters as the assistant reads of one message. */
export const MESSAGE_LIMIT = 1000;
const TELL_FROM = 900;

export interface ComposerView {
  draft: string;
  write: (draft: string) => void;
  send: () => void;
  sendQuick: (text: string) => void;
  /** Whether the citizen wants to speak, and the browser can write it down. */
  dictates: boolean;
  isListening: boolean;
  dictate: () => void;
}

/** Characters as a reader counts them; an emoji is one, not the two of its encoding. */
export function lengthOf(text: string): number {
  return [...text].length;
}

/** Where the citizen writes, and what is always one tap away. */
export function composer(view: ComposerView): TemplateResult {
  const { draft, write, send, sendQuick } = view;
  const left = MESSAGE_LIMIT - lengthOf(draft);
  return html`
    <form
      class="composer"
      @submit=${(event: Event) => {
        event.preventDefault();
        send();
      }}
    >
      <label for="draft">${texts.input}</label>
      <div class="line">
        <textarea
          id="draft"
          dir="auto"
          rows="1"
          autocomplete="off"
          enterkeyhint="send"
          aria-describedby="hint counter"
          aria-invalid=${left < 0 ? 'true' : nothing}
          .value=${live(draft)}
          @input=${(event: Event) => write((event.target as HTMLTextAreaElement).value)}
          @keydown=${(event: KeyboardEvent) => {
            if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            send();
          }}
        ></textarea>
        ${view.dictates
          ? html`<button type="button" class="tool" aria-pressed=${view.isListening ? 'true' : 'false'} @click=${view.dictate}>
              ${view.isListening ? texts.dictateStop : texts.dictate}
            </button>`
          : nothing}
        <button type="submit" class="send">${texts.send}</button>
      </div>
      <span id="hint" class="sr-only">${texts.inputHint}</span>
      <p id="counter" class="counter ${left < 0 ? 'over' : ''}">${counter(left)}</p>
      <span class="sr-only" role="status">${spokenCounter(left)}</span>
    </form>
    <div class="quick" role="group" aria-label=${texts.quickReplies}>
      ${(Object.keys(texts.quick) as (keyof Texts['quick'])[]).map((way) => {
        const say = (): void => sendQuick(WORDS_FOR_THE_ASSISTANT[way]);
        return html`<button type="button" class="quick-reply" @click=${say}>${texts.quick[way]}</button>`;
      })}
    </div>
  `;
}

function counter(left: number): string {
  if (left < 0) return texts.charactersOver(-left);
  return left <= MESSAGE_LIMIT - TELL_FROM ? texts.charactersLeft(left) : '';
}

/** Told at the first warning and when it is too long only, so that a screen reader does not speak at every key. */
function spokenCounter(left: number): string {
  if (left < 0) return texts.tooLong;
  return left <= MESSAGE_LIMIT - TELL_FROM ? texts.nearLimit : '';
}

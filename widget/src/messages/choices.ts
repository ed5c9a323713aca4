import { html, type TemplateResult } from 'lit';
import type { Button } from '../protocol.js';
import { texts } from '../texts/texts.js';

/** The answers that can be chosen instead of writing. */
export function choices(buttons: readonly Button[], choose: (button: Button) => void): TemplateResult {
  return html`<div class="choices" role="group" aria-label=${texts.choices}>
    ${buttons.map(
      (button) => html`<button type="button" class="choice" dir="auto" lang="da" @click=${() => choose(button)}>${button.title}</button>`,
    )}
  </div>`;
}

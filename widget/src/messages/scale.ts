import { html, type TemplateResult } from 'lit';
import type { Button } from '../protocol.js';
import { texts } from '../texts/texts.js';

/**
 * The answers to a question of the assessment as a radio group: arrow keys and fingers only point, and nothing is
 * sent before the citizen says so.
 */
export function scale(buttons: readonly Button[], question: string, choose: (button: Button) => void): TemplateResult {
  return html`<form
    class="scale"
    @submit=${(event: SubmitEvent) => {
      event.preventDefault();
      const chosen = (event.target as HTMLFormElement).querySelector<HTMLInputElement>('input:checked');
      const button = chosen && buttons[Number(chosen.value)];
      if (button) choose(button);
    }}
  >
    <div role="radiogroup" aria-labelledby=${question} aria-required="true">
      ${buttons.map((button, index) => option(button, index))}
    </div>
    <button type="submit" class="send">${texts.sendAnswer}</button>
  </form>`;
}

function option({ title }: Button, index: number): TemplateResult {
  return html`<label class="option">
    <input
      type="radio"
      name="answer"
      required
      .value=${String(index)}
      @invalid=${(event: Event) => (event.target as HTMLInputElement).setCustomValidity(texts.chooseFirst)}
      @change=${(event: Event) => clearComplaints(event.target as HTMLInputElement)}
    />
    <span lang="da">${title}</span>
  </label>`;
}

function clearComplaints(chosen: HTMLInputElement): void {
  for (const input of chosen.form?.querySelectorAll('input') ?? []) input.setCustomValidity('');
}

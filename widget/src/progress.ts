import { html, type TemplateResult } from 'lit';
import { bar } from './bar.js';
import { texts } from './texts/texts.js';

/** How far the assessment is, in words and as a bar; the bar never goes back because of a longer way ahead. */
export function progress({ number, left }: { number: number; left: number }): TemplateResult {
  const done = number - 1;
  const most = number + left;
  const words = left ? texts.progress(number, left) : texts.lastQuestion(number);
  return html`<div class="progress">
    <p id="progress">${words}</p>
    <div role="progressbar" aria-labelledby="progress" aria-valuemin="0" aria-valuemax=${most} aria-valuenow=${done}>
      ${bar((100 * done) / most)}
    </div>
  </div>`;
}

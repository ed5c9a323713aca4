import { html, nothing, type TemplateResult } from 'lit';
import { bar } from '../bar.js';
import type { ProfileArea } from '../protocol.js';
import { texts } from '../texts/texts.js';

/** How much of each area the citizen can do: every value is in words, the bar only repeats it. */
export function profile(areas: readonly ProfileArea[]): TemplateResult {
  return html`<ul class="profile" role="list" aria-label=${texts.profile}>
    ${areas.map(
      ({ name, percent }) => html`<li>
        <span class="area" lang="da">${name}</span>
        <span class="percent">${percent === null ? texts.noPercent : texts.percent(percent)}</span>
        ${percent === null ? nothing : bar(percent)}
      </li>`,
    )}
  </ul>`;
}

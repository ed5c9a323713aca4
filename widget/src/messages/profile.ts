import { html, nothing, svg, type TemplateResult } from 'lit';
import type { ProfileArea } from '../protocol.js';
import { texts } from '../texts.js';

/** How much of each area the citizen can do: every value is in words, the bar only repeats it. */
export function profile(areas: readonly ProfileArea[]): TemplateResult {
  return html`<ul class="profile" role="list" aria-label=${texts.profile}>
    ${areas.map(
      ({ name, percent }) => html`<li>
        <span class="area">${name}</span>
        <span class="percent">${percent === null ? texts.noPercent : texts.percent(percent)}</span>
        ${percent === null ? nothing : bar(percent)}
      </li>`,
    )}
  </ul>`;
}

/** Drawn with attributes, because a strict Content-Security-Policy forbids inline styles. */
function bar(percent: number): TemplateResult {
  return html`<svg class="bar" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true" focusable="false">
    ${svg`<rect class="track" width="100" height="1"></rect><rect class="value" width=${percent} height="1"></rect>`}
  </svg>`;
}

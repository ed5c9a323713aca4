import { html, svg, type TemplateResult } from 'lit';

/**
 * How much of something there is, for the eye only.
 *
 * Drawn with attributes, because a strict Content-Security-Policy forbids inline styles.
 */
export function bar(percent: number): TemplateResult {
  return html`<svg class="bar" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true" focusable="false">
    ${svg`<rect class="track" width="100" height="1"></rect><rect class="value" width=${percent} height="1"></rect>`}
  </svg>`;
}

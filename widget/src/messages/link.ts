import { html, type TemplateResult } from 'lit';

/** A page of the municipality's that a message leads to. It opens beside the chat, which goes on. */
export function pageLink(title: string, url: string): TemplateResult {
  return html`<p class="calendar"><a class="choice" href=${url} target="_blank" rel="noopener">${title}</a></p>`;
}

import { css } from 'lit';

/** The panel and what stands in it from top to bottom, around the conversation. */
export const panel = css`
  .panel {
    display: flex;
    flex-direction: column;
    block-size: var(--digispor-height, min(46em, 90vh));
    /* A last resort, when large letters leave no room for the conversation. */
    overflow: hidden auto;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--background);
  }
  .top {
    display: flex;
    flex-wrap: wrap;
    gap: 0 0.25em;
    align-items: center;
    padding: 0.15em 0.5em 0.15em 0.8em;
    background: var(--primary);
    color: var(--on-primary);
  }
  h2 {
    flex: 1 1 auto;
    font-size: 1.25em;
    font-weight: 600;
    overflow-wrap: anywhere;
  }

  .size-1 {
    font-size: 1.2em;
  }
  .size-2 {
    font-size: 1.45em;
  }
  .size-3 {
    font-size: 1.75em;
  }

  .panel > :not(.log) {
    flex: none;
  }
  .log {
    position: relative;
    flex: 1 1 0;
    min-block-size: min(10em, 60vh);
    padding: 1em;
    overflow-y: auto;
    overscroll-behavior: contain;
  }
  .log:focus-visible {
    outline-offset: -3px;
  }

  .options {
    max-block-size: 60vh;
    padding: 0.25em 0.6em 0.5em;
    overflow-y: auto;
    border-block-end: 1px solid var(--line);
  }
  .tool,
  .quick-reply {
    min-inline-size: var(--target);
    min-block-size: var(--target);
    padding: 0.4em;
    border: 1px solid transparent;
    border-radius: var(--radius);
    background: var(--background);
    color: var(--primary);
    cursor: pointer;
    font-size: 0.9em;
    overflow-wrap: anywhere;
    text-align: start;
    text-decoration: underline;
  }
  .tool:hover,
  .quick-reply:hover {
    background: var(--bot);
  }
  .tool[disabled] {
    color: var(--ink-light);
    cursor: default;
    text-decoration: none;
  }
  .tool[aria-pressed='true'] {
    border-color: var(--primary);
    background: var(--citizen);
  }
  .top .tool {
    font-size: min(0.9em, 20px);
    background: var(--primary);
    color: var(--on-primary);
  }
  .top .tool:hover {
    background: var(--primary-hover);
  }
  .top .tool[aria-pressed='true'] {
    background: var(--on-primary);
    color: var(--primary);
  }
  .top .tool:focus-visible {
    outline-color: var(--on-primary);
    outline-offset: -4px;
  }
  .top .tool[aria-pressed='true']:focus-visible {
    outline-color: var(--primary);
  }
  .menu::after {
    content: ' ▾';
    content: ' ▾' / '';
  }
  .menu[aria-expanded='true']::after {
    content: ' ▴';
    content: ' ▴' / '';
  }
  .letters,
  .keeping {
    display: flex;
    flex-wrap: wrap;
    gap: 0 0.75em;
  }
  .hint {
    color: var(--ink-light);
    font-size: 0.875em;
  }
  .options .option {
    border-color: transparent;
    padding-inline: 0.4em;
  }
  .options .hint {
    padding-inline: 0.4em;
  }
  .sure {
    padding: 0.5em;
    background: var(--notice);
  }

  .progress {
    padding: 0.35em 1em 0.5em;
    font-size: 0.875em;
  }

  .status {
    padding-inline: 1em;
    color: var(--ink-light);
    font-size: 0.875em;
  }
  .status.notice {
    padding-block: 0.5em;
    background: var(--notice);
    color: var(--ink);
    font-size: 1em;
  }

  .fallback {
    /* The page's own words, in the colours that the page has given them. */
    padding: 0.25em 0.5em;
    background: #fff;
    color: #1a1a1a;
    color-scheme: light;
  }

  .composer {
    padding: 0.5em 1em 0;
  }
  .composer label {
    display: inline-block;
    padding-block-end: 0.25em;
    font-weight: 600;
  }
  .line {
    display: flex;
    gap: 0.5em;
    align-items: flex-end;
  }
  textarea {
    flex: 1 1 auto;
    min-inline-size: 0;
    min-block-size: var(--target);
    max-block-size: 8em;
    padding: 0.5em 0.75em;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--background);
    field-sizing: content;
    resize: none;
  }
  textarea[aria-invalid] {
    border: 2px solid var(--error);
  }
  .counter {
    font-size: 0.875em;
  }
  .counter.over {
    color: var(--error);
  }
  .quick {
    display: flex;
    flex-wrap: wrap;
    gap: 0 0.25em;
    padding: 0.25em 0.6em;
  }
`;

import { css } from 'lit';

/**
 * The look of Det Fælles Designsystem (colours, type, spacing, focus), in `em` so that it follows the page's letter
 * size whatever the page has made of `rem`. What a page may change is read from variables named --digispor-*.
 */
export const styles = css`
  :host {
    --primary: var(--digispor-primary, #004d99);
    --primary-hover: var(--digispor-primary-hover, #000040);
    --on-primary: var(--digispor-on-primary, #fff);
    --ink: var(--digispor-ink, #1a1a1a);
    --ink-light: var(--digispor-ink-light, #454545);
    --background: var(--digispor-background, #fff);
    --bot: var(--digispor-bot-background, #f5f5f5);
    --citizen: var(--digispor-citizen-background, #e2f2fb);
    --line: var(--digispor-line, #707070);
    --notice: var(--digispor-notice-background, #ffeecc);
    --error: var(--digispor-error, #cc0000);
    --focus: var(--digispor-focus, #454545);
    --radius: var(--digispor-radius, 8px);
    --target: max(44px, 2.75em);

    display: block;
    block-size: var(--digispor-height, min(46em, 90vh));
    max-inline-size: var(--digispor-width, 52em);
    color: var(--ink);
    font-family: var(--digispor-font, 'IBM Plex Sans', system-ui, sans-serif);
    font-size: var(--digispor-font-size, max(1em, 16px));
    line-height: 1.5;
    text-align: start;
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  * {
    box-sizing: border-box;
  }
  p,
  h2,
  ol,
  ul {
    margin: 0;
    padding: 0;
  }
  ol,
  ul {
    list-style: none;
  }
  button,
  textarea {
    color: inherit;
    font: inherit;
    letter-spacing: inherit;
    word-spacing: inherit;
  }
  :focus-visible {
    outline: 3px solid var(--focus);
    outline-offset: 1px;
  }
  .sr-only {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  .panel {
    display: flex;
    flex-direction: column;
    block-size: 100%;
    /* A last resort, when large letters leave no room for the conversation. */
    overflow: hidden auto;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--background);
  }
  h2 {
    padding: 0.5em 0.8em;
    background: var(--primary);
    color: var(--on-primary);
    font-size: 1.25em;
    font-weight: 600;
    overflow-wrap: anywhere;
  }

  .panel > :not(.log) {
    flex: none;
  }
  .log {
    position: relative;
    flex: 1 1 0;
    min-block-size: 6em;
    padding: 1em;
    overflow-y: auto;
    overscroll-behavior: contain;
  }
  .log:focus-visible {
    outline-offset: -3px;
  }
  .message {
    display: flex;
    flex-direction: column;
    align-items: flex-start;
    padding-block-end: 0.75em;
  }
  .message.citizen {
    align-items: flex-end;
  }
  .separator {
    align-self: center;
    padding-block: 0.5em;
    color: var(--ink-light);
    font-size: 0.875em;
  }
  .bubble {
    max-inline-size: min(100%, 34em);
    padding: 0.6em 0.9em;
    /* Seen where the browser takes the colours away. */
    border: 1px solid transparent;
    border-radius: var(--radius);
    background: var(--bot);
  }
  .citizen .bubble {
    max-inline-size: 85%;
    background: var(--citizen);
  }
  .text {
    overflow-wrap: anywhere;
    unicode-bidi: plaintext;
    white-space: pre-line;
  }
  .delivery {
    color: var(--ink-light);
    font-size: 0.875em;
  }
  .delivery.refused {
    color: var(--error);
  }
  .delivery.sending {
    /* Most messages are on their way for a moment only. */
    animation: appear 0s 0.8s both;
  }
  @keyframes appear {
    from {
      visibility: hidden;
    }
  }

  .choices {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5em;
    padding-block-start: 0.75em;
  }
  .choice,
  .send,
  .quick-reply,
  .launcher {
    min-inline-size: var(--target);
    min-block-size: var(--target);
    padding: 0.4em 1em;
    border: 1px solid var(--primary);
    border-radius: var(--radius);
    cursor: pointer;
    font-weight: 600;
    overflow-wrap: anywhere;
  }
  .choice,
  .quick-reply {
    background: var(--background);
    color: var(--primary);
    text-align: start;
  }
  a.choice {
    display: inline-flex;
    align-items: center;
    text-decoration: none;
  }
  .calendar {
    padding-block-start: 0.75em;
  }
  .send {
    flex: none;
  }
  .send,
  .launcher,
  .choice:hover,
  .quick-reply:hover {
    background: var(--primary);
    color: var(--on-primary);
  }
  .send:hover,
  .launcher:hover {
    background: var(--primary-hover);
    text-decoration: underline;
  }
  .choice:hover,
  .quick-reply:hover {
    text-decoration: underline;
  }

  .profile li {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    column-gap: 1em;
    padding-block-start: 0.75em;
  }
  .area {
    overflow-wrap: anywhere;
  }
  .area::first-letter {
    text-transform: uppercase;
  }
  .percent {
    font-weight: 600;
  }
  .bar {
    display: block;
    flex: 0 0 100%;
    block-size: 0.6em;
    margin-block-start: 0.25em;
    border: 1px solid var(--line);
    border-radius: 0.3em;
    overflow: hidden;
  }
  .track {
    fill: var(--background);
  }
  .value {
    fill: var(--primary);
  }

  .status {
    min-block-size: 1.5em;
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

  .composer {
    padding: 0.5em 1em 0;
  }
  label {
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
    gap: 0.25em;
    padding: 0.25em 1em 0.5em;
  }
  .quick-reply {
    border-color: transparent;
    padding-inline: 0.4em;
    font-size: 0.875em;
    font-weight: 400;
    text-decoration: underline;
  }

  :host([mode='bubble']) {
    position: fixed;
    z-index: var(--digispor-z-index, 1000);
    inset-block-end: 1em;
    inset-inline-end: 1em;
    display: flex;
    flex-direction: column;
    gap: 0.5em;
    align-items: flex-end;
    block-size: auto;
    inline-size: min(28em, calc(100% - 2em));
    max-inline-size: none;
    pointer-events: none;
  }
  .panel,
  .launcher {
    pointer-events: auto;
  }
  :host([mode='bubble']) .panel {
    inline-size: 100%;
    block-size: min(40em, calc(100vh - 6em));
    box-shadow: 0 8px 24px rgb(0 0 0 / 0.2);
  }

  /* Little room, as at 400 % zoom: the page scrolls, not a slit in it. */
  @media (max-height: 30em) {
    :host {
      block-size: auto;
    }
    .log {
      flex: none;
      overflow-y: visible;
    }
    :host([mode='bubble']) .panel {
      overflow-y: auto;
    }
  }
  @media (max-width: 24em) {
    .log {
      padding: 0.75em;
    }
    .composer,
    .quick {
      padding-inline: 0.75em;
    }
  }
  @media (forced-colors: active) {
    .value {
      fill: Highlight;
    }
    .track {
      fill: Canvas;
    }
    .quick-reply {
      border-color: ButtonBorder;
    }
  }
`;

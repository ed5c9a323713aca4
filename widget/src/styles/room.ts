import { css } from 'lit';

/** The bubble, and what changes where there is little room or few colours. */
export const room = css`
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
    .panel {
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
  @media (max-width: 30em) {
    .size-2,
    .size-3 {
      block-size: auto;
    }
    .size-2 .log,
    .size-3 .log {
      flex: none;
      overflow-y: visible;
    }
  }
  @media (max-width: 24em) {
    .log {
      padding: 0.75em;
    }
    .composer,
    .progress {
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
    .tool,
    .quick-reply {
      border-color: ButtonBorder;
    }
    .tool[aria-pressed='true'] {
      border-color: Highlight;
    }
  }
`;

import { css } from 'lit';

/**
 * The look of Det Fælles Designsystem (colours, type, spacing, focus), in `em` so that it follows the page's letter
 * size whatever the page has made of `rem`. What a page may change is read from variables named --digispor-*.
 */
export const theme = css`
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
    color-scheme: light;

    display: block;
    max-inline-size: var(--digispor-width, 52em);
    color: var(--ink);
    font-family: var(--digispor-font, 'IBM Plex Sans', system-ui, sans-serif);
    font-size: var(--digispor-font-size, max(1em, 16px));
    line-height: 1.5;
    text-align: start;
  }
  /*
   * Who has asked for dark gets it on a light page too. A page's own light colours are left alone then: with them, dark
   * text could come to stand on dark.
   */
  @media (prefers-color-scheme: dark) {
    :host {
      --primary: var(--digispor-dark-primary, #9cc9ff);
      --primary-hover: var(--digispor-dark-primary-hover, #d3e7ff);
      --on-primary: var(--digispor-dark-on-primary, #00203f);
      --ink: var(--digispor-dark-ink, #f2f2f2);
      --ink-light: var(--digispor-dark-ink-light, #c9c9c9);
      --background: var(--digispor-dark-background, #1b1b1d);
      --bot: var(--digispor-dark-bot-background, #2d2d31);
      --citizen: var(--digispor-dark-citizen-background, #12395c);
      --line: var(--digispor-dark-line, #9a9a9a);
      --notice: var(--digispor-dark-notice-background, #4d3b00);
      --error: var(--digispor-dark-error, #ffa3a3);
      --focus: var(--digispor-dark-focus, #e0e0e0);
      color-scheme: dark;
    }
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
  input,
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
`;

import { css } from 'lit';

/** The conversation: what is said, and the answers that can be chosen. */
export const messages = css`
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
  .author {
    display: block;
    font-weight: 600;
    overflow-wrap: anywhere;
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
  .choice {
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
  .choice:hover {
    background: var(--primary);
    color: var(--on-primary);
  }
  .send:hover,
  .launcher:hover {
    background: var(--primary-hover);
    text-decoration: underline;
  }
  .choice:hover {
    text-decoration: underline;
  }
  .scale {
    align-self: stretch;
    max-inline-size: 34em;
    padding-block-start: 0.5em;
  }
  .option {
    display: flex;
    gap: 0.6em;
    align-items: center;
    min-block-size: var(--target);
    padding: 0.3em 0.8em;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    cursor: pointer;
    font-weight: 400;
  }
  .scale .option {
    margin-block-end: 0.35em;
  }
  .option:hover {
    background: var(--bot);
  }
  .option input {
    flex: none;
    inline-size: 1.4em;
    block-size: 1.4em;
    margin: 0;
    accent-color: var(--primary);
  }
  .option input:checked + span {
    font-weight: 600;
  }
  .scale .send {
    margin-block-start: 0.25em;
  }
  .day {
    padding-block-start: 0.75em;
    font-weight: 600;
  }
  .day + .choices {
    padding-block-start: 0.35em;
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
    inline-size: 100%;
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
`;

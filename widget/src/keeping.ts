/** The conversation on paper, or as a file of one's own. */

import type { Conversation } from './conversation.js';
import { fullTime } from './dates.js';
import { linesOf, speakerOf } from './protocol.js';
import { texts } from './texts/texts.js';

/** A message as lines of text: who, when, and what. */
export interface Spoken {
  head: string;
  lines: string[];
}

/** What has been said, oldest first. What is not sent says so. */
export function spoken({ entries }: Conversation): Spoken[] {
  return entries.map(({ message, delivery }) => {
    const who = speakerOf(message);
    const state = delivery && delivery !== 'sent' ? ` (${texts.delivery[delivery]})` : '';
    return { head: `${fullTime(message.at)}. ${who}${state}`, lines: linesOf(message) };
  });
}

/** Lets the browser save the conversation as a text file, which every phone and computer can open. */
export function save(heading: string, said: readonly Spoken[]): void {
  const parts = said.map(({ head, lines }) => [head, ...lines].join('\r\n'));
  // The mark at the beginning lets old programs see that æ, ø and å are letters.
  const file = new Blob([`\uFEFF${[heading, ...parts].join('\r\n\r\n')}\r\n`], { type: 'text/plain;charset=utf-8' });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = texts.fileName;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** Prints the conversation by itself, without the page it stands on. */
export function print(heading: string, said: readonly Spoken[]): void {
  const frame = document.createElement('iframe');
  frame.title = heading;
  frame.hidden = true;
  document.body.append(frame);
  const paper = frame.contentDocument!;
  paper.documentElement.lang = 'da';
  // The name that a browser proposes for a PDF.
  paper.title = heading;
  paper.body.append(
    element(paper, 'h1', heading),
    ...said.flatMap(({ head, lines }) => [element(paper, 'h2', head), ...lines.map((line) => element(paper, 'p', line))]),
  );
  frame.contentWindow!.addEventListener('afterprint', () => frame.remove());
  frame.contentWindow!.print();
}

function element(paper: Document, tag: string, text: string): HTMLElement {
  const made = paper.createElement(tag);
  made.dir = 'auto';
  made.textContent = text;
  return made;
}

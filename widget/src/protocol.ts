/** The messages between the widget and the web channel, and the reading of those that come in. */

import { texts } from './texts/texts.js';

export interface Button {
  title: string;
  payload: string;
  signature: string;
}

export interface ProfileArea {
  name: string;
  /** 0-100, or null when there were too few answers. */
  percent: number | null;
}

/** One of the offered times; `title` is that of its button. */
export interface OfferedTime {
  title: string;
  day: string;
  time: string;
}

export type Custom =
  | { type: 'profile'; areas: ProfileArea[] }
  | { type: 'booking'; calendarUrl: string }
  | { type: 'link'; title: string; url: string }
  /** A question of the assessment: its number from 1, and how many can come after it at most. */
  | { type: 'question'; number: number; left: number }
  | { type: 'times'; times: OfferedTime[] }
  /** The languages of the text's lines, in order. */
  | { type: 'languages'; lines: string[] };

export interface Message {
  from: 'bot' | 'citizen';
  /** The person who has written it in the bot's place. */
  author?: string;
  text: string;
  /** Seconds since 1970. */
  at: number;
  /** The same wherever and however often the message arrives. */
  id?: string;
  buttons: Button[];
  custom?: Custom;
}

/** What the citizen says: words they typed, or a button they chose. */
export type Said = { text: string } | { button: Button };

/** `easy`: the citizen wants the easier wording of questions. */
export type Outgoing = Said & { id: string; at: number; easy?: true };

export interface SessionConfirmation {
  token: string;
  /** The id of the message that the history begins behind; null when it is the whole conversation. */
  after: string | null;
  history: Message[];
}

/** `text`: what is kept of a message in which something was hidden. */
export type Acknowledgement =
  /** `seen`: a person sees that the citizen is writing. */
  | { ok: true; text?: string; seen?: true }
  /** `slower`: too much was said at once. */
  | { ok: false; error: 'no-session' | 'unavailable' | 'refused'; slower?: true };

/** The words that stand as the citizen's message. */
export function wordsOf(said: Said): string {
  return 'button' in said ? said.button.title : said.text;
}

/** Who said it, in words. */
export function speakerOf({ from, author }: Message): string {
  if (from === 'citizen') return texts.citizen;
  return author ? texts.person(author) : texts.digispor;
}

/** All that a message says, in lines of text: also what stands in it as a picture. */
export function linesOf({ text, custom }: Message): string[] {
  const areas = custom?.type === 'profile' ? custom.areas : [];
  const shares = areas.map(({ name, percent }) => `${name}: ${percent === null ? texts.noPercent : texts.percent(percent)}`);
  return [...text.split('\n'), ...shares];
}

/** What to read aloud of a message: its words, and the answers that can be chosen. */
export function aloud(message: Message): string[] {
  const titles = message.buttons.map(({ title }) => title);
  return titles.length ? [...linesOf(message), texts.youCanAnswer, ...titles] : linesOf(message);
}

/** Reads a message, leaving out what it cannot read; null when there is nothing to show. */
export function readMessage(data: unknown): Message | null {
  if (!isRecord(data) || typeof data.text !== 'string') return null;
  const message: Message = {
    from: data.from === 'citizen' ? 'citizen' : 'bot',
    text: data.text,
    at: typeof data.at === 'number' ? data.at : Date.now() / 1000,
    buttons: Array.isArray(data.buttons) ? data.buttons.filter(isButton) : [],
  };
  if (typeof data.id === 'string') message.id = data.id;
  if (message.from === 'bot' && typeof data.author === 'string' && data.author) message.author = data.author;
  const custom = readCustom(data.custom);
  if (custom) message.custom = custom;
  return message.text || message.buttons.length || message.custom ? message : null;
}

export function readConfirmation(data: unknown): SessionConfirmation | null {
  if (!isRecord(data) || typeof data.token !== 'string') return null;
  const history = Array.isArray(data.history) ? data.history : [];
  const after = typeof data.after === 'string' ? data.after : null;
  return { token: data.token, after, history: history.flatMap((entry) => readMessage(entry) ?? []) };
}

export function readAcknowledgement(data: unknown): Acknowledgement {
  if (isRecord(data) && data.ok === true) {
    return {
      ok: true,
      ...(typeof data.text === 'string' && { text: data.text }),
      ...(data.seen === true && { seen: true as const }),
    };
  }
  const error = isRecord(data) ? data.error : undefined;
  return {
    ok: false,
    error: error === 'no-session' || error === 'unavailable' ? error : 'refused',
    ...(isRecord(data) && data.slower === true && { slower: true as const }),
  };
}

/** Who is writing: a person's name, or "" for the assistant; null for nobody. */
export type Typist = string | null;

export function readTyping(data: unknown): Typist {
  if (!isRecord(data) || data.typing !== true) return null;
  return typeof data.author === 'string' ? data.author : '';
}

/** Reads what was stored in the browser, which anyone may have changed. */
export function isOutgoing(data: unknown): data is Outgoing {
  return (
    isRecord(data) &&
    typeof data.id === 'string' &&
    typeof data.at === 'number' &&
    (typeof data.text === 'string' || isButton(data.button))
  );
}

function readCustom(data: unknown): Custom | null {
  if (!isRecord(data)) return null;
  if (data.type === 'profile' && Array.isArray(data.areas)) {
    return { type: 'profile', areas: data.areas.filter(isArea) };
  }
  if (data.type === 'booking' && isWebAddress(data.calendar_url)) {
    return { type: 'booking', calendarUrl: data.calendar_url };
  }
  if (data.type === 'link' && typeof data.title === 'string' && isWebAddress(data.url)) {
    return { type: 'link', title: data.title, url: data.url };
  }
  if (data.type === 'question' && isCount(data.number) && isCount(data.left)) {
    return { type: 'question', number: data.number, left: data.left };
  }
  if (data.type === 'times' && Array.isArray(data.times)) {
    return { type: 'times', times: data.times.filter(isOfferedTime) };
  }
  if (data.type === 'languages' && Array.isArray(data.lines)) {
    return { type: 'languages', lines: data.lines.filter((line) => typeof line === 'string') };
  }
  return null;
}

function isRecord(data: unknown): data is Record<string, unknown> {
  return typeof data === 'object' && data !== null;
}

function isButton(data: unknown): data is Button {
  return (
    isRecord(data) &&
    typeof data.title === 'string' &&
    typeof data.payload === 'string' &&
    typeof data.signature === 'string'
  );
}

function isArea(data: unknown): data is ProfileArea {
  return (
    isRecord(data) &&
    typeof data.name === 'string' &&
    (data.percent === null || (typeof data.percent === 'number' && data.percent >= 0 && data.percent <= 100))
  );
}

function isOfferedTime(data: unknown): data is OfferedTime {
  return (
    isRecord(data) &&
    typeof data.title === 'string' &&
    typeof data.day === 'string' &&
    typeof data.time === 'string'
  );
}

function isCount(data: unknown): data is number {
  return Number.isInteger(data) && (data as number) >= 0;
}

/** Only web addresses become links: "javascript:" and the like never do. */
function isWebAddress(data: unknown): data is string {
  return typeof data === 'string' && /^https?:\/\//i.test(data);
}

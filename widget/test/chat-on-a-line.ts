import { afterEach, beforeEach, vi } from 'vitest';
import type { Listener } from '../src/connection.js';
import { DigisporChat } from '../src/digispor-chat.js';
import type { Memory } from '../src/memory.js';
import type { Button, Message, Outgoing } from '../src/protocol.js';
import type { Line } from '../src/talk.js';

/** The chat on a line that the test holds the other end of. */
export class ChatOnALine extends DigisporChat {
  static lines: FakeLine[] = [];

  protected override connect(address: URL, memory: Memory, listener: Listener): Line {
    const line = new FakeLine(address, memory, listener);
    ChatOnALine.lines.push(line);
    return line;
  }
}
customElements.define('chat-on-a-line', ChatOnALine);

export class FakeLine implements Line {
  readonly unsent: readonly Outgoing[] = [];
  readonly sent: Outgoing[] = [];
  isClosed = false;

  constructor(
    readonly address: URL,
    readonly memory: Memory,
    readonly listener: Listener,
  ) {}

  send(message: Outgoing): void {
    this.sent.push(message);
  }
  wakings = 0;
  writings = 0;

  async writes(): Promise<void> {
    this.writings += 1;
  }

  async wake(): Promise<void> {
    this.wakings += 1;
  }
  close(): void {
    this.isClosed = true;
  }
}

export const yes: Button = { title: 'Ja', payload: '/affirm', signature: 'a' };
export const no: Button = { title: 'Nej', payload: '/deny', signature: 'b' };
export const bot = (text: string, more: Partial<Message> = {}): Message => ({ from: 'bot', text, at: 1, buttons: [], ...more });

export let chat: ChatOnALine;
export let line: FakeLine;

export async function put(attributes: Record<string, string> = {}): Promise<void> {
  chat = document.createElement('chat-on-a-line') as ChatOnALine;
  for (const [name, value] of Object.entries(attributes)) chat.setAttribute(name, value);
  document.body.append(chat);
  line = ChatOnALine.lines.at(-1)!;
  await chat.updateComplete;
}

export async function hear(...messages: Message[]): Promise<void> {
  for (const message of messages) line.listener.uttered(message);
  await chat.updateComplete;
}

export async function write(text: string, key: KeyboardEventInit = { key: 'Enter' }): Promise<void> {
  const input = find<HTMLTextAreaElement>('textarea');
  input.value = text;
  input.dispatchEvent(new Event('input'));
  input.dispatchEvent(new KeyboardEvent('keydown', { cancelable: true, ...key }));
  await chat.updateComplete;
}

export async function click(element: HTMLElement): Promise<void> {
  element.click();
  await chat.updateComplete;
}

export const find = <T extends HTMLElement = HTMLElement>(selector: string): T => chat.renderRoot.querySelector<T>(selector)!;
export const all = (selector: string): HTMLElement[] => [...chat.renderRoot.querySelectorAll<HTMLElement>(selector)];
export const textsOf = (selector: string): string[] => all(selector).map((element) => element.textContent!.trim());

/** Puts a fresh chat on the page before each test of a file, and takes it away after. */
export function freshChatForEachTest(): void {
  beforeEach(async () => {
    localStorage.clear();
    sessionStorage.clear();
    ChatOnALine.lines = [];
    await put({ address: 'https://chat.kommune.example', title: 'Digispor hos kommunen' });
  });
  afterEach(() => {
    chat.remove();
    vi.useRealTimers();
  });
}

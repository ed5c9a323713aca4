import { Connection, type Listener } from './connection.js';
import * as conversations from './conversation.js';
import type { Conversation } from './conversation.js';
import { BrowserMemory, type Memory } from './memory.js';
import type { Message, Outgoing, Said, Typist } from './protocol.js';

/** What a talk needs of a connection. */
export type Line = Pick<Connection, 'unsent' | 'send' | 'writes' | 'wake' | 'close'>;

/** Opens a line to the chat server. */
export type Connect = (address: URL, memory: Memory, listener: Listener) => Line;

/** Who shows the talk. */
export interface Audience {
  conversationChanged(conversation: Conversation): void;
  heard(message: Message): void;
  typing(typist: Typist): void;
}

/** One citizen's talk with the assistant on this device, in however many tabs and over however many connections. */
export class Talk {
  readonly memory: BrowserMemory;
  private current = conversations.begun([]);
  private line: Line | undefined;
  private waitsForAnotherTab = false;

  constructor(
    private readonly address: URL,
    private readonly connect: Connect,
    private readonly audience: Audience,
  ) {
    this.memory = new BrowserMemory(address.href);
  }

  get hasUnsent(): boolean {
    return this.line !== undefined && this.line.unsent.length > 0;
  }

  /** Opens the line, unless it is open. */
  pickUp(): void {
    if (this.line) return;
    this.waitsForAnotherTab = false;
    this.line = this.connect(this.address, this.memory, {
      latestConfirmed: () => conversations.latestConfirmed(this.current),
      sessionConfirmed: (history, after) => this.become(conversations.confirmed(this.current, history, after)),
      uttered: (message) => this.hear(message),
      delivered: (id, delivery, kept) => this.become(conversations.delivered(this.current, id, delivery, kept)),
      connectionLost: () => this.become(conversations.lost(this.current)),
      typing: (typist) => this.audience.typing(typist),
    });
    this.become(conversations.begun(this.line.unsent));
  }

  hangUp(): void {
    this.line?.close();
    this.line = undefined;
    this.audience.typing(null);
  }

  say(said: Said): void {
    const outgoing: Outgoing = { ...said, id: newId(), at: Date.now() / 1000 };
    if (this.memory.preferences.easy) outgoing.easy = true;
    this.become(conversations.said(this.current, outgoing));
    this.line?.send(outgoing);
  }

  /** The citizen is writing something. */
  writes(): void {
    void this.line?.writes();
  }

  /** Makes sure of the line: the phone has woken up, or its network has changed. */
  wake(): void {
    if (this.line) void this.line.wake();
    else this.pickUp();
  }

  /** Forgets the conversation on this device and begins another. */
  forget(): void {
    this.hangUp();
    this.memory.forget();
    this.pickUp();
  }

  /** Follows the other tabs when one of them forgets the conversation, or begins another. */
  rememberOtherTabs(event: StorageEvent): void {
    const change = this.memory.changeOfConversation(event);
    if (change === 'forgotten' && this.line) {
      this.waitsForAnotherTab = true;
      this.hangUp();
      this.memory.forget();
      this.become(conversations.begun([]));
    } else if (change === 'known' && this.waitsForAnotherTab) {
      this.pickUp();
    }
  }

  private hear(message: Message): void {
    const before = this.current;
    this.become(conversations.uttered(before, message));
    if (this.current !== before) this.audience.heard(message);
  }

  private become(conversation: Conversation): void {
    this.current = conversation;
    this.audience.conversationChanged(conversation);
  }
}

/** A new id that the channel takes, also on pages where `crypto.randomUUID` is not to be had. */
function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `w-${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

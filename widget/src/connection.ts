import { io, type Socket } from 'socket.io-client';
import type { Memory } from './memory.js';
import { Outbox } from './outbox.js';
import {
  readAcknowledgement,
  readConfirmation,
  readMessage,
  readTyping,
  type Acknowledgement,
  type Message,
  type Outgoing,
  type Typist,
} from './protocol.js';

/** waiting: kept until it can be sent; slowed: so, because too much was said at once; sending: on its way; sent: the server has stored it; refused: it never will. */
export type Delivery = 'waiting' | 'slowed' | 'sending' | 'sent' | 'refused';

/** Who hears what happens on a connection. */
export interface Listener {
  /** The id of the latest message that is known to be whole and in order; null for none. */
  latestConfirmed(): string | null;
  sessionConfirmed(history: Message[], after: string | null): void;
  uttered(message: Message): void;
  typing(typist: Typist): void;
  /** `kept` is the message as the server keeps it, when something in it was hidden. */
  delivered(id: string, delivery: Delivery, kept?: string): void;
  connectionLost(): void;
}

export interface Waiting {
  /** How long the server may take to answer, in milliseconds. It answers a message when the turn is over. */
  answer: number;
  /** How long to wait before trying again, in milliseconds. */
  retry: number;
  /** How long that wait may grow while the server stays away, in milliseconds. */
  longestRetry: number;
  /** How long a connection that may have died in the phone's sleep has to show that it lives, in milliseconds. */
  signOfLife: number;
  /** How often a person who sees it is told that the citizen is writing, in milliseconds. */
  seenTyping: number;
  /** How long before it is told again that the citizen is writing, when nobody saw it, in milliseconds. */
  unseenTyping: number;
}

const WAITING: Waiting = { answer: 30_000, retry: 1_000, longestRetry: 10_000, signOfLife: 5_000, seenTyping: 3_000, unseenTyping: 30_000 };

/**
 * A conversation over Socket.IO that survives lost networks, restarted servers and reloaded pages.
 *
 * Messages go one at a time, each with its own id, and stay in the outbox until the server confirms that it has stored
 * them. The server knows an id it has heard before, so that sending again never says anything twice.
 */
export class Connection {
  private readonly socket: Socket;
  private readonly outbox: Outbox;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private hasSession = false;
  private beginsAnew = false;
  private isSending = false;
  private typingIsToldAt = 0;

  constructor(
    address: URL,
    private readonly memory: Memory,
    private readonly listener: Listener,
    private readonly waiting: Waiting = WAITING,
  ) {
    this.outbox = new Outbox(memory);
    this.socket = io(address.origin, {
      path: `${address.pathname.replace(/\/$/, '')}/socket.io`,
      // Another connection to the same address keeps its own session.
      forceNew: true,
      reconnectionDelay: waiting.retry,
      reconnectionDelayMax: waiting.longestRetry,
    });
    this.socket.on('connect', () => void this.requestSession());
    this.socket.on('connect_error', () => this.lost());
    this.socket.on('disconnect', () => this.lost());
    this.socket.on('session_confirm', (data: unknown, receipt: unknown) => {
      this.confirmed(data);
      acknowledge(receipt);
    });
    this.socket.on('bot_typing', (data: unknown) => {
      if (!this.hasSession) return;
      const typist = readTyping(data);
      listener.typing(typist);
      if (typist) this.typingIsToldAt = 0;
    });
    this.socket.on('bot_uttered', (data: unknown, receipt: unknown) => {
      // It was said in a conversation that is being left, or comes with the history.
      if (!this.hasSession) return;
      const message = readMessage(data);
      if (message) listener.uttered(message);
      if (message?.author) this.typingIsToldAt = 0;
      acknowledge(receipt);
    });
  }

  /** What is still to be sent, from before a reload too. */
  get unsent(): readonly Outgoing[] {
    return this.outbox.all;
  }

  /** Sends a message as soon as its turn comes. */
  send(message: Outgoing): void {
    this.outbox.add(message);
    this.listener.delivered(message.id, 'waiting');
    void this.sendOutbox();
  }

  /** Tells that the citizen is writing, as often as it is of use to somebody. */
  async writes(): Promise<void> {
    const now = Date.now();
    if (!this.hasSession || now < this.typingIsToldAt) return;
    this.typingIsToldAt = now + this.waiting.unseenTyping;
    const answer = await this.ask('user_typing', {}, this.waiting.signOfLife);
    if (answer?.ok && answer.seen) this.typingIsToldAt = now + this.waiting.seenTyping;
  }

  /** Makes sure of the connection at once: the phone has woken up, or its network has changed. */
  async wake(): Promise<void> {
    if (this.socket.connected) {
      // The answer also brings what was said meanwhile.
      if (await this.askForSession(this.waiting.signOfLife)) return;
    }
    this.socket.disconnect();
    this.socket.connect();
  }

  close(): void {
    this.hasSession = false;
    clearTimeout(this.retry);
    this.socket.off();
    this.socket.disconnect();
  }

  private async requestSession(): Promise<void> {
    const answer = await this.askForSession(this.waiting.answer);
    if (!answer?.ok && this.socket.connected) this.later(() => void this.requestSession());
  }

  private askForSession(within: number): Promise<Acknowledgement | null> {
    const { token, link } = this.memory;
    this.beginsAnew = !token && !link;
    const request = { token, link, after: this.listener.latestConfirmed() };
    return this.ask('session_request', request, within);
  }

  private confirmed(data: unknown): void {
    const confirmation = readConfirmation(data);
    if (!confirmation) return;
    // A tab that was opened at the same moment has begun a conversation; this one goes on in that.
    const others = this.beginsAnew ? this.memory.token : null;
    // What comes without being asked for belongs to the conversation that is on.
    this.beginsAnew = false;
    if (others && others !== confirmation.token) {
      this.hasSession = false;
      return void this.requestSession();
    }
    this.memory.token = confirmation.token;
    this.memory.link = undefined;
    // The server may have stored a message whose acknowledgement got lost.
    for (const { id } of confirmation.history) if (id) this.outbox.remove(id);
    this.hasSession = true;
    this.listener.sessionConfirmed(confirmation.history, confirmation.after);
    void this.sendOutbox();
  }

  private async sendOutbox(): Promise<void> {
    if (this.isSending) return;
    this.isSending = true;
    while (this.hasSession && this.outbox.first) await this.sendOne(this.outbox.first);
    this.isSending = false;
  }

  private async sendOne(message: Outgoing): Promise<void> {
    this.listener.delivered(message.id, 'sending');
    const { at: _, ...said } = message;
    const answer = await this.ask('user_uttered', said);
    if (answer?.ok) return this.settle(message, 'sent', answer.text);
    if (answer?.error === 'refused') return this.settle(message, 'refused');
    this.listener.delivered(message.id, answer?.slower ? 'slowed' : 'waiting');
    if (answer?.error === 'no-session') {
      this.hasSession = false;
      await this.requestSession();
    } else if (answer) {
      await new Promise((resolve) => setTimeout(resolve, this.waiting.retry));
    }
  }

  private settle(message: Outgoing, delivery: Delivery, kept?: string): void {
    this.outbox.remove(message.id);
    this.listener.delivered(message.id, delivery, kept);
  }

  /** Asks the server; null when no answer came because the connection broke or time ran out. */
  private async ask(event: string, data: unknown, within = this.waiting.answer): Promise<Acknowledgement | null> {
    if (!this.socket.connected) return null;
    try {
      return readAcknowledgement(await this.socket.timeout(within).emitWithAck(event, data));
    } catch {
      return null;
    }
  }

  private lost(): void {
    this.hasSession = false;
    this.listener.typing(null);
    this.listener.connectionLost();
    // Socket.IO comes back by itself, except when the server has said goodbye.
    if (!this.socket.active) this.later(() => this.socket.connect());
  }

  private later(action: () => void): void {
    clearTimeout(this.retry);
    this.retry = setTimeout(action, this.waiting.retry);
  }
}

/** Tells the server that something is shown, where it asks to be told. */
function acknowledge(receipt: unknown): void {
  if (typeof receipt === 'function') receipt();
}

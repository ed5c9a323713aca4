import { afterEach, beforeEach } from 'vitest';
import { Connection, type Delivery, type Listener } from '../src/connection.js';
import type { Memory } from '../src/memory.js';
import type { Message, Outgoing, Typist } from '../src/protocol.js';
import { ChatServer } from './chat-server.js';

const QUICKLY = { answer: 300, retry: 20, longestRetry: 40, signOfLife: 100, seenTyping: 0, unseenTyping: 60_000 };

/** Notes what is heard on a connection. */
export class Notes implements Listener {
  readonly histories: string[][] = [];
  readonly heard: Message[] = [];
  readonly typings: Typist[] = [];
  readonly deliveries: [string, Delivery][] = [];
  readonly kept: [string, string][] = [];
  losses = 0;
  latest: string | null = null;

  latestConfirmed(): string | null {
    return this.latest;
  }
  sessionConfirmed(history: Message[]): void {
    this.histories.push(history.map(({ text }) => text));
  }
  uttered(message: Message): void {
    this.heard.push(message);
  }
  typing(typing: Typist): void {
    this.typings.push(typing);
  }
  delivered(id: string, delivery: Delivery, kept?: string): void {
    if (kept !== undefined) this.kept.push([id, kept]);
    this.deliveries.push([id, delivery]);
  }
  connectionLost(): void {
    this.losses += 1;
  }
  deliveriesOf(id: string): Delivery[] {
    return this.deliveries.filter(([of]) => of === id).map(([, delivery]) => delivery);
  }
}

export let server: ChatServer;
export let memory: Memory;
let open: Connection[];

export function connect({ notes = new Notes(), path = '', waiting = {} } = {}): { notes: Notes; connection: Connection } {
  const connection = new Connection(new URL(path, server.url), memory, notes, { ...QUICKLY, ...waiting });
  open.push(connection);
  return { notes, connection };
}

export function typed(id: string): Outgoing {
  return { id, at: 1, text: `text of ${id}` };
}

export const heardIds = (): string[] => server.heard.map(({ id }) => id);

/** Starts a server before each test of a file, and ends it and all connections after. */
export function freshServerForEachTest(): void {
  beforeEach(async () => {
    open = [];
    memory = { token: null, unsent: [] };
    server = new ChatServer();
    await server.start();
  });
  afterEach(async () => {
    for (const connection of open) connection.close();
    await server.stop();
  });
}

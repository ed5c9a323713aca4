import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Connection, type Delivery, type Listener } from '../src/connection.js';
import type { Memory } from '../src/memory.js';
import type { Message, Outgoing, Typist } from '../src/protocol.js';
import { ChatServer } from './chat-server.js';

const QUICKLY = { answer: 300, retry: 20, longestRetry: 40, signOfLife: 100, seenTyping: 0, unseenTyping: 60_000 };

class Notes implements Listener {
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

let server: ChatServer;
let memory: Memory;
let open: Connection[];

function connect(notes = new Notes()): { notes: Notes; connection: Connection } {
  const connection = new Connection(server.url, memory, notes, QUICKLY);
  open.push(connection);
  return { notes, connection };
}

function typed(id: string): Outgoing {
  return { id, at: 1, text: `text of ${id}` };
}

const heardIds = (): string[] => server.heard.map(({ id }) => id);

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

describe('a session', () => {
  test('is asked for without a token the first time, and the token is remembered', async () => {
    const { notes } = connect();
    await vi.waitFor(() => expect(notes.histories).toEqual([[]]));
    expect(server.tokens).toEqual([null]);
    expect(memory.token).toBe('a-token');
  });

  test('goes on after a reload, with its history', async () => {
    const before = connect();
    before.connection.send(typed('one'));
    await vi.waitFor(() => expect(before.notes.deliveriesOf('one')).toContain('sent'));
    before.connection.close();

    const { notes } = connect();
    await vi.waitFor(() => expect(notes.histories).toEqual([['text of one']]));
    expect(server.tokens).toEqual([null, 'a-token']);
  });

  test('is that of another tab which has begun one meanwhile', async () => {
    server.asked = () => (memory.token = 'a-token of another tab');
    const { notes, connection } = connect();
    connection.send(typed('one'));
    await vi.waitFor(() => expect(notes.deliveriesOf('one')).toContain('sent'));
    expect(server.tokens).toEqual([null, 'a-token of another tab']);
    expect(memory.token).toBe('a-token of another tab');
    expect(notes.histories).toHaveLength(1);
  });

  test('is shown anew when the server says so without being asked', async () => {
    const { notes } = connect();
    await vi.waitFor(() => expect(notes.histories).toEqual([[]]));
    server.confirm({ token: 'a-token signed later', after: null, history: [{ from: 'bot', text: 'Nu er det slettet' }] });
    await vi.waitFor(() => expect(notes.histories).toEqual([[], ['Nu er det slettet']]));
    expect(server.tokens).toEqual([null]);
  });

  test('shows nothing that is said before it is confirmed', async () => {
    const { notes } = connect();
    await vi.waitFor(() => expect(notes.histories).toEqual([[]]));
    server.asked = () => {
      server.typing(true);
      server.say({ text: 'Hej fra en anden samtale' });
    };
    server.sendAway();
    await vi.waitFor(() => expect(notes.histories).toHaveLength(2));
    expect(notes.typings.filter((typist) => typist !== null)).toEqual([]);
    expect(notes.heard).toEqual([]);
  });

  test('is taken up again when the server has been restarted', async () => {
    const { notes } = connect();
    await vi.waitFor(() => expect(notes.histories).toHaveLength(1));
    await server.stop();
    await vi.waitFor(() => expect(notes.losses).toBeGreaterThan(0));
    await server.start();
    await vi.waitFor(() => expect(notes.histories).toHaveLength(2));
  });

  test('is taken up again when the server has said goodbye', async () => {
    const { notes } = connect();
    await vi.waitFor(() => expect(notes.histories).toHaveLength(1));
    server.sendAway();
    await vi.waitFor(() => expect(notes.histories).toHaveLength(2));
  });

  test('is found below a path', async () => {
    await server.stop();
    await server.start('/chat/socket.io');
    const notes = new Notes();
    const connection = new Connection(new URL('chat/', server.url), memory, notes, QUICKLY);
    open.push(connection);
    await vi.waitFor(() => expect(notes.histories).toHaveLength(1));
  });

  test('is asked for from the latest message that is known', async () => {
    const notes = new Notes();
    notes.latest = 'one';
    server.heard.push(typed('one'), typed('two'));
    connect(notes);
    await vi.waitFor(() => expect(notes.histories).toEqual([['text of two']]));
  });

  test('shows that it lives when the phone wakes up, and brings what was said meanwhile', async () => {
    const { notes, connection } = connect();
    await vi.waitFor(() => expect(notes.histories).toHaveLength(1));
    server.heard.push(typed('meanwhile'));
    await connection.wake();
    expect(notes.histories).toEqual([[], ['text of meanwhile']]);
    expect(notes.losses).toBe(0);
  });

  test('that died in the phone’s sleep is opened anew when it wakes up', async () => {
    const { notes, connection } = connect();
    await vi.waitFor(() => expect(notes.histories).toHaveLength(1));
    server.isDeaf = true;
    const waking = connection.wake();
    await vi.waitFor(() => expect(notes.losses).toBe(1));
    server.isDeaf = false;
    await waking;
    await vi.waitFor(() => expect(notes.histories).toHaveLength(2));
  });

  test('is tried at once when the network is back, however long the wait has grown', async () => {
    await server.stop();
    const notes = new Notes();
    const patient = { ...QUICKLY, retry: 60_000, longestRetry: 60_000 };
    const connection = new Connection(server.url, memory, notes, patient);
    open.push(connection);
    await vi.waitFor(() => expect(notes.losses).toBe(1));
    await server.start();
    await connection.wake();
    await vi.waitFor(() => expect(notes.histories).toHaveLength(1));
  });

  test('is not opened again once the connection is closed', async () => {
    const { notes, connection } = connect();
    await vi.waitFor(() => expect(notes.histories).toHaveLength(1));
    connection.close();
    connect();
    await vi.waitFor(() => expect(server.tokens).toHaveLength(2));
    expect(notes.histories).toHaveLength(1);
    expect(notes.losses).toBe(0);
  });
});

describe('a message', () => {
  test('is shown as it is kept when the server has hidden something in it', async () => {
    server.hidden = '[CPR-nummer fjernet]';
    const { notes, connection } = connect();
    connection.send(typed('one'));
    await vi.waitFor(() => expect(notes.kept).toEqual([['one', '[CPR-nummer fjernet]']]));
    expect(memory.unsent).toEqual([]);
  });

  test('is sent when the server has acknowledged it', async () => {
    const { notes, connection } = connect();
    connection.send(typed('one'));
    await vi.waitFor(() => expect(notes.deliveriesOf('one')).toEqual(['waiting', 'sending', 'sent']));
    expect(server.heard).toEqual([{ id: 'one', text: 'text of one' }]);
    expect(connection.unsent).toEqual([]);
    expect(memory.unsent).toEqual([]);
  });

  test('carries the whole button that was chosen', async () => {
    const { notes, connection } = connect();
    const button = { title: 'Ja', payload: '/affirm', signature: 'signed' };
    connection.send({ id: 'one', at: 1, button });
    await vi.waitFor(() => expect(notes.deliveriesOf('one')).toContain('sent'));
    expect(server.heard).toEqual([{ id: 'one', button }]);
  });

  test('waits for the one before it', async () => {
    const { notes, connection } = connect();
    await vi.waitFor(() => expect(notes.histories).toHaveLength(1));
    for (const id of ['one', 'two', 'three']) connection.send(typed(id));
    await vi.waitFor(() => expect(notes.deliveriesOf('three')).toContain('sent'));
    expect(server.arrived).toEqual(['one', 'two', 'three']);
    const order = notes.deliveries.map(([id, delivery]) => `${id} ${delivery}`);
    expect(order.indexOf('one sent')).toBeLessThan(order.indexOf('two sending'));
    expect(order.indexOf('two sent')).toBeLessThan(order.indexOf('three sending'));
  });

  test('written while the server is away is sent once and in order when it is back', async () => {
    const { notes, connection } = connect();
    await vi.waitFor(() => expect(notes.histories).toHaveLength(1));
    await server.stop();
    await vi.waitFor(() => expect(notes.losses).toBeGreaterThan(0));
    for (const id of ['one', 'two', 'three']) connection.send(typed(id));
    expect(notes.deliveriesOf('one')).toEqual(['waiting']);
    expect(memory.unsent.map(({ id }) => id)).toEqual(['one', 'two', 'three']);
    await server.start();
    await vi.waitFor(() => expect(notes.deliveriesOf('three')).toContain('sent'));
    expect(heardIds()).toEqual(['one', 'two', 'three']);
    expect(server.arrived).toEqual(['one', 'two', 'three']);
  });

  test('written before a reload is sent after it', async () => {
    await server.stop();
    const before = connect();
    before.connection.send(typed('one'));
    before.connection.close();
    await server.start();

    const { notes, connection } = connect();
    expect(connection.unsent).toEqual([typed('one')]);
    await vi.waitFor(() => expect(notes.deliveriesOf('one')).toContain('sent'));
    expect(heardIds()).toEqual(['one']);
  });

  test('that the server has stored is not sent again when the acknowledgement was lost', async () => {
    const { notes, connection } = connect();
    server.breaksBeforeAcknowledging = true;
    connection.send(typed('one'));
    connection.send(typed('two'));
    await vi.waitFor(() => expect(notes.deliveriesOf('two')).toContain('sent'));
    expect(server.arrived).toEqual(['one', 'two']);
    expect(notes.histories).toEqual([[], ['text of one']]);
    expect(memory.unsent).toEqual([]);
  });

  test('is sent again with the same id when no answer comes', async () => {
    server.refusals.push(null);
    const { notes, connection } = connect();
    connection.send(typed('one'));
    await vi.waitFor(() => expect(notes.deliveriesOf('one')).toContain('sent'));
    expect(server.arrived).toEqual(['one', 'one']);
    expect(heardIds()).toEqual(['one']);
  });

  test('is sent again a little later when the assistant is not available', async () => {
    server.refusals.push('unavailable', 'unavailable');
    const { notes, connection } = connect();
    connection.send(typed('one'));
    await vi.waitFor(() => expect(notes.deliveriesOf('one')).toContain('sent'));
    expect(heardIds()).toEqual(['one']);
  });

  test('says that it waits when it was too much at once, and is sent in its turn', async () => {
    server.refusals.push('', 'slower', 'slower');
    const { notes, connection } = connect();
    connection.send(typed('one'));
    connection.send(typed('two'));
    connection.send(typed('three'));
    await vi.waitFor(() => expect(notes.deliveriesOf('three')).toContain('sent'));
    expect(notes.deliveriesOf('two')).toContain('slowed');
    expect(heardIds()).toEqual(['one', 'two', 'three']);
    expect(memory.unsent).toEqual([]);
  });

  test('is sent again in a new session when the server knows of none', async () => {
    server.refusals.push('no-session');
    const { notes, connection } = connect();
    connection.send(typed('one'));
    await vi.waitFor(() => expect(notes.deliveriesOf('one')).toContain('sent'));
    expect(server.tokens).toEqual([null, 'a-token']);
  });

  test.each(['unknown-button', 'invalid', 'something new'])('refused as %s does not hold up the next', async (error) => {
    server.refusals.push(error);
    const { notes, connection } = connect();
    connection.send(typed('one'));
    connection.send(typed('two'));
    await vi.waitFor(() => expect(notes.deliveriesOf('two')).toContain('sent'));
    expect(notes.deliveriesOf('one').at(-1)).toBe('refused');
    expect(heardIds()).toEqual(['two']);
    expect(memory.unsent).toEqual([]);
  });
});

describe('what the bot does', () => {
  test('is passed on, and what cannot be read is left out', async () => {
    const { notes } = connect();
    await vi.waitFor(() => expect(notes.histories).toHaveLength(1));
    for (const odd of [null, 'text', { from: 'bot' }, { from: 'bot', text: 7 }]) server.say(odd);
    server.say({ from: 'bot', text: 'Hej', at: 5, buttons: [{ title: 'Ja', payload: '/affirm', signature: 's' }, { title: 'Nej' }] });
    await vi.waitFor(() => expect(notes.heard).toHaveLength(1));
    expect(notes.heard[0]).toEqual({
      from: 'bot',
      text: 'Hej',
      at: 5,
      buttons: [{ title: 'Ja', payload: '/affirm', signature: 's' }],
    });
  });

  test('a person who is writing is told with their name', async () => {
    const { notes } = connect();
    await vi.waitFor(() => expect(notes.histories).toHaveLength(1));
    server.typing(true, 'Anna Holm');
    await vi.waitFor(() => expect(notes.typings).toEqual(['Anna Holm']));
  });

  test('that the citizen is writing is told once while nobody sees it, and again and again to a person', async () => {
    const { notes, connection } = connect();
    await connection.writes();
    expect(server.writings).toBe(0);
    await vi.waitFor(() => expect(notes.histories).toHaveLength(1));
    for (let times = 0; times < 3; times += 1) await connection.writes();
    expect(server.writings).toBe(1);
    server.seesWriting = true;
    server.say({ from: 'bot', author: 'Anna Holm', text: 'Hej' });
    await vi.waitFor(() => expect(notes.heard).toHaveLength(1));
    for (let times = 0; times < 3; times += 1) await connection.writes();
    expect(server.writings).toBe(4);
  });

  test('typing ends when the connection does', async () => {
    const { notes } = connect();
    await vi.waitFor(() => expect(notes.histories).toHaveLength(1));
    server.typing(true);
    await vi.waitFor(() => expect(notes.typings).toEqual(['']));
    await server.stop();
    await vi.waitFor(() => expect(notes.typings.at(-1)).toBe(null));
  });
});

import { describe, expect, test, vi } from 'vitest';
import { connect, freshServerForEachTest, heardIds, memory, server, typed } from './connections.js';

freshServerForEachTest();

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

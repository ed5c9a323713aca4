import { describe, expect, test, vi } from 'vitest';
import { connect, freshServerForEachTest, memory, Notes, server, typed } from './connections.js';

freshServerForEachTest();

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
    const { notes } = connect({ path: 'chat/' });
    await vi.waitFor(() => expect(notes.histories).toHaveLength(1));
  });

  test('is asked for from the latest message that is known', async () => {
    const notes = new Notes();
    notes.latest = 'one';
    server.heard.push(typed('one'), typed('two'));
    connect({ notes });
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
    const { notes, connection } = connect({ waiting: { retry: 60_000, longestRetry: 60_000 } });
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

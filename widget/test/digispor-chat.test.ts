// @vitest-environment happy-dom
import { describe, expect, test, vi } from 'vitest';
import { texts } from '../src/texts/texts.js';
import { ChatOnALine, all, bot, chat, click, find, freshChatForEachTest, hear, line, put, textsOf, write, yes } from './chat-on-a-line.js';

freshChatForEachTest();

describe('writing', () => {
  test('Enter sends, and the input is empty and keeps the focus', async () => {
    await write('  Hej  ');
    expect(line.sent).toMatchObject([{ text: 'Hej' }]);
    expect(find<HTMLTextAreaElement>('textarea').value).toBe('');
    expect(chat.shadowRoot!.activeElement).toBe(find('textarea'));
  });

  test.each([
    ['Shift and Enter', { key: 'Enter', shiftKey: true }],
    ['Enter that ends a composed letter', { key: 'Enter', isComposing: true }],
    ['any other key', { key: 'a' }],
  ])('%s does not send', async (_, key) => {
    await write('Hej', key);
    expect(line.sent).toEqual([]);
    expect(find<HTMLTextAreaElement>('textarea').value).toBe('Hej');
  });

  test.each(['', '   ', '\n\n'])('nothing is sent when nothing is written: %j', async (nothing) => {
    await write(nothing);
    expect(line.sent).toEqual([]);
  });

  test('every message has an id of its own that the channel takes', async () => {
    await write('en');
    await write('to');
    const ids = line.sent.map(({ id }) => id);
    expect(new Set(ids).size).toBe(2);
    for (const id of ids) expect(id).toMatch(/^(?=.*[a-z])[\w.:-]{1,100}$/);
  });

  test('the limit is told when it is near, in characters as people count them', async () => {
    const typing = { key: 'a' };
    await write('👍'.repeat(899), typing);
    expect(textsOf('.counter')).toEqual(['']);
    await write('👍'.repeat(999), typing);
    expect(textsOf('.counter')).toEqual(['Der er plads til 1 tegn mere.']);
  });

  test('too much is kept and not sent', async () => {
    const long = 'x'.repeat(1012);
    await write(long);
    expect(line.sent).toEqual([]);
    expect(find<HTMLTextAreaElement>('textarea').value).toBe(long);
    expect(find('textarea').getAttribute('aria-invalid')).toBe('true');
    expect(textsOf('.counter')).toEqual(['Beskeden er 12 tegn for lang. Del den gerne i to.']);
    await write('x'.repeat(1000));
    expect(line.sent).toHaveLength(1);
  });

  test('the ways back, on and out are one tap away', async () => {
    const ways = ['Tilbage', 'Spring over', 'Hjælp', 'Pause', 'Tal med et menneske'];
    expect(textsOf('.quick-reply')).toEqual(ways);
    for (const button of all('.quick-reply')) await click(button);
    expect(line.sent.map((said) => 'text' in said && said.text)).toEqual(ways);
  });
});

describe('the state of things', () => {
  const status = (): string => find('.status [role=status]').textContent!.trim();

  test('tells of a lost connection, with the page’s own words on what to do, and when it is back', async () => {
    chat.textContent = 'Ring til os';
    line.listener.sessionConfirmed([], null);
    await chat.updateComplete;
    expect(status()).toBe('');
    const fallback = find('slot').parentElement!;
    expect(fallback.hidden).toBe(true);
    line.listener.connectionLost();
    await chat.updateComplete;
    expect(status()).toBe(texts.lost);
    expect(fallback.hidden).toBe(false);
    line.listener.sessionConfirmed([], null);
    await chat.updateComplete;
    expect(status()).toBe(texts.restored);
    expect(fallback.hidden).toBe(true);
  });

  test('tells whether a message is sent: the last one, and every one that is not', async () => {
    await write('en');
    await write('to');
    await write('tre');
    const [one, two, three] = line.sent.map(({ id }) => id);
    line.listener.delivered(one!, 'sent');
    line.listener.delivered(two!, 'refused');
    line.listener.delivered(three!, 'sending');
    await chat.updateComplete;
    expect(textsOf('.delivery')).toEqual([texts.delivery.refused, texts.delivery.sending]);
    line.listener.delivered(three!, 'sent');
    await chat.updateComplete;
    expect(textsOf('.delivery')).toEqual([texts.delivery.refused, texts.delivery.sent]);
  });

  test('tells that the assistant is typing only when it takes a while', async () => {
    vi.useFakeTimers();
    line.listener.sessionConfirmed([], null);
    line.listener.typing('');
    line.listener.typing(null);
    vi.advanceTimersByTime(5000);
    await chat.updateComplete;
    expect(status()).toBe('');
    line.listener.typing('');
    vi.advanceTimersByTime(5000);
    await chat.updateComplete;
    expect(status()).toBe('Digispor skriver …');
  });

  test('tells who is writing, until they have written or have done nothing for a while', async () => {
    vi.useFakeTimers();
    line.listener.sessionConfirmed([], null);
    line.listener.typing('Anna Holm');
    await chat.updateComplete;
    expect(status()).toBe('Anna Holm skriver …');
    await hear(bot('Hej', { author: 'Anna Holm', id: 'd1' }));
    expect(status()).toBe('');
    line.listener.typing('Anna Holm');
    vi.advanceTimersByTime(5000);
    await chat.updateComplete;
    expect(status()).toBe('Anna Holm skriver …');
    vi.advanceTimersByTime(1000);
    await chat.updateComplete;
    expect(status()).toBe('');
  });

  test('tells that the citizen is writing, and nothing of what', async () => {
    await write('h', { key: 'h' });
    expect(line.writings).toBe(1);
    await write('', { key: 'Backspace' });
    expect(line.writings).toBe(1);
    expect(line.sent).toEqual([]);
  });
});

describe('the element', () => {
  test('reads its attributes, and has the page’s host for a missing address', async () => {
    expect(line.address.href).toBe('https://chat.kommune.example/');
    expect(textsOf('h2')).toEqual(['Digispor hos kommunen']);
    chat.remove();
    await put();
    expect(line.address.href).toBe(new URL('/', document.baseURI).href);
    expect(textsOf('h2')).toEqual([texts.title]);
  });

  test('says its own words in the language that its attribute names, and talks Danish with the assistant', async () => {
    chat.remove();
    await put({ language: 'en' });
    await hear(bot('Hvor godt kan du det?', { buttons: [yes] }));
    expect(find('.panel').lang).toBe('en');
    expect(find('.text').lang).toBe('da');
    expect(find('.choice').lang).toBe('da');
    expect(textsOf('.send')).toEqual(['Send']);
    expect(textsOf('.quick-reply')).toEqual(['Back', 'Skip', 'Help', 'Pause', 'Talk to a person']);
    await click(all('.quick-reply')[1]!);
    expect(line.sent).toMatchObject([{ text: 'Spring over' }]);
    chat.setAttribute('language', 'xx');
    await chat.updateComplete;
    expect(textsOf('.quick-reply')[0]).toBe('Tilbage');
  });

  test('makes sure of its line when the page is looked at again, and when the network is back', () => {
    document.dispatchEvent(new Event('visibilitychange'));
    window.dispatchEvent(new Event('online'));
    expect(line.wakings).toBe(2);
  });

  test('has a menu that Escape closes, with the focus back on its button', async () => {
    expect(find('#options').hidden).toBe(true);
    await click(find('.menu'));
    expect(find('#options').hidden).toBe(false);
    find('#easy').focus();
    find('.panel').dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }));
    await chat.updateComplete;
    expect(find('#options').hidden).toBe(true);
    expect(chat.shadowRoot!.activeElement).toBe(find('.menu'));
  });

  test('closes its line when it leaves the page', () => {
    chat.remove();
    expect(line.isClosed).toBe(true);
  });

  test('in a bubble connects when it is opened, and Escape closes it and gives the focus back', async () => {
    chat.remove();
    ChatOnALine.lines = [];
    await put({ mode: 'bubble' });
    expect(line).toBeUndefined();
    expect(all('[role=log]')).toEqual([]);
    await click(find('.launcher'));
    await chat.updateComplete;
    expect(ChatOnALine.lines).toHaveLength(1);
    expect(chat.shadowRoot!.activeElement).toBe(find('[role=log]'));
    expect(find('.launcher').getAttribute('aria-expanded')).toBe('true');
    find('.panel').dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }));
    await chat.updateComplete;
    expect(all('[role=log]')).toEqual([]);
    expect(chat.shadowRoot!.activeElement).toBe(find('.launcher'));
    await click(find('.launcher'));
    expect(ChatOnALine.lines).toHaveLength(1);
  });
});

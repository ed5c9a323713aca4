// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Listener } from '../src/connection.js';
import { DigisporChat } from '../src/digispor-chat.js';
import type { Memory } from '../src/memory.js';
import type { Button, Message, Outgoing } from '../src/protocol.js';
import type { Line } from '../src/talk.js';
import { texts } from '../src/texts/texts.js';

/** The chat on a line that the test holds the other end of. */
class ChatOnALine extends DigisporChat {
  static lines: FakeLine[] = [];

  protected override connect(address: URL, memory: Memory, listener: Listener): Line {
    const line = new FakeLine(address, memory, listener);
    ChatOnALine.lines.push(line);
    return line;
  }
}
customElements.define('chat-on-a-line', ChatOnALine);

class FakeLine implements Line {
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

  async wake(): Promise<void> {
    this.wakings += 1;
  }
  close(): void {
    this.isClosed = true;
  }
}

const yes: Button = { title: 'Ja', payload: '/affirm', signature: 'a' };
const no: Button = { title: 'Nej', payload: '/deny', signature: 'b' };
const bot = (text: string, more: Partial<Message> = {}): Message => ({ from: 'bot', text, at: 1, buttons: [], ...more });

let chat: ChatOnALine;
let line: FakeLine;

async function put(attributes: Record<string, string> = {}): Promise<void> {
  chat = document.createElement('chat-on-a-line') as ChatOnALine;
  for (const [name, value] of Object.entries(attributes)) chat.setAttribute(name, value);
  document.body.append(chat);
  line = ChatOnALine.lines.at(-1)!;
  await chat.updateComplete;
}

async function hear(...messages: Message[]): Promise<void> {
  for (const message of messages) line.listener.uttered(message);
  await chat.updateComplete;
}

async function write(text: string, key: KeyboardEventInit = { key: 'Enter' }): Promise<void> {
  const input = find<HTMLTextAreaElement>('textarea');
  input.value = text;
  input.dispatchEvent(new Event('input'));
  input.dispatchEvent(new KeyboardEvent('keydown', { cancelable: true, ...key }));
  await chat.updateComplete;
}

async function click(element: HTMLElement): Promise<void> {
  element.click();
  await chat.updateComplete;
}

const find = <T extends HTMLElement = HTMLElement>(selector: string): T => chat.renderRoot.querySelector<T>(selector)!;
const all = (selector: string): HTMLElement[] => [...chat.renderRoot.querySelectorAll<HTMLElement>(selector)];
const textsOf = (selector: string): string[] => all(selector).map((element) => element.textContent!.trim());

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

describe('messages', () => {
  test('stand in a log, with who said them', async () => {
    await hear(bot('Hej'), { ...bot('Ja tak'), from: 'citizen' });
    expect(find('[role=log]').getAttribute('aria-label')).toBe(texts.conversation);
    expect(textsOf('.message .sr-only')).toEqual([texts.digispor, texts.citizen]);
    expect(textsOf('.text')).toEqual(['Hej', 'Ja tak']);
  });

  test('are text and never markup', async () => {
    const hostile = '<img src=x onerror="alert(1)"><script>alert(2)</script>';
    await hear(bot(hostile, { buttons: [{ ...yes, title: hostile }], custom: { type: 'profile', areas: [{ name: hostile, percent: 3 }] } }));
    expect(all('img, script')).toEqual([]);
    expect(textsOf('.text')).toEqual([hostile]);
    expect(textsOf('.choice')).toEqual([hostile]);
    expect(textsOf('.area')).toEqual([hostile]);
  });

  test('choose their own direction of reading', async () => {
    await hear(bot('مرحبا'));
    expect(find('.text').getAttribute('dir')).toBe('auto');
    expect(find('textarea').getAttribute('dir')).toBe('auto');
  });

  test('of a booking can be put into the calendar', async () => {
    await hear(bot('Din tid er booket.', { custom: { type: 'booking', calendarUrl: 'https://x.dk/a.ics' } }));
    expect(find<HTMLAnchorElement>('a').href).toBe('https://x.dk/a.ics');
    expect(textsOf('a')).toEqual([texts.calendar]);
  });

  test('of a profile tell every value in words', async () => {
    const areas = [
      { name: 'sikkerhed', percent: 46.4 },
      { name: 'problemløsning', percent: null },
    ];
    await hear(bot('Her er dit billede.', { custom: { type: 'profile', areas } }));
    expect(textsOf('.area')).toEqual(['sikkerhed', 'problemløsning']);
    expect(textsOf('.percent')).toEqual(['46 %', texts.noPercent]);
    expect(all('.bar')).toHaveLength(1);
    expect(find('.bar').getAttribute('aria-hidden')).toBe('true');
  });
});

describe('choices', () => {
  test('send the whole button once, are gone, and stand as the citizen’s message', async () => {
    await hear(bot('Klar?', { buttons: [yes, no] }));
    const [first, second] = all('.choice');
    first!.click();
    second!.click();
    await chat.updateComplete;
    expect(line.sent).toMatchObject([{ button: yes }]);
    expect(all('.choice')).toEqual([]);
    expect(textsOf('.citizen .text')).toEqual(['Ja']);
  });

  test('leave the focus in the conversation', async () => {
    await hear(bot('Klar?', { buttons: [yes, no] }));
    await click(find('.choice'));
    expect(chat.shadowRoot!.activeElement).toBe(find('[role=log]'));
  });

  test('of an earlier question are gone', async () => {
    await hear(bot('Klar?', { buttons: [yes] }), bot('Helt klar?', { buttons: [no] }));
    expect(textsOf('.choice')).toEqual(['Nej']);
  });
});

describe('a question of the assessment', () => {
  const ask = (): Promise<void> =>
    hear(bot('Hvor godt kan du sende en mail?', { buttons: [yes, no], custom: { type: 'question', number: 3, left: 9 } }));
  const submit = async (): Promise<void> => {
    find('form.scale').dispatchEvent(new Event('submit', { cancelable: true }));
    await chat.updateComplete;
  };

  test('is a group of radio buttons named by the question', async () => {
    await ask();
    expect(textsOf('.scale .option')).toEqual(['Ja', 'Nej']);
    const group = find('[role=radiogroup]');
    expect(find(`#${group.getAttribute('aria-labelledby')}`).textContent).toBe('Hvor godt kan du sende en mail?');
    expect(all('.choice')).toEqual([]);
  });

  test('is answered when the citizen sends what they have chosen, and not before', async () => {
    await ask();
    await submit();
    const second = all('.scale input')[1] as HTMLInputElement;
    second.checked = true;
    await chat.updateComplete;
    expect(line.sent).toEqual([]);
    await submit();
    expect(line.sent).toMatchObject([{ button: no }]);
    expect(all('.scale')).toEqual([]);
    expect(chat.shadowRoot!.activeElement).toBe(find('[role=log]'));
  });

  test('shows how far the assessment is, in words and figures', async () => {
    expect(all('[role=progressbar]')).toEqual([]);
    await ask();
    const bar = find('[role=progressbar]');
    expect(find(`#${bar.getAttribute('aria-labelledby')}`).textContent).toBe('Spørgsmål 3. Der er højst 9 tilbage.');
    expect([bar.getAttribute('aria-valuenow'), bar.getAttribute('aria-valuemax')]).toEqual(['2', '12']);
  });
});

test('times are a list by day, and what is no time comes behind it', async () => {
  const at = (title: string): Button => ({ title, payload: `/inform${title}`, signature: title });
  const offered = [
    { title: 'fre. 10', day: 'Fredag 27. november', time: 'kl. 10.00' },
    { title: 'fre. 12', day: 'Fredag 27. november', time: 'kl. 12.00' },
    { title: 'man. 9', day: 'Mandag 30. november', time: 'kl. 9.00' },
  ];
  const buttons = [...offered.map(({ title }) => at(title)), at('Vis flere')];
  await hear(bot('Hvilken?', { buttons, custom: { type: 'times', times: offered } }));
  expect(textsOf('.day')).toEqual(['Fredag 27. november', 'Mandag 30. november']);
  expect(textsOf('.choice')).toEqual(['kl. 10.00', 'kl. 12.00', 'kl. 9.00', 'Vis flere']);
  await click(all('.choice')[1]!);
  expect(line.sent).toMatchObject([{ button: at('fre. 12') }]);
});

test('each line is marked with its language', async () => {
  await hear(bot('مرحبا\nHello', { custom: { type: 'languages', lines: ['ar', 'en'] } }));
  expect(all('.text').map(({ lang }) => lang)).toEqual(['ar', 'en']);
});

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
    line.listener.typing(true);
    line.listener.typing(false);
    vi.advanceTimersByTime(5000);
    await chat.updateComplete;
    expect(status()).toBe('');
    line.listener.typing(true);
    vi.advanceTimersByTime(5000);
    await chat.updateComplete;
    expect(status()).toBe(texts.typing);
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

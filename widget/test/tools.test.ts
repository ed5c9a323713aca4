// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Listener } from '../src/connection.js';
import { DigisporChat } from '../src/digispor-chat.js';
import type { Memory } from '../src/memory.js';
import type { Message, Outgoing } from '../src/protocol.js';
import type { Line } from '../src/talk.js';
import { WORDS_FOR_THE_ASSISTANT, texts } from '../src/texts/texts.js';

/** The chat with what citizens can set it to, on a line that only listens. */
class ChatWithTools extends DigisporChat {
  static lines: QuietLine[] = [];

  protected override connect(_: URL, memory: Memory, listener: Listener): Line {
    const line = new QuietLine(memory, listener);
    ChatWithTools.lines.push(line);
    return line;
  }
}
customElements.define('chat-with-tools', ChatWithTools);

class QuietLine implements Line {
  readonly sent: Outgoing[] = [];
  isClosed = false;

  constructor(
    readonly memory: Memory,
    readonly listener: Listener,
  ) {}

  get unsent(): readonly Outgoing[] {
    return this.memory.unsent;
  }
  async writes(): Promise<void> {}
  send(message: Outgoing): void {
    this.sent.push(message);
  }
  async wake(): Promise<void> {}
  close(): void {
    this.isClosed = true;
  }
}

const KEY = `digispor:${new URL('/', document.baseURI).href}`;
const question: Message = {
  from: 'bot',
  text: 'Hvor godt kan du sende en mail?',
  at: 1,
  buttons: [{ title: 'Med hjælp', payload: '/a', signature: 's' }],
  custom: { type: 'question', number: 1, left: 9 },
};

let chat: ChatWithTools;

async function put(): Promise<void> {
  chat = document.createElement('chat-with-tools') as ChatWithTools;
  document.body.append(chat);
  await chat.updateComplete;
}

const line = (): QuietLine => ChatWithTools.lines.at(-1)!;
const find = <T extends HTMLElement = HTMLElement>(selector: string): T => chat.renderRoot.querySelector<T>(selector)!;
const said = (): unknown[] => line().sent.map((outgoing) => ('text' in outgoing ? outgoing.text : outgoing.button.title));

function button(name: string): HTMLButtonElement {
  const buttons = [...chat.renderRoot.querySelectorAll<HTMLButtonElement>('button')];
  return buttons.find(({ textContent }) => textContent.trim() === name)!;
}

async function press(name: string): Promise<void> {
  button(name).click();
  await chat.updateComplete;
}

async function check(selector: string, checked: boolean): Promise<void> {
  const input = find<HTMLInputElement>(selector);
  input.checked = checked;
  input.dispatchEvent(new Event('change'));
  await chat.updateComplete;
}

async function hear(message: Message): Promise<void> {
  line().listener.uttered(message);
  await chat.updateComplete;
}

beforeEach(async () => {
  localStorage.clear();
  sessionStorage.clear();
  ChatWithTools.lines = [];
  await put();
});

afterEach(() => {
  chat.remove();
  vi.unstubAllGlobals();
});

test('letters grow and shrink within limits, and are as they were after a reload', async () => {
  expect(button(texts.smaller).disabled).toBe(true);
  for (let step = 0; step < 3; step += 1) await press(texts.larger);
  expect(button(texts.larger).disabled).toBe(true);
  expect(find('.panel').className).toContain('size-3');
  chat.remove();
  await put();
  expect(find('.panel').className).toContain('size-3');
});

describe('easier words', () => {
  test('are asked for with every message, and for the question that is open at once', async () => {
    await hear(question);
    await check('#easy', true);
    expect(line().sent).toMatchObject([{ text: WORDS_FOR_THE_ASSISTANT.explainQuestion, easy: true }]);
    await press('Tilbage');
    expect(line().sent.at(-1)).toMatchObject({ text: 'Tilbage', easy: true });
  });

  test('are not asked for by who does not want them, and nothing is said for them', async () => {
    await check('#easy', true);
    await check('#easy', false);
    await press('Tilbage');
    expect(said()).toEqual(['Tilbage']);
    expect(line().sent[0]).not.toHaveProperty('easy');
  });
});

describe('reading aloud', () => {
  const danish = { lang: 'da-DK', localService: true };
  let voices: unknown[];
  let read: string[];

  beforeEach(async () => {
    read = [];
    voices = [{ lang: 'en-GB', localService: true }, danish];
    vi.stubGlobal('speechSynthesis', {
      getVoices: () => voices,
      speak: ({ text }: { text: string }) => read.push(text),
      cancel: () => (read = []),
      addEventListener: () => undefined,
      removeEventListener: () => undefined,
    });
    vi.stubGlobal('SpeechSynthesisUtterance', class {
      constructor(readonly text: string) {}
    });
    chat.remove();
    await put();
  });

  test('begins with what was said last, answers too, and goes on with what comes', async () => {
    await hear(question);
    await press(texts.aloud);
    expect(button(texts.aloud).getAttribute('aria-pressed')).toBe('true');
    expect(read).toEqual(['Hvor godt kan du sende en mail?', texts.youCanAnswer, 'Med hjælp']);
    await hear({ from: 'bot', text: 'Tag dig\ngod tid.', at: 2, buttons: [] });
    expect(read.slice(3)).toEqual(['Tag dig', 'god tid.']);
  });

  test('falls silent when the citizen says something, or no longer wants it', async () => {
    await press(texts.aloud);
    await hear(question);
    await press('Hjælp');
    expect(read).toEqual([]);
    await hear(question);
    await press(texts.aloud);
    expect(read).toEqual([]);
  });

  test.each([
    ['no Danish voice', [{ lang: 'en-GB', localService: true }]],
    ['only one that sends the words away', [{ lang: 'da-DK', localService: false }]],
  ])('is not offered where there is %s', async (_, those) => {
    voices = those;
    chat.remove();
    await put();
    expect(button(texts.aloud)).toBeUndefined();
  });
});

describe('dictation', () => {
  class Recognition {
    static last: Recognition;
    lang = '';
    onresult: ((event: unknown) => void) | null = null;
    onend: (() => void) | null = null;
    onerror: ((event: unknown) => void) | null = null;

    constructor() {
      Recognition.last = this;
    }
    start(): void {}
    stop(): void {
      this.onend?.();
    }
    abort(): void {
      this.onend?.();
    }
  }
  const status = (): string => find('.status [role=status]').textContent.trim();

  beforeEach(async () => {
    vi.stubGlobal('SpeechRecognition', Recognition);
    chat.remove();
    await put();
    line().listener.sessionConfirmed([], null);
    await check('#dictation', true);
  });

  test('writes what is said where the citizen can read it before it is sent', async () => {
    await press(texts.dictate);
    expect(Recognition.last.lang).toBe('da-DK');
    expect(status()).toBe(texts.listening);
    Recognition.last.onresult!({ resultIndex: 0, results: [[{ transcript: 'jeg vil gerne ' }]] });
    Recognition.last.onresult!({ resultIndex: 1, results: [[{ transcript: 'x' }], [{ transcript: ' have hjælp' }]] });
    await press(texts.dictateStop);
    expect(find<HTMLTextAreaElement>('textarea').value).toBe('jeg vil gerne have hjælp');
    expect(line().sent).toEqual([]);
    expect(status()).toBe('');
  });

  test('says so when it does not work', async () => {
    await press(texts.dictate);
    Recognition.last.onerror!({ error: 'not-allowed' });
    Recognition.last.onend!();
    await chat.updateComplete;
    expect(status()).toBe(texts.dictationFailed);
    expect(button(texts.dictate)).toBeDefined();
  });

  test('is not offered where the browser has none', async () => {
    vi.unstubAllGlobals();
    chat.remove();
    await put();
    expect(find('#dictation')).toBeNull();
    expect(button(texts.dictate)).toBeUndefined();
  });
});

describe('the conversation itself', () => {
  test('is saved as text, with who said what and when, and what is not sent', async () => {
    let file: Blob | undefined;
    vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => {
      file = blob as Blob;
      return 'blob:x';
    });
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => undefined);
    const areas = [{ name: 'Sikkerhed', percent: 40 }];
    await hear({ from: 'bot', text: 'Her er\ndit billede.', at: 1764000000, buttons: [], custom: { type: 'profile', areas } });
    await press('Hjælp');
    await press(texts.save);
    const lines = (await file!.text()).split('\r\n');
    expect(lines[0]).toBe('\uFEFFMin samtale med Digispor');
    expect(lines.join('\n')).toMatch(/24\. november 2025 kl\. \d+\.00\. Digispor skrev:/);
    expect(lines.join('\n')).toContain('Her er\ndit billede.\nSikkerhed: 40 %');
    expect(lines.join('\n')).toMatch(/Du skrev: \(Ikke sendt endnu\)\nHjælp/);
  });

  test('is asked about before it is forgotten', async () => {
    localStorage.setItem(`${KEY}:token`, 'a-token');
    await hear(question);
    await press(texts.forget);
    expect(localStorage.getItem(`${KEY}:token`)).toBe('a-token');
    await press(texts.forgetNot);
    expect(button(texts.forgetSurely)).toBeUndefined();
    expect(ChatWithTools.lines).toHaveLength(1);
  });

  test('is forgotten on this device, and another begins', async () => {
    localStorage.setItem(`${KEY}:token`, 'a-token');
    line().memory.unsent = [{ id: 'one', at: 1, text: 'ikke sendt' }];
    await hear(question);
    await press(texts.forget);
    expect(find('#sure').textContent).toContain(texts.forgetsUnsent);
    await press(texts.forgetSurely);
    expect(ChatWithTools.lines[0]!.isClosed).toBe(true);
    expect(ChatWithTools.lines).toHaveLength(2);
    expect([line().memory.token, line().unsent]).toEqual([null, []]);
    expect(chat.renderRoot.querySelectorAll('.message')).toHaveLength(0);
    expect(chat.shadowRoot!.activeElement).toBe(find('[role=log]'));
  });

  test('is forgotten in this tab when another tab forgets it, and goes on with that tab’s new one', async () => {
    await hear(question);
    const changed = (newValue: string | null): StorageEvent => new StorageEvent('storage', { key: `${KEY}:token`, newValue });
    window.dispatchEvent(changed('renewed'));
    expect(ChatWithTools.lines).toHaveLength(1);
    window.dispatchEvent(changed(null));
    await chat.updateComplete;
    expect(line().isClosed).toBe(true);
    expect(chat.renderRoot.querySelectorAll('.message')).toHaveLength(0);
    window.dispatchEvent(changed('new'));
    expect(ChatWithTools.lines).toHaveLength(2);
  });

  test('can be deleted by who is asked to do it: the widget only asks', async () => {
    await press(texts.askToDelete);
    expect(said()).toEqual([WORDS_FOR_THE_ASSISTANT.deleteRequest]);
  });
});

import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { ref } from 'lit/directives/ref.js';
import { MESSAGE_LIMIT, composer, lengthOf } from './composer.js';
import { Connection, type Listener } from './connection.js';
import * as conversations from './conversation.js';
import type { Conversation } from './conversation.js';
import { separatorBefore } from './dates.js';
import { Follower } from './follower.js';
import { print, save, spoken } from './keeping.js';
import type { Memory } from './memory.js';
import { message } from './messages/message.js';
import { PLAIN, type Preferences } from './preferences.js';
import { progress } from './progress.js';
import { aloud, type Button, type Message, type Said, type Typist } from './protocol.js';
import { Dictation } from './speech/dictation.js';
import { Reader } from './speech/reader.js';
import { styles } from './styles/styles.js';
import { Talk, type Line } from './talk.js';
import { WORDS_FOR_THE_ASSISTANT, languageOf, speak, texts, type Language } from './texts/texts.js';
import { tools } from './tools.js';

// A quick answer is not announced as typing first.
const TYPING_DELAY_MS = 700;
// A person's typing is told every three seconds; two may get lost.
const PERSON_TYPES_MS = 6_000;

/**
 * The chat: `<digispor-chat address="https://chat.kommune.example" title="Digispor">`.
 *
 * What stands inside the element, such as a phone number, is shown where the chat cannot run and while it has no
 * connection. With `mode="bubble"` it is a button in the corner that opens the chat.
 */
export class DigisporChat extends LitElement {
  static override styles = styles;
  static override properties = {
    address: {},
    heading: { attribute: 'title' },
    mode: { reflect: true },
    language: { converter: languageOf },
    conversation: { state: true },
    preferences: { state: true },
    draft: { state: true },
    isOpen: { state: true },
    typist: { state: true },
    showsOptions: { state: true },
    asksToForget: { state: true },
  };

  /** Where the chat server is; the page's own host when it is left out. */
  declare address: string;
  declare heading: string;
  declare mode: 'inline' | 'bubble';
  /** Of the widget's own words; the assistant speaks Danish. */
  declare language: Language;
  declare protected conversation: Conversation;
  declare private preferences: Preferences;
  declare private draft: string;
  declare private isOpen: boolean;
  declare private typist: Typist;
  declare private showsOptions: boolean;
  declare private asksToForget: boolean;
  private talk: Talk | undefined;
  private typingTimer: ReturnType<typeof setTimeout> | undefined;
  private readonly follower = new Follower();
  private readonly reader = new Reader(() => this.requestUpdate());
  private readonly dictation = new Dictation(
    (words) => (this.draft = `${this.draft} ${words}`.trim()),
    () => this.requestUpdate(),
  );

  constructor() {
    super();
    this.address = '/';
    this.heading = '';
    this.mode = 'inline';
    this.language = 'da';
    this.conversation = conversations.begun([]);
    this.preferences = PLAIN;
    this.draft = '';
    this.isOpen = false;
    this.typist = null;
    this.showsOptions = false;
    this.asksToForget = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.talk = new Talk(new URL(this.address || '/', document.baseURI), this.connect.bind(this), {
      conversationChanged: (conversation) => (this.conversation = conversation),
      heard: (message) => this.heard(message),
      typing: (typist) => this.setTyping(typist),
    });
    this.preferences = this.talk.memory.preferences;
    this.reader.connect();
    document.addEventListener('visibilitychange', this.wake);
    window.addEventListener('online', this.wake);
    window.addEventListener('storage', this.rememberOtherTabs);
    if (this.isShown) this.talk.pickUp();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('visibilitychange', this.wake);
    window.removeEventListener('online', this.wake);
    window.removeEventListener('storage', this.rememberOtherTabs);
    this.reader.disconnect();
    this.dictation.abort();
    this.talk?.hangUp();
  }

  /** Opens the line to the chat server. */
  protected connect(address: URL, memory: Memory, listener: Listener): Line {
    return new Connection(address, memory, listener);
  }

  protected override render(): TemplateResult {
    speak(this.language);
    if (this.mode !== 'bubble') return this.panel();
    return html`
      ${this.isOpen ? this.panel() : nothing}
      <button type="button" class="launcher" aria-expanded=${this.isOpen ? 'true' : 'false'} @click=${this.toggle}>
        ${this.isOpen ? texts.closeChat : texts.openChat}
      </button>
    `;
  }

  protected override updated(changed: PropertyValues): void {
    const before = changed.get('conversation') as Conversation | undefined;
    if (before && before.entries.length !== this.conversation.entries.length) this.showLatestTurn();
  }

  private panel(): TemplateResult {
    const reached = conversations.progressOf(this.conversation);
    // The empty title keeps the element's own from popping up over the whole chat.
    return html`<section
      class="panel size-${this.preferences.size}"
      lang=${this.language}
      title=""
      aria-labelledby="heading"
      @keydown=${this.closeOnEscape}
    >
      ${this.tools()} ${reached ? progress(reached) : nothing}
      <div id="log" class="log" role="log" aria-label=${texts.conversation} tabindex="0" ${ref(this.follower.attach)}>
        <ol role="list">
          ${this.messages()}
        </ol>
      </div>
      <div class="status ${this.conversation.status === 'lost' ? 'notice' : ''}">
        <p role="status">${this.statusText()}</p>
        <div class="fallback" ?hidden=${this.conversation.status !== 'lost'}><slot></slot></div>
      </div>
      ${composer({
        draft: this.draft,
        write: (draft) => this.write(draft),
        send: () => this.sendDraft(),
        sendQuick: (text) => this.say({ text }),
        dictates: this.preferences.dictation && Dictation.isAvailable,
        isListening: this.dictation.state === 'listening',
        dictate: () => this.dictation.toggle(),
      })}
    </section>`;
  }

  private tools(): TemplateResult {
    const kept = texts.keptHeading(this.shownTitle);
    return tools({
      heading: this.shownTitle,
      isOpen: this.showsOptions,
      open: (isOpen) => (this.showsOptions = isOpen),
      preferences: this.preferences,
      canRead: this.reader.canRead,
      canDictate: Dictation.isAvailable,
      asksToForget: this.asksToForget,
      hasUnsent: this.talk?.hasUnsent ?? false,
      prefer: (changed) => this.prefer(changed),
      print: () => print(kept, spoken(this.conversation)),
      save: () => save(kept, spoken(this.conversation)),
      askToDelete: () => this.askToDelete(),
      askToForget: (asks) => (this.asksToForget = asks),
      forget: () => this.forget(),
    });
  }

  private messages(): TemplateResult[] {
    const { entries } = this.conversation;
    const open = conversations.openQuestion(this.conversation);
    const lastSaid = [...entries].reverse().find((entry) => entry.delivery);
    const now = new Date();
    return entries.map((entry, index) =>
      message({
        entry,
        id: `message-${index}`,
        separator: separatorBefore(entry.message.at, entries[index - 1]?.message.at, now),
        isOpen: entry === open,
        tellsSent: entry === lastSaid,
        choose: (button) => this.choose(button),
      }),
    );
  }

  private statusText(): string {
    const { status } = this.conversation;
    if (status !== 'open') return texts[status];
    if (this.dictation.state === 'failed') return texts.dictationFailed;
    if (this.dictation.state === 'listening') return texts.listening;
    return this.typist === null ? '' : texts.typing(this.typist);
  }

  private heard(message: Message): void {
    if (message.author) this.setTyping(null);
    // Whoever speaks in another tab reads there, and finds this one where the conversation is.
    if (message.from === 'citizen') this.follower.resume();
    if (this.preferences.aloud && message.from === 'bot') this.reader.read(aloud(message));
  }

  private setTyping(typist: Typist): void {
    clearTimeout(this.typingTimer);
    if (typist === '') {
      this.typingTimer = setTimeout(() => (this.typist = typist), TYPING_DELAY_MS);
      return;
    }
    this.typist = typist;
    if (typist) this.typingTimer = setTimeout(() => (this.typist = null), PERSON_TYPES_MS);
  }

  private prefer(changed: Partial<Preferences>): void {
    this.preferences = { ...this.preferences, ...changed };
    this.talk!.memory.preferences = this.preferences;
    if (changed.aloud) this.reader.read(conversations.latestAnswers(this.conversation).flatMap(aloud));
    else if (changed.aloud === false) this.reader.stop();
    if (changed.dictation === false) this.dictation.abort();
    const asked = conversations.openQuestion(this.conversation)?.message.custom;
    if (changed.easy && asked?.type === 'question') this.say({ text: WORDS_FOR_THE_ASSISTANT.explainQuestion });
  }

  private write(draft: string): void {
    this.draft = draft;
    if (draft) this.talk?.writes();
  }

  private sendDraft(): void {
    const text = this.draft.trim();
    if (text && lengthOf(text) <= MESSAGE_LIMIT) {
      this.draft = '';
      this.say({ text });
    }
    this.renderRoot.querySelector('textarea')?.focus();
  }

  private choose(button: Button): void {
    if (!conversations.canChoose(this.conversation, button)) return;
    this.say({ button });
    // The button is about to go away. Not to the input: on a phone that would bring up the keyboard.
    this.log?.focus({ preventScroll: true });
  }

  private say(said: Said): void {
    this.reader.stop();
    this.follower.resume();
    this.talk?.say(said);
  }

  private askToDelete(): void {
    this.showsOptions = false;
    this.say({ text: WORDS_FOR_THE_ASSISTANT.deleteRequest });
    this.log?.focus();
  }

  private forget(): void {
    this.asksToForget = false;
    this.showsOptions = false;
    this.reader.stop();
    this.talk?.forget();
    this.log?.focus();
  }

  private readonly rememberOtherTabs = (event: StorageEvent): void => this.talk?.rememberOtherTabs(event);

  private readonly wake = (): void => {
    if (document.visibilityState === 'visible' && this.isShown) this.talk?.wake();
  };

  private async toggle(): Promise<void> {
    this.isOpen = !this.isOpen;
    if (!this.isOpen) return this.reader.stop();
    this.talk?.pickUp();
    await this.updateComplete;
    this.log?.focus();
  }

  private closeOnEscape(event: KeyboardEvent): void {
    if (event.key !== 'Escape') return;
    if (this.showsOptions) {
      this.showsOptions = false;
      this.renderRoot.querySelector<HTMLElement>('.menu')?.focus();
    } else if (this.mode === 'bubble') {
      this.isOpen = false;
      this.reader.stop();
      this.renderRoot.querySelector<HTMLElement>('.launcher')?.focus();
    }
  }

  private get shownTitle(): string {
    return this.heading || texts.title;
  }

  private get isShown(): boolean {
    return this.mode !== 'bubble' || this.isOpen;
  }

  private get log(): HTMLElement | null {
    return this.renderRoot.querySelector('.log');
  }

  private showLatestTurn(): void {
    const turn = [...this.renderRoot.querySelectorAll<HTMLElement>('.message.citizen')].pop();
    // The page is only moved for someone who is in the chat.
    this.follower.show(turn, { mayMovePage: this.shadowRoot?.activeElement !== null });
  }
}

// Browsers without constructable stylesheets need it under a strict policy; Lit looks for it here.
(globalThis as { litNonce?: string | undefined }).litNonce ??= document.currentScript?.nonce || undefined;

customElements.define('digispor-chat', DigisporChat);

declare global {
  interface HTMLElementTagNameMap {
    'digispor-chat': DigisporChat;
  }
}

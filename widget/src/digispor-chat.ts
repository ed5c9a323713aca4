import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { ref } from 'lit/directives/ref.js';
import { MESSAGE_LIMIT, composer, lengthOf } from './composer.js';
import { Connection, type Listener } from './connection.js';
import * as conversations from './conversation.js';
import type { Conversation } from './conversation.js';
import { separatorBefore } from './dates.js';
import { Follower } from './follower.js';
import { BrowserMemory } from './memory.js';
import { message } from './messages/message.js';
import type { Button, Outgoing, Said } from './protocol.js';
import { styles } from './styles.js';
import { texts } from './texts.js';

/** What the component needs of a connection. */
export type Line = Pick<Connection, 'unsent' | 'send' | 'close'>;

// A quick answer is not announced as typing first.
const TYPING_DELAY_MS = 700;

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
    conversation: { state: true },
    draft: { state: true },
    isOpen: { state: true },
    showsTyping: { state: true },
  };

  /** Where the chat server is; the page's own host when it is left out. */
  declare address: string;
  declare heading: string;
  declare mode: 'inline' | 'bubble';
  declare protected conversation: Conversation;
  declare private draft: string;
  declare private isOpen: boolean;
  declare private showsTyping: boolean;
  private line: Line | undefined;
  private typingTimer: ReturnType<typeof setTimeout> | undefined;
  private readonly follower = new Follower();

  constructor() {
    super();
    this.address = '/';
    this.heading = texts.title;
    this.mode = 'inline';
    this.conversation = conversations.begun([]);
    this.draft = '';
    this.isOpen = false;
    this.showsTyping = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.mode !== 'bubble' || this.isOpen) this.pickUp();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.typingTimer);
    this.line?.close();
    this.line = undefined;
  }

  /** Opens the line to the chat server. */
  protected connect(address: URL, listener: Listener): Line {
    return new Connection(address, new BrowserMemory(address.href), listener);
  }

  protected override render(): TemplateResult {
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
    // The empty title keeps the element's own from popping up over the whole chat.
    return html`<section class="panel" lang="da" title="" aria-labelledby="heading" @keydown=${this.closeOnEscape}>
      <h2 id="heading">${this.heading || texts.title}</h2>
      <div id="log" class="log" role="log" aria-label=${texts.conversation} tabindex="0" ${ref(this.follower.attach)}>
        <ol role="list">
          ${this.messages()}
        </ol>
      </div>
      <div class="status ${this.conversation.status === 'lost' ? 'notice' : ''}">
        <p role="status">${this.statusText()}</p>
        <div ?hidden=${this.conversation.status !== 'lost'}><slot></slot></div>
      </div>
      ${composer({
        draft: this.draft,
        write: (draft) => (this.draft = draft),
        send: () => this.sendDraft(),
        sendQuick: (text) => this.say({ text }),
      })}
    </section>`;
  }

  private messages(): TemplateResult[] {
    const { entries } = this.conversation;
    const open = conversations.openQuestion(this.conversation);
    const lastSaid = [...entries].reverse().find((entry) => entry.delivery);
    const now = new Date();
    return entries.map((entry, index) =>
      message({
        entry,
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
    return this.showsTyping ? texts.typing : '';
  }

  private pickUp(): void {
    const address = new URL(this.address || '/', document.baseURI);
    this.line = this.connect(address, {
      sessionConfirmed: (history) => (this.conversation = conversations.confirmed(this.conversation, history)),
      uttered: (message) => (this.conversation = conversations.uttered(this.conversation, message)),
      delivered: (id, delivery) => (this.conversation = conversations.delivered(this.conversation, id, delivery)),
      connectionLost: () => (this.conversation = conversations.lost(this.conversation)),
      typing: (isTyping) => this.setTyping(isTyping),
    });
    this.conversation = conversations.begun(this.line.unsent);
  }

  private setTyping(isTyping: boolean): void {
    clearTimeout(this.typingTimer);
    if (isTyping) this.typingTimer = setTimeout(() => (this.showsTyping = true), TYPING_DELAY_MS);
    else this.showsTyping = false;
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
    const outgoing: Outgoing = { ...said, id: newId(), at: Date.now() / 1000 };
    this.follower.resume();
    this.conversation = conversations.said(this.conversation, outgoing);
    this.line?.send(outgoing);
  }

  private async toggle(): Promise<void> {
    this.isOpen = !this.isOpen;
    if (!this.isOpen) return;
    if (!this.line) this.pickUp();
    await this.updateComplete;
    this.log?.focus();
  }

  private closeOnEscape(event: KeyboardEvent): void {
    if (this.mode !== 'bubble' || event.key !== 'Escape') return;
    this.isOpen = false;
    this.renderRoot.querySelector<HTMLElement>('.launcher')?.focus();
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

/** A new id that the channel takes, also on pages where `crypto.randomUUID` is not to be had. */
function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `w-${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

customElements.define('digispor-chat', DigisporChat);

declare global {
  interface HTMLElementTagNameMap {
    'digispor-chat': DigisporChat;
  }
}

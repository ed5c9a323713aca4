import { takeLink } from './link.js';
import { PLAIN, readPreferences, type Preferences } from './preferences.js';
import { isOutgoing, type Outgoing } from './protocol.js';

/** What a connection remembers across reloads: which conversation it is in, and what is not sent yet. */
export interface Memory {
  token: string | null;
  unsent: readonly Outgoing[];
  /** The code of a one-time link that the page was opened with, until it has been followed. */
  link?: string | undefined;
}

/**
 * Keeps it in the browser, one memory for each chat address, and how the citizen wants the chat to be. The token is
 * shared by all tabs; unsent messages belong to their tab, so that no other tab sends them too. Where the browser
 * allows no storage it lasts as long as the page.
 */
export class BrowserMemory implements Memory {
  link = takeLink();
  private readonly key: string;
  private readonly lasting = new Map<string, string>();

  constructor(address: string) {
    this.key = `digispor:${address}`;
  }

  get token(): string | null {
    return this.read(() => localStorage, 'token');
  }

  set token(token: string | null) {
    this.write(() => localStorage, 'token', token ?? '');
  }

  get unsent(): readonly Outgoing[] {
    try {
      const stored: unknown = JSON.parse(this.read(() => sessionStorage, 'unsent') ?? '[]');
      return Array.isArray(stored) ? stored.filter(isOutgoing) : [];
    } catch {
      return [];
    }
  }

  set unsent(unsent: readonly Outgoing[]) {
    this.write(() => sessionStorage, 'unsent', unsent.length ? JSON.stringify(unsent) : '');
  }

  get preferences(): Preferences {
    return readPreferences(this.read(() => localStorage, 'preferences'));
  }

  set preferences(preferences: Preferences) {
    const isPlain = JSON.stringify(preferences) === JSON.stringify(PLAIN);
    this.write(() => localStorage, 'preferences', isPlain ? '' : JSON.stringify(preferences));
  }

  /** Forgets the conversation on this device; the other tabs hear of it, see `changeOfConversation`. */
  forget(): void {
    this.token = null;
    this.unsent = [];
  }

  /** What a storage event tells of another tab: it has forgotten the conversation, or it knows one. */
  changeOfConversation({ key, newValue }: StorageEvent): 'forgotten' | 'known' | undefined {
    if (key !== null && key !== `${this.key}:token`) return undefined;
    return newValue ? 'known' : 'forgotten';
  }

  private read(storage: () => Storage, name: string): string | null {
    try {
      return storage().getItem(`${this.key}:${name}`) || null;
    } catch {
      return this.lasting.get(name) || null;
    }
  }

  private write(storage: () => Storage, name: string, value: string): void {
    try {
      if (value) storage().setItem(`${this.key}:${name}`, value);
      else storage().removeItem(`${this.key}:${name}`);
    } catch {
      this.lasting.set(name, value);
    }
  }
}

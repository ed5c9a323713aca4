import { takeLink } from './link.js';
import { isOutgoing, type Outgoing } from './protocol.js';

/** What the widget remembers across reloads: which conversation it is in, and what is not sent yet. */
export interface Memory {
  token: string | null;
  unsent: readonly Outgoing[];
  /** The code of a one-time link that the page was opened with, until it has been followed. */
  link?: string | undefined;
}

/**
 * Keeps it in the browser, one memory for each chat address. The token is shared by all tabs; unsent messages belong
 * to their tab, so that no other tab sends them too. Where the browser allows no storage it lasts as long as the page.
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
    this.write(() => sessionStorage, 'unsent', JSON.stringify(unsent));
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
      storage().setItem(`${this.key}:${name}`, value);
    } catch {
      this.lasting.set(name, value);
    }
  }
}

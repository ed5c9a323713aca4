/** How the citizen wants the chat to be. */
export interface Preferences {
  /** How many steps larger than the page's the letters are. */
  size: number;
  /** Whether questions come in their easier wording. */
  easy: boolean;
  /** Whether what the bot says is read aloud. */
  aloud: boolean;
  /** Whether the citizen wants to speak instead of writing. */
  dictation: boolean;
}

export const LARGEST = 3;
export const PLAIN: Preferences = { size: 0, easy: false, aloud: false, dictation: false };

/** Reads what was stored in the browser, which anyone may have changed. */
export function readPreferences(stored: string | null): Preferences {
  try {
    const { size, easy, aloud, dictation } = JSON.parse(stored ?? '{}') as Record<string, unknown>;
    return {
      size: Number.isInteger(size) ? Math.min(Math.max(size as number, 0), LARGEST) : 0,
      easy: easy === true,
      aloud: aloud === true,
      dictation: dictation === true,
    };
  } catch {
    return PLAIN;
  }
}

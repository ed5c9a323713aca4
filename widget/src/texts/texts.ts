import { danish } from './danish.js';
import { english } from './english.js';

export type Texts = typeof danish;
export type Language = 'da' | 'en';

const LANGUAGES: Record<Language, Texts> = { da: danish, en: english };

/** What the widget says, in the language that was chosen last: a page has one chat. */
export let texts: Texts = danish;

export function speak(language: Language): void {
  texts = LANGUAGES[language];
}

/** The language that an attribute asks for; Danish where it asks for none that there is. */
export function languageOf(attribute: string | null): Language {
  return attribute?.toLowerCase().startsWith('en') ? 'en' : 'da';
}

/** What a button says to the assistant, which speaks Danish, whatever language stands on the button. */
export const WORDS_FOR_THE_ASSISTANT = {
  ...danish.quick,
  explainQuestion: 'Forklar spørgsmålet',
  deleteRequest: 'Jeg vil gerne have slettet mine oplysninger',
};

import { html, nothing, type TemplateResult } from 'lit';
import { LARGEST, type Preferences } from './preferences.js';
import { texts } from './texts/texts.js';

export interface ToolsView {
  heading: string;
  isOpen: boolean;
  open: (isOpen: boolean) => void;
  preferences: Preferences;
  canRead: boolean;
  canDictate: boolean;
  /** Whether the citizen is asked if they mean it. */
  asksToForget: boolean;
  hasUnsent: boolean;
  prefer: (changed: Partial<Preferences>) => void;
  print: () => void;
  save: () => void;
  askToDelete: () => void;
  askToForget: (asks: boolean) => void;
  forget: () => void;
}

/** The heading; beside it, and in a menu below it, what makes the chat easier and what can be done with it. */
export function tools(view: ToolsView): TemplateResult {
  const { heading, isOpen, open, preferences, canRead, prefer } = view;
  return html`<div class="top">
      <h2 id="heading">${heading}</h2>
      ${canRead
        ? html`<button
            type="button"
            class="tool aloud"
            aria-pressed=${preferences.aloud ? 'true' : 'false'}
            @click=${() => prefer({ aloud: !preferences.aloud })}
          >
            ${texts.aloud}
          </button>`
        : nothing}
      <button
        type="button"
        class="tool menu"
        aria-expanded=${isOpen ? 'true' : 'false'}
        aria-controls="options"
        @click=${() => open(!isOpen)}
      >
        ${texts.options}
      </button>
    </div>
    <div id="options" class="options" role="group" aria-label=${texts.options} ?hidden=${!isOpen}>
      ${reading(view)} ${keeping(view)}
    </div>`;
}

function reading({ preferences, canDictate, prefer }: ToolsView): TemplateResult {
  const { size, easy, dictation } = preferences;
  return html`<div class="letters" role="group" aria-label=${texts.letters}>
      <button type="button" class="tool" ?disabled=${size === 0} @click=${() => prefer({ size: size - 1 })}>
        ${texts.smaller}
      </button>
      <button type="button" class="tool" ?disabled=${size === LARGEST} @click=${() => prefer({ size: size + 1 })}>
        ${texts.larger}
      </button>
    </div>
    ${choice('easy', texts.easy, texts.easyHint, easy, (chosen) => prefer({ easy: chosen }))}
    ${canDictate
      ? choice('dictation', texts.dictation, texts.dictationHint, dictation, (chosen) => prefer({ dictation: chosen }))
      : nothing}`;
}

function choice(id: string, label: string, hint: string, isChosen: boolean, choose: (chosen: boolean) => void): TemplateResult {
  return html`<label class="option">
      <input
        type="checkbox"
        id=${id}
        aria-describedby="${id}-hint"
        .checked=${isChosen}
        @change=${(event: Event) => choose((event.target as HTMLInputElement).checked)}
      />
      <span>${label}</span>
    </label>
    <p id="${id}-hint" class="hint">${hint}</p>`;
}

function keeping({ asksToForget, hasUnsent, print, save, askToDelete, askToForget, forget }: ToolsView): TemplateResult {
  return html`<div class="keeping">
      <button type="button" class="tool" @click=${print}>${texts.print}</button>
      <button type="button" class="tool" @click=${save}>${texts.save}</button>
      <button type="button" class="tool" @click=${askToDelete}>${texts.askToDelete}</button>
      <button
        type="button"
        class="tool"
        aria-expanded=${asksToForget ? 'true' : 'false'}
        @click=${() => askToForget(!asksToForget)}
      >
        ${texts.forget}
      </button>
    </div>
    ${asksToForget
      ? html`<div class="sure" role="group" aria-labelledby="sure">
          <p id="sure">${texts.forgetMeans} ${hasUnsent ? texts.forgetsUnsent : ''}</p>
          <button type="button" class="send" @click=${forget}>${texts.forgetSurely}</button>
          <button type="button" class="tool" @click=${() => askToForget(false)}>${texts.forgetNot}</button>
        </div>`
      : nothing}`;
}

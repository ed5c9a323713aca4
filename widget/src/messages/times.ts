import { html, type TemplateResult } from 'lit';
import type { Button, OfferedTime } from '../protocol.js';
import { texts } from '../texts/texts.js';
import { choices } from './choices.js';

interface Day {
  name: string;
  times: { button: Button; label: string }[];
}

/** The offered times as a list by day, and behind it the buttons that are no times. */
export function times(
  buttons: readonly Button[],
  offered: readonly OfferedTime[],
  choose: (button: Button) => void,
): TemplateResult {
  const rest = buttons.filter(({ title }) => !offered.some((time) => time.title === title));
  return html`<ul class="days" role="list" aria-label=${texts.times}>
      ${byDay(buttons, offered).map(
        ({ name, times }) => html`<li>
          <p class="day" lang="da">${name}</p>
          <div class="choices" role="group" aria-label=${name}>
            ${times.map(
              ({ button, label }) =>
                html`<button type="button" class="choice" lang="da" @click=${() => choose(button)}>${label}</button>`,
            )}
          </div>
        </li>`,
      )}
    </ul>
    ${rest.length ? choices(rest, choose) : ''}`;
}

/** The times in the order they were offered, which is that of the clock; each day once. */
function byDay(buttons: readonly Button[], offered: readonly OfferedTime[]): Day[] {
  const days = new Map<string, Day>();
  for (const { title, day, time } of offered) {
    const button = buttons.find((candidate) => candidate.title === title);
    if (!button) continue;
    const found = days.get(day) ?? { name: day, times: [] };
    days.set(day, found);
    found.times.push({ button, label: time });
  }
  return [...days.values()];
}

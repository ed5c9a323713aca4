import { texts } from './texts/texts.js';

const GAP_SECONDS = 30 * 60;

/** The line to put before a message: its day and time, when it begins the conversation or comes after a while. */
export function separatorBefore(at: number, previousAt: number | undefined, now: Date): string | null {
  if (previousAt !== undefined && at - previousAt < GAP_SECONDS && isSameDay(dateOf(at), dateOf(previousAt))) return null;
  return `${dayName(dateOf(at), now)} ${texts.clock(clock(dateOf(at)))}`;
}

/** A message's day and time as they stand in a file that is read long after. */
export function fullTime(at: number): string {
  const date = dateOf(at);
  return `${formatted(date, { dateStyle: 'long' })} ${texts.clock(clock(date))}`;
}

function dayName(date: Date, now: Date): string {
  const yesterday = new Date(now);
  yesterday.setDate(now.getDate() - 1);
  if (isSameDay(date, now)) return texts.today;
  if (isSameDay(date, yesterday)) return texts.yesterday;
  return texts.date(formatted(date, { weekday: 'long' }), formatted(date, { day: 'numeric', month: 'long' }));
}

function clock(date: Date): string {
  return formatted(date, { hour: 'numeric', minute: '2-digit' });
}

function formatted(date: Date, format: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(texts.locale, format).format(date);
}

function dateOf(epochSeconds: number): Date {
  return new Date(epochSeconds * 1000);
}

function isSameDay(one: Date, other: Date): boolean {
  return one.toDateString() === other.toDateString();
}

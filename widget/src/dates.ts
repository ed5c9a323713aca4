import { texts } from './texts.js';

const GAP_SECONDS = 30 * 60;
const weekday = new Intl.DateTimeFormat('da-DK', { weekday: 'long' });
const dayAndMonth = new Intl.DateTimeFormat('da-DK', { day: 'numeric', month: 'long' });
const fullDate = new Intl.DateTimeFormat('da-DK', { dateStyle: 'long' });
const time = new Intl.DateTimeFormat('da-DK', { hour: 'numeric', minute: '2-digit' });

/** The line to put before a message: its day and time, when it begins the conversation or comes after a while. */
export function separatorBefore(at: number, previousAt: number | undefined, now: Date): string | null {
  if (previousAt !== undefined && at - previousAt < GAP_SECONDS && isSameDay(dateOf(at), dateOf(previousAt))) return null;
  return `${dayName(dateOf(at), now)} ${texts.clock(time.format(dateOf(at)))}`;
}

/** A message's day and time as they stand in a file that is read long after. */
export function fullTime(at: number): string {
  const date = dateOf(at);
  return `${fullDate.format(date)} ${texts.clock(time.format(date))}`;
}

function dayName(date: Date, now: Date): string {
  const yesterday = new Date(now);
  yesterday.setDate(now.getDate() - 1);
  if (isSameDay(date, now)) return texts.today;
  if (isSameDay(date, yesterday)) return texts.yesterday;
  return texts.date(weekday.format(date), dayAndMonth.format(date));
}

function dateOf(epochSeconds: number): Date {
  return new Date(epochSeconds * 1000);
}

function isSameDay(one: Date, other: Date): boolean {
  return one.toDateString() === other.toDateString();
}

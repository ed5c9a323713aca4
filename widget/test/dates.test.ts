import { expect, test } from 'vitest';
import { separatorBefore } from '../src/dates.js';

const now = new Date(2026, 10, 24, 12, 0);
const at = (day: number, hour: number, minute = 0): number => new Date(2026, 10, day, hour, minute).getTime() / 1000;

test('the first message tells its day and time', () => {
  expect(separatorBefore(at(24, 9, 5), undefined, now)).toBe('I dag kl. 9.05');
  expect(separatorBefore(at(23, 23, 59), undefined, now)).toBe('I går kl. 23.59');
  expect(separatorBefore(at(20, 13, 30), undefined, now)).toBe('Fredag den 20. november kl. 13.30');
});

test('messages close in time stand together', () => {
  expect(separatorBefore(at(24, 9, 29), at(24, 9), now)).toBeNull();
  expect(separatorBefore(at(24, 9, 30), at(24, 9), now)).toBe('I dag kl. 9.30');
});

test('a new day begins a new part', () => {
  expect(separatorBefore(at(24, 0, 1), at(23, 23, 59), now)).toBe('I dag kl. 0.01');
});

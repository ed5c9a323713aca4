import { describe, expect, test } from 'vitest';
import { isOutgoing, readAcknowledgement, readConfirmation, readMessage } from '../src/protocol.js';

const customOf = (custom: unknown): unknown => readMessage({ from: 'bot', text: 'x', at: 1, custom })?.custom;

describe('a message', () => {
  test('keeps the words as they are', () => {
    const text = '<b>Hej</b>\n&amp; مرحبا 👩‍🦰';
    expect(readMessage({ from: 'bot', text, at: 1 })?.text).toBe(text);
  });

  test('with nothing to show is none', () => {
    expect(readMessage({ from: 'bot', text: '', at: 1 })).toBeNull();
    expect(readMessage({ from: 'bot', text: '', at: 1, custom: { type: 'unknown' } })).toBeNull();
  });

  test('tells which person wrote it in the place of the bot', () => {
    expect(readMessage({ from: 'bot', text: 'x', author: 'Anna Holm' })?.author).toBe('Anna Holm');
    expect(readMessage({ from: 'citizen', text: 'x', author: 'Anna Holm' })?.author).toBeUndefined();
    expect(readMessage({ from: 'bot', text: 'x', author: 7 })?.author).toBeUndefined();
  });

  test('without a time is from now', () => {
    expect(readMessage({ from: 'bot', text: 'x' })?.at).toBeCloseTo(Date.now() / 1000, -1);
  });
});

describe('custom data', () => {
  test.each(['https://x.dk/a.ics', 'http://localhost:8080/a.ics'])('%s can go into the calendar', (calendar_url) => {
    expect(customOf({ type: 'booking', calendar_url })).toEqual({ type: 'booking', calendarUrl: calendar_url });
    const link = { type: 'link', title: 'Se kvitteringen', url: calendar_url };
    expect(customOf(link)).toEqual(link);
  });

  test.each(['javascript:alert(1)', ' javascript:alert(1)', 'data:text/html,x', '/a.ics', '', null, 7])(
    '%s is no address for a calendar',
    (calendar_url) => {
      expect(customOf({ type: 'booking', calendar_url })).toBeUndefined();
      expect(customOf({ type: 'link', title: 'x', url: calendar_url })).toBeUndefined();
    },
  );

  test.each([{ number: -1, left: 2 }, { number: 1 }, { number: 'x', left: 1 }, { number: 1.5, left: 1 }])(
    '%j is no place in the assessment',
    (place) => {
      expect(customOf({ type: 'question', ...place })).toBeUndefined();
    },
  );

  test('of times keeps those that can be shown', () => {
    const time = { title: 'a', day: 'Fredag', time: 'kl. 9' };
    expect(customOf({ type: 'times', times: [time, { title: 'b' }, null] })).toEqual({ type: 'times', times: [time] });
  });

  test('of a profile keeps areas that can be drawn', () => {
    const areas = [
      { name: 'Sikkerhed', percent: 40 },
      { name: 'Problemløsning', percent: null },
      { name: 'for meget', percent: 101 },
      { name: 'for lidt', percent: -1 },
      { percent: 10 },
      'tekst',
    ];
    expect(customOf({ type: 'profile', areas })).toEqual({ type: 'profile', areas: areas.slice(0, 2) });
  });
});

test('a confirmation without a token or history that can be read does not break the chat', () => {
  expect(readConfirmation({ history: [] })).toBeNull();
  expect(readConfirmation({ token: 't', history: 'none' })).toEqual({ token: 't', after: null, history: [] });
  expect(readConfirmation({ token: 't', history: [null, { from: 'bot', text: 'Hej', at: 1 }] })?.history).toHaveLength(1);
});

test('an acknowledgement tells what is kept of a message in which something was hidden', () => {
  expect(readAcknowledgement({ ok: true, text: '[CPR-nummer fjernet]' })).toEqual({ ok: true, text: '[CPR-nummer fjernet]' });
  expect(readAcknowledgement({ ok: true, text: 7 })).toEqual({ ok: true });
});

test('an acknowledgement that is not understood is a refusal', () => {
  expect(readAcknowledgement({ ok: true })).toEqual({ ok: true });
  for (const odd of [undefined, null, {}, { ok: 'true' }, { ok: false, error: 'invalid' }]) {
    expect(readAcknowledgement(odd)).toEqual({ ok: false, error: 'refused' });
  }
});

test('what the browser has stored is taken only when it is a message', () => {
  expect(isOutgoing({ id: 'a', at: 1, text: 'Hej' })).toBe(true);
  expect(isOutgoing({ id: 'a', at: 1, button: { title: 'Ja', payload: '/a', signature: 's' } })).toBe(true);
  for (const odd of [null, {}, { id: 'a', at: 1 }, { id: 'a', at: 1, button: {} }, { at: 1, text: 'Hej' }]) {
    expect(isOutgoing(odd)).toBe(false);
  }
});

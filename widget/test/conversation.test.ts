import { describe, expect, test } from 'vitest';
import {
  begun,
  canChoose,
  confirmed,
  delivered,
  latestAnswers,
  latestConfirmed,
  lost,
  openQuestion,
  progressOf,
  said,
  uttered,
  type Conversation,
} from '../src/conversation.js';
import type { Button, Message, Outgoing } from '../src/protocol.js';

const yes: Button = { title: 'Ja', payload: '/affirm', signature: 'a' };
const no: Button = { title: 'Nej', payload: '/deny', signature: 'b' };

const bot = (text: string, buttons: Button[] = []): Message => ({ from: 'bot', text, at: 1, buttons });
const citizen = (text: string, id: string): Message => ({ from: 'citizen', text, at: 1, id, buttons: [] });
const typed = (id: string): Outgoing => ({ id, at: 1, text: id });
const shown = ({ entries }: Conversation): string[] =>
  entries.map(({ message, delivery }) => `${message.text}${delivery ? ` (${delivery})` : ''}`);

const numbered = (id: string): Message => ({ ...bot(id), id });

const asked = uttered(begun([]), bot('Skal vi gå i gang?', [yes, no]));

describe('what is shown', () => {
  test('begins with what was not sent before the reload', () => {
    expect(shown(begun([typed('one')]))).toEqual(['one (waiting)']);
  });

  test('a chosen button stands as the words the citizen chose', () => {
    expect(shown(said(asked, { id: 'one', at: 1, button: yes }))).toEqual(['Skal vi gå i gang?', 'Ja (waiting)']);
  });

  test('a message says how far it has come', () => {
    const conversation = said(said(begun([]), typed('one')), typed('two'));
    expect(shown(delivered(conversation, 'one', 'sent'))).toEqual(['one (sent)', 'two (waiting)']);
  });

  test('what the server has hidden in a message is hidden here, too', () => {
    const conversation = said(said(begun([]), typed('one')), typed('two'));
    const kept = delivered(conversation, 'one', 'sent', '[CPR-nummer fjernet]');
    expect(shown(kept)).toEqual(['[CPR-nummer fjernet] (sent)', 'two (waiting)']);
    expect(shown(delivered(kept, 'one', 'sent'))).toEqual(shown(kept));
  });

  test('the history takes the place of what was shown and doubles nothing', () => {
    const before = delivered(said(said(asked, typed('one')), typed('two')), 'one', 'sent');
    const history = [bot('Skal vi gå i gang?'), citizen('one', 'one'), bot('Godt.')];
    const after = confirmed(before, history, null);
    expect(shown(after)).toEqual(['Skal vi gå i gang?', 'one (sent)', 'Godt.', 'two (waiting)']);
    expect(shown(confirmed(after, history, null))).toEqual(shown(after));
  });

  test('a message that the server turns out to have is no longer waiting', () => {
    const before = said(begun([]), typed('one'));
    expect(shown(confirmed(before, [citizen('one', 'one')], null))).toEqual(['one (sent)']);
  });

  test('a history that goes on is put behind what was there', () => {
    const before = uttered(uttered(begun([]), numbered('a')), numbered('b'));
    const after = confirmed(before, [citizen('one', 'one'), numbered('c')], 'b');
    expect(shown(after)).toEqual(['a', 'b', 'one (sent)', 'c']);
    expect(shown(confirmed(after, [], 'c'))).toEqual(shown(after));
  });

  test('an answer that came before its message was confirmed finds its place again', () => {
    const sending = delivered(said(uttered(begun([]), numbered('a')), typed('one')), 'one', 'sending');
    const asked = uttered(sending, numbered('b'));
    expect(latestConfirmed(asked)).toBe('a');
    const after = confirmed(asked, [citizen('one', 'one'), numbered('b'), numbered('c')], 'a');
    expect(shown(after)).toEqual(['a', 'one (sent)', 'b', 'c']);
    expect(latestConfirmed(after)).toBe('c');
  });

  test('a message that was refused stays, so that the citizen can write it again', () => {
    const before = delivered(said(uttered(begun([]), numbered('a')), typed('one')), 'one', 'refused');
    expect(shown(confirmed(before, [numbered('b')], 'a'))).toEqual(['a', 'b', 'one (refused)']);
  });

  test('an answer stands before what has not left this device yet', () => {
    const two = said(said(begun([]), typed('one')), typed('two'));
    expect(shown(uttered(delivered(two, 'one', 'sending'), bot('Godt.')))).toEqual([
      'one (sending)',
      'Godt.',
      'two (waiting)',
    ]);
  });

  test('what was said in another tab is shown, and an echo of our own is not', () => {
    const before = delivered(said(begun([]), typed('one')), 'one', 'sending');
    const after = uttered(uttered(before, citizen('two', 'two')), citizen('one', 'one'));
    expect(shown(after)).toEqual(['one (sending)', 'two (sent)']);
  });
});

describe('the buttons that can be chosen', () => {
  test('are those of the last message', () => {
    expect(openQuestion(asked)?.message.buttons).toEqual([yes, no]);
    const next = uttered(asked, bot('Er du sikker?', [no]));
    expect(openQuestion(next)?.message.buttons).toEqual([no]);
    expect(canChoose(next, yes)).toBe(false);
  });

  test('stay while the bot only adds to its question', () => {
    expect(openQuestion(uttered(asked, bot('Tag dig god tid.')))?.message.buttons).toEqual([yes, no]);
  });

  test('are gone when the citizen has chosen or written, also before it is sent', () => {
    expect(canChoose(asked, yes)).toBe(true);
    expect(canChoose(said(asked, { id: 'one', at: 1, button: yes }), no)).toBe(false);
    expect(openQuestion(said(asked, typed('one')))).toBeUndefined();
  });

  test('are gone when the citizen has answered in another tab', () => {
    expect(openQuestion(uttered(asked, citizen('Ja', 'other')))).toBeUndefined();
  });
});

describe('how far the assessment is', () => {
  const question = (number: number, left: number): Message => ({ ...bot('?'), custom: { type: 'question', number, left } });

  test('is what the latest question tells, whatever was said since', () => {
    const conversation = said(uttered(uttered(begun([]), question(1, 14)), question(2, 12)), typed('one'));
    expect(progressOf(conversation)).toMatchObject({ number: 2, left: 12 });
  });

  test('is told neither before the first question nor after the result', () => {
    expect(progressOf(asked)).toBeNull();
    const done = uttered(uttered(begun([]), question(9, 0)), { ...bot('!'), custom: { type: 'profile', areas: [] } });
    expect(progressOf(done)).toBeNull();
  });
});

test('the latest answers are what the bot has said since the citizen spoke', () => {
  const conversation = uttered(uttered(delivered(said(asked, typed('one')), 'one', 'sent'), bot('Godt.')), bot('Og så?'));
  expect(latestAnswers(conversation).map(({ text }) => text)).toEqual(['Godt.', 'Og så?']);
});

describe('the connection', () => {
  test('is said to be back only after it was lost, and until something is said', () => {
    expect(begun([]).status).toBe('connecting');
    const first = confirmed(begun([]), [], null);
    expect(first.status).toBe('open');
    const back = confirmed(lost(first), [], null);
    expect(back.status).toBe('restored');
    expect(uttered(back, bot('Hej')).status).toBe('open');
    expect(said(back, typed('one')).status).toBe('open');
  });

  test('stays lost while the citizen writes on', () => {
    expect(said(lost(begun([])), typed('one')).status).toBe('lost');
  });
});

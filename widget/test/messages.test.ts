// @vitest-environment happy-dom
import { describe, expect, test } from 'vitest';
import type { Button } from '../src/protocol.js';
import { texts } from '../src/texts/texts.js';
import { all, bot, chat, click, find, freshChatForEachTest, hear, line, no, textsOf, yes } from './chat-on-a-line.js';

freshChatForEachTest();

describe('messages', () => {
  test('stand in a log, with who said them', async () => {
    await hear(bot('Hej'), { ...bot('Ja tak'), from: 'citizen' });
    expect(find('[role=log]').getAttribute('aria-label')).toBe(texts.conversation);
    expect(textsOf('.message .sr-only')).toEqual([texts.digispor, texts.citizen]);
    expect(textsOf('.text')).toEqual(['Hej', 'Ja tak']);
  });

  test('of a person are shown under their name', async () => {
    await hear(bot('Hej', { author: 'Anna Holm' }), bot('Ja tak'));
    expect(textsOf('.author')).toEqual([texts.person('Anna Holm')]);
    expect(textsOf('.message .sr-only')).toEqual([texts.digispor]);
  });

  test('are text and never markup', async () => {
    const hostile = '<img src=x onerror="alert(1)"><script>alert(2)</script>';
    await hear(bot(hostile, { buttons: [{ ...yes, title: hostile }], custom: { type: 'profile', areas: [{ name: hostile, percent: 3 }] } }));
    expect(all('img, script')).toEqual([]);
    expect(textsOf('.text')).toEqual([hostile]);
    expect(textsOf('.choice')).toEqual([hostile]);
    expect(textsOf('.area')).toEqual([hostile]);
  });

  test('choose their own direction of reading', async () => {
    await hear(bot('مرحبا'));
    expect(find('.text').getAttribute('dir')).toBe('auto');
    expect(find('textarea').getAttribute('dir')).toBe('auto');
  });

  test('of a booking can be put into the calendar', async () => {
    await hear(bot('Din tid er booket.', { custom: { type: 'booking', calendarUrl: 'https://x.dk/a.ics' } }));
    expect(find<HTMLAnchorElement>('a').href).toBe('https://x.dk/a.ics');
    expect(textsOf('a')).toEqual([texts.calendar]);
  });

  test('can lead to a page of the municipality', async () => {
    await hear(bot('Nu er det slettet.', { custom: { type: 'link', title: 'Se kvitteringen', url: 'https://x.dk/k' } }));
    expect(find<HTMLAnchorElement>('a').href).toBe('https://x.dk/k');
    expect(textsOf('a')).toEqual(['Se kvitteringen']);
  });

  test('of a profile tell every value in words', async () => {
    const areas = [
      { name: 'sikkerhed', percent: 46.4 },
      { name: 'problemløsning', percent: null },
    ];
    await hear(bot('Her er dit billede.', { custom: { type: 'profile', areas } }));
    expect(textsOf('.area')).toEqual(['sikkerhed', 'problemløsning']);
    expect(textsOf('.percent')).toEqual(['46 %', texts.noPercent]);
    expect(all('.bar')).toHaveLength(1);
    expect(find('.bar').getAttribute('aria-hidden')).toBe('true');
  });
});

describe('choices', () => {
  test('send the whole button once, are gone, and stand as the citizen’s message', async () => {
    await hear(bot('Klar?', { buttons: [yes, no] }));
    const [first, second] = all('.choice');
    first!.click();
    second!.click();
    await chat.updateComplete;
    expect(line.sent).toMatchObject([{ button: yes }]);
    expect(all('.choice')).toEqual([]);
    expect(textsOf('.citizen .text')).toEqual(['Ja']);
  });

  test('leave the focus in the conversation', async () => {
    await hear(bot('Klar?', { buttons: [yes, no] }));
    await click(find('.choice'));
    expect(chat.shadowRoot!.activeElement).toBe(find('[role=log]'));
  });

  test('of an earlier question are gone', async () => {
    await hear(bot('Klar?', { buttons: [yes] }), bot('Helt klar?', { buttons: [no] }));
    expect(textsOf('.choice')).toEqual(['Nej']);
  });
});

describe('a question of the assessment', () => {
  const ask = (): Promise<void> =>
    hear(bot('Hvor godt kan du sende en mail?', { buttons: [yes, no], custom: { type: 'question', number: 3, left: 9 } }));
  const submit = async (): Promise<void> => {
    find('form.scale').dispatchEvent(new Event('submit', { cancelable: true }));
    await chat.updateComplete;
  };

  test('is a group of radio buttons named by the question', async () => {
    await ask();
    expect(textsOf('.scale .option')).toEqual(['Ja', 'Nej']);
    const group = find('[role=radiogroup]');
    expect(find(`#${group.getAttribute('aria-labelledby')}`).textContent).toBe('Hvor godt kan du sende en mail?');
    expect(all('.choice')).toEqual([]);
  });

  test('is answered when the citizen sends what they have chosen, and not before', async () => {
    await ask();
    await submit();
    const second = all('.scale input')[1] as HTMLInputElement;
    second.checked = true;
    await chat.updateComplete;
    expect(line.sent).toEqual([]);
    await submit();
    expect(line.sent).toMatchObject([{ button: no }]);
    expect(all('.scale')).toEqual([]);
    expect(chat.shadowRoot!.activeElement).toBe(find('[role=log]'));
  });

  test('shows how far the assessment is, in words and figures', async () => {
    expect(all('[role=progressbar]')).toEqual([]);
    await ask();
    const bar = find('[role=progressbar]');
    expect(find(`#${bar.getAttribute('aria-labelledby')}`).textContent).toBe('Spørgsmål 3. Der er højst 9 tilbage.');
    expect([bar.getAttribute('aria-valuenow'), bar.getAttribute('aria-valuemax')]).toEqual(['2', '12']);
  });
});

test('times are a list by day, and what is no time comes behind it', async () => {
  const at = (title: string): Button => ({ title, payload: `/inform${title}`, signature: title });
  const offered = [
    { title: 'fre. 10', day: 'Fredag 27. november', time: 'kl. 10.00' },
    { title: 'fre. 12', day: 'Fredag 27. november', time: 'kl. 12.00' },
    { title: 'man. 9', day: 'Mandag 30. november', time: 'kl. 9.00' },
  ];
  const buttons = [...offered.map(({ title }) => at(title)), at('Vis flere')];
  await hear(bot('Hvilken?', { buttons, custom: { type: 'times', times: offered } }));
  expect(textsOf('.day')).toEqual(['Fredag 27. november', 'Mandag 30. november']);
  expect(textsOf('.choice')).toEqual(['kl. 10.00', 'kl. 12.00', 'kl. 9.00', 'Vis flere']);
  await click(all('.choice')[1]!);
  expect(line.sent).toMatchObject([{ button: at('fre. 12') }]);
});

test('each line is marked with its language', async () => {
  await hear(bot('مرحبا\nHello', { custom: { type: 'languages', lines: ['ar', 'en'] } }));
  expect(all('.text').map(({ lang }) => lang)).toEqual(['ar', 'en']);
});

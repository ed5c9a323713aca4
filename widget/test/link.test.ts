// @vitest-environment happy-dom
import { expect, test } from 'vitest';
import { takeLink } from '../src/link.js';

function open(address: string): void {
  history.replaceState(null, '', address);
}

test('the code of a link is taken out of the address, and the rest of the address stays', () => {
  open('/hjaelp?side=2#l=abc_DEF-12345678');
  expect(takeLink()).toBe('abc_DEF-12345678');
  expect(location.pathname + location.search + location.hash).toBe('/hjaelp?side=2');
  expect(takeLink()).toBeUndefined();
});

test.each(['/', '/#indhold', '/#l=', '/#l=to ord', `/#l=${'x'.repeat(101)}`, '/?l=abc'])(
  'an address without a link, %s, is left alone',
  (address) => {
    open(address);
    const before = location.href;
    expect(takeLink()).toBeUndefined();
    expect(location.href).toBe(before);
  },
);

// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { BrowserMemory } from '../src/memory.js';

const message = { id: 'a', at: 1, text: 'Hej' };

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
});
afterEach(() => vi.unstubAllGlobals());

test('lasts beyond the page, for one address', () => {
  const memory = new BrowserMemory('https://one.dk/');
  memory.token = 'token';
  memory.unsent = [message];
  expect(new BrowserMemory('https://one.dk/').token).toBe('token');
  expect(new BrowserMemory('https://one.dk/').unsent).toEqual([message]);
  expect(new BrowserMemory('https://two.dk/').token).toBeNull();
  expect(new BrowserMemory('https://two.dk/').unsent).toEqual([]);
});

test('leaves unsent messages to the tab they were written in', () => {
  new BrowserMemory('https://one.dk/').unsent = [message];
  expect(localStorage.length).toBe(0);
});

test.each(['{', '7', '{"id":"a"}', '[null,{"id":"a"}]'])('does not trip over %s', (stored) => {
  sessionStorage.setItem('digispor:https://one.dk/:unsent', stored);
  expect(new BrowserMemory('https://one.dk/').unsent).toEqual([]);
});

test('lasts as long as the page where the browser allows no storage', () => {
  const forbidden = {
    getItem: () => {
      throw new DOMException('forbidden', 'SecurityError');
    },
    removeItem: () => {
      throw new DOMException('forbidden', 'SecurityError');
    },
    setItem: () => {
      throw new DOMException('full', 'QuotaExceededError');
    },
  };
  vi.stubGlobal('localStorage', forbidden);
  vi.stubGlobal('sessionStorage', forbidden);
  const memory = new BrowserMemory('https://one.dk/');
  memory.token = 'token';
  memory.unsent = [message];
  expect(memory.token).toBe('token');
  expect(memory.unsent).toEqual([message]);
});

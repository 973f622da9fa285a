import { afterEach, expect, test, vi } from 'vitest';
import { localStore, sessionStore } from './storage';

afterEach(() => {
  vi.unstubAllGlobals();
  delete (globalThis as { sessionStorage?: unknown }).sessionStorage;
});

test('blocked storage is a memory of this page, one for all its parts, and says so', () => {
  Object.defineProperty(globalThis, 'sessionStorage', {
    configurable: true,
    get: () => {
      throw new DOMException('Access is denied for this document.', 'SecurityError');
    },
  });
  expect(sessionStore().lasting).toBe(false);
  sessionStore().setItem('a', '1');
  expect(sessionStore().getItem('a')).toBe('1');
  expect(localStore().getItem('a')).toBeNull();
  sessionStore().removeItem('a');
  expect(sessionStore().getItem('a')).toBeNull();
});

test('the browser’s storage is used where it is given; a full one says so', () => {
  const kept = new Map<string, string>();
  const setItem = (key: string, value: string): void => {
    if (value === 'large') throw new DOMException('full', 'QuotaExceededError');
    kept.set(key, value);
  };
  vi.stubGlobal('localStorage', { getItem: (key: string) => kept.get(key) ?? null, setItem, removeItem: (key: string) => kept.delete(key) });
  const store = localStore();
  store.setItem('a', '1');
  expect([store.lasting, kept.get('a'), store.getItem('a')]).toEqual([true, '1', '1']);
  expect(() => store.setItem('a', 'large')).toThrow('full');
});

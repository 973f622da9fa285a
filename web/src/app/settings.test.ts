import { beforeEach, expect, test, vi } from 'vitest';

const KEY = 'hanpyo.settings';
let storage: Map<string, string>;

/** The module anew, as a page that is loaded with these settings kept. */
async function loaded(kept: object): Promise<typeof import('./settings')> {
  storage = new Map([[KEY, JSON.stringify(kept)]]);
  vi.stubGlobal('localStorage', { getItem: (key: string) => storage.get(key) ?? null, setItem: (key: string, value: string) => void storage.set(key, value) });
  vi.stubGlobal('document', { documentElement: { lang: '', dataset: {} } });
  vi.stubGlobal('location', { search: '' });
  vi.stubGlobal('navigator', { languages: ['ko'] });
  vi.resetModules();
  return import('./settings');
}
const kept = (): unknown => JSON.parse(storage.get(KEY) ?? 'null');

beforeEach(() => vi.unstubAllGlobals());

test('a language shown for this visit only is not kept by another change', async () => {
  const { changeSettings, settingsNow, tryOn } = await loaded({ language: 'en', theme: 'system', textSize: 2 });
  tryOn({ language: 'ko' });
  changeSettings({ theme: 'dark' });
  changeSettings({ textSize: 4 });
  expect(settingsNow()).toEqual({ language: 'ko', theme: 'dark', textSize: 4 });
  expect(kept()).toEqual({ language: 'en', theme: 'dark', textSize: 4 });
  expect(document.documentElement.lang).toBe('ko');
});

test('what is tried in a preview ends with it, and what was changed meanwhile stays', async () => {
  const { changeSettings, settingsNow, tryOn } = await loaded({ language: 'ko', theme: 'light', textSize: 2 });
  const back = tryOn({ language: 'en', theme: 'contrast' });
  changeSettings({ textSize: 5 });
  expect(kept()).toEqual({ language: 'ko', theme: 'light', textSize: 5 });
  back();
  expect(settingsNow()).toEqual({ language: 'ko', theme: 'light', textSize: 5 });
});

test('what is chosen of the settings that are tried is shown at once and kept', async () => {
  const { changeSettings, settingsNow, tryOn } = await loaded({ language: 'en', theme: 'system', textSize: 2 });
  const back = tryOn({ language: 'ko' });
  changeSettings({ language: 'en' });
  expect([settingsNow().language, kept()]).toEqual(['en', { language: 'en', theme: 'system', textSize: 2 }]);
  back();
  expect(settingsNow().language).toBe('en');
});

test('two that are tried at once end in any order', async () => {
  const { settingsNow, tryOn } = await loaded({ language: 'ko', theme: 'light', textSize: 2 });
  const first = tryOn({ theme: 'dark', textSize: 3 });
  const second = tryOn({ theme: 'contrast' });
  first();
  expect(settingsNow()).toEqual({ language: 'ko', theme: 'contrast', textSize: 2 });
  second();
  expect(settingsNow()).toEqual({ language: 'ko', theme: 'light', textSize: 2 });
});

import { beforeEach, expect, test, vi } from 'vitest';
import { englishReady } from '../i18n/apart';
import { changeLanguage, firstLanguage } from './language';
import { changeSettings, settingsNow, tryOn } from './settings';

vi.mock('../i18n/apart', () => ({ englishReady: vi.fn() }));
vi.mock('./settings', () => ({ changeSettings: vi.fn(), settingsNow: vi.fn(), tryOn: vi.fn() }));

beforeEach(() => vi.resetAllMocks());
const kept = { theme: 'system', textSize: 2 } as const;

test('English is shown once its texts are there, and not without them', async () => {
  vi.mocked(englishReady).mockResolvedValueOnce(false).mockResolvedValueOnce(true);
  expect(await changeLanguage('en')).toBe(false);
  expect(changeSettings).not.toHaveBeenCalled();
  expect(await changeLanguage('en')).toBe(true);
  expect(vi.mocked(changeSettings).mock.calls).toEqual([[{ language: 'en' }]]);
});

test.each([true, false])('Korean chosen while the English texts were on their way stays (they came: %s)', async (came) => {
  let arrive: (there: boolean) => void = () => undefined;
  vi.mocked(englishReady).mockReturnValueOnce(new Promise((resolve) => (arrive = resolve)));
  const english = changeLanguage('en');
  expect(await changeLanguage('ko')).toBe(true);
  arrive(came);
  // Nobody waits for English any more, so nobody is told.
  expect(await english).toBe(true);
  expect(vi.mocked(changeSettings).mock.calls).toEqual([[{ language: 'ko' }]]);
});

test('a page begins in Korean for this visit if the English texts cannot be had, and asks for none in Korean', async () => {
  vi.mocked(settingsNow).mockReturnValue({ ...kept, language: 'en' });
  vi.mocked(englishReady).mockResolvedValueOnce(false);
  expect(await firstLanguage()).toBe(false);
  expect(vi.mocked(tryOn).mock.calls).toEqual([[{ language: 'ko' }]]);
  expect(changeSettings).not.toHaveBeenCalled();
  vi.mocked(settingsNow).mockReturnValue({ ...kept, language: 'ko' });
  vi.mocked(englishReady).mockClear();
  expect(await firstLanguage()).toBe(true);
  expect(englishReady).not.toHaveBeenCalled();
});

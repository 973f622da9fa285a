/** The reader's language, theme and text size: kept on this device, applied as attributes of the root element. */
import { LANGUAGES, type Language } from '../i18n/catalogue';
import { localStore } from './storage';
import { createStore, useStore } from './store';

export type Theme = 'system' | 'light' | 'dark' | 'contrast';
export const THEMES: readonly Theme[] = ['system', 'light', 'dark', 'contrast'];
export const TEXT_SIZES = [1, 2, 3, 4, 5] as const;
export type TextSize = (typeof TEXT_SIZES)[number];

export interface Settings {
  language: Language;
  theme: Theme;
  /** 2 is the browser's own size. */
  textSize: TextSize;
}

const KEY = 'hanpyo.settings';

/** What the reader chose before, for each setting that is still one of its choices. */
function read(): Settings {
  let kept: Partial<Record<keyof Settings, unknown>> = {};
  try {
    const parsed: unknown = JSON.parse(localStore().getItem(KEY) ?? '{}');
    if (typeof parsed === 'object' && parsed !== null) kept = parsed;
  } catch {
    // No storage (private windows may refuse it), or not ours: the defaults hold.
  }
  const asked = new URLSearchParams(location.search).get('lang');
  const preferred = navigator.languages.map((tag) => tag.slice(0, 2));
  const one = <T>(choices: readonly T[], ...values: unknown[]): T | undefined => choices.find((choice) => values.includes(choice));
  return {
    language: one(LANGUAGES, asked) ?? one(LANGUAGES, kept.language) ?? LANGUAGES.find((tag) => tag === preferred.find((p) => p === 'ko' || p === 'en')) ?? 'ko',
    theme: one(THEMES, kept.theme) ?? 'system',
    textSize: one(TEXT_SIZES, kept.textSize) ?? 2,
  };
}

function apply({ language, theme, textSize }: Settings): void {
  const root = document.documentElement;
  root.lang = language;
  root.dataset['theme'] = theme;
  root.dataset['text'] = String(textSize);
}

const settings = createStore<Settings>(read());
apply(settings.get());

export const settingsNow = (): Settings => settings.get();

export const useSettings = (): Settings => useStore(settings);

/** Shows the page in other settings without keeping them; gives how to go back to those that were kept. */
export function tryOn(change: Partial<Settings>): () => void {
  const before = settings.get();
  const tried = { ...before, ...change };
  apply(tried);
  settings.set(tried);
  return () => {
    apply(before);
    settings.set(before);
  };
}

/** Changes some settings and keeps them. */
export function changeSettings(change: Partial<Settings>): void {
  const next = { ...settings.get(), ...change };
  apply(next);
  settings.set(next);
  try {
    localStore().setItem(KEY, JSON.stringify(next));
  } catch {
    // Without storage they hold until the page is closed.
  }
}

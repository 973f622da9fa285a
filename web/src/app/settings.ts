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

/** What the reader chose, and what is only shown for now on top of it, oldest first. */
let chosen = read();
let tried: readonly { change: Partial<Settings> }[] = [];

const settings = createStore<Settings>(chosen);
apply(settings.get());

function show(): void {
  const next = tried.reduce<Settings>((before, { change }) => ({ ...before, ...change }), chosen);
  apply(next);
  settings.set(next);
}

export const settingsNow = (): Settings => settings.get();

export const useSettings = (): Settings => useStore(settings);

/** Shows the page in other settings without keeping them; gives how to go back to those that were kept. */
export function tryOn(change: Partial<Settings>): () => void {
  const mine = { change };
  tried = [...tried, mine];
  show();
  return () => {
    tried = tried.filter((one) => one !== mine);
    show();
  };
}

/** Changes some settings and keeps them, and nothing that is only tried; what was tried of the same settings is over. */
export function changeSettings(change: Partial<Settings>): void {
  chosen = { ...chosen, ...change };
  for (const one of tried) one.change = Object.fromEntries(Object.entries(one.change).filter(([name]) => !(name in change)));
  show();
  try {
    localStore().setItem(KEY, JSON.stringify(chosen));
  } catch {
    // Without storage they hold until the page is closed.
  }
}

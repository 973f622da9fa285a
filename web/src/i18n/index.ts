/** What pages use: `useText(catalogue)`, `useFormat()`, `useLanguage()`, and `pick` for texts that come in both languages. */
import { useMemo } from 'preact/hooks';
import { useSettings } from '../app/settings';
import { type Catalogue, type Language, type Texts, type Translate, translator } from './catalogue';
import { type Format, formatFor } from './format';

export type { Catalogue, Language, Translate } from './catalogue';
export type { Format } from './format';

export const useLanguage = (): Language => useSettings().language;

/** The texts of a catalogue in the reader's language. */
export function useText<K extends Texts>(texts: Catalogue<K>): Translate<K> {
  const language = useLanguage();
  return useMemo(() => translator(texts, language), [texts, language]);
}

/** Formatters in the reader's language. */
export function useFormat(): Format {
  const language = useLanguage();
  return useMemo(() => formatFor(language), [language]);
}

/** A text as elections carry it. */
export interface Bilingual {
  ko: string;
  en?: string | null;
}

/** The text in the reader's language; Korean, which is authoritative, where there is no other. */
export const pick = (text: Bilingual, language: Language): string => (language === 'en' && text.en ? text.en : text.ko);

/** `pick` bound to the reader's language. */
export function usePick(): (text: Bilingual) => string {
  const language = useLanguage();
  return (text) => pick(text, language);
}

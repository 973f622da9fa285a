/** Texts of an election in the reader's language, the Korean beside it, which is authoritative. */
import type { JSX } from 'preact';
import { useLanguage } from '../../i18n';
import type { Bilingual } from '../../wasm/messages';

/** The line to read, and the Korean one where another language was asked for. */
export function useBilingual(): (text: Bilingual) => { main: string; korean: string | null } {
  const language = useLanguage();
  return (text) => (language === 'en' && text.en !== '' ? { main: text.en, korean: text.ko === text.en ? null : text.ko } : { main: text.ko, korean: null });
}

/** The Korean text below a foreign one. */
export const Korean = ({ text }: { text: string | null }): JSX.Element | null =>
  text === null ? null : (
    <span lang="ko" class="korean">
      {text}
    </span>
  );

/** A longer text, its lines as paragraphs. */
export function Paragraphs({ text, lang }: { text: string; lang?: string }): JSX.Element {
  return (
    <div class="stack stack-s" lang={lang}>
      {text
        .split(/\n+/)
        .filter((line) => line.trim() !== '')
        .map((line, index) => (
          <p key={`${index} ${line}`}>{line}</p>
        ))}
    </div>
  );
}

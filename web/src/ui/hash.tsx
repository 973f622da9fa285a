import type { JSX } from 'preact';
import { common } from '../i18n/common';
import { useText } from '../i18n';
import { Button } from './button';
import { groupCode } from './code-field';
import { toast } from './toast';
import './hash.css';

/** Copies to the clipboard and says whether it worked. */
export function CopyButton({ text, label }: { text: string; label?: string }): JSX.Element {
  const t = useText(common);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      toast(t('copy.done'));
    } catch {
      toast(t('copy.failed'), 'warning');
    }
  };
  return (
    <Button kind="quiet" size="small" icon="copy" onClick={() => void copy()}>
      {label ?? t('copy')}
    </Button>
  );
}

/** A hash, key or code in groups that a person can compare; `large` for a confirmation code. */
export function Hash({ value, groups = [4], label, large = false, copy = false }: { value: string; groups?: readonly number[]; label?: string; large?: boolean; copy?: boolean }): JSX.Element {
  return (
    <div class={large ? 'hash hash-large' : 'hash'}>
      {label !== undefined && <span class="hash-label">{label}</span>}
      <code class="hash-value" translate={false}>
        {groupCode(value, groups)
          .split('-')
          .map((part, index) => (
            <span key={`${index} ${part}`}>{part}</span>
          ))}
      </code>
      {copy && <CopyButton text={value} />}
    </div>
  );
}

/** A fingerprint as numbered words, to be read aloud and compared. */
export function Words({ words, label }: { words: readonly string[]; label: string }): JSX.Element {
  return (
    <ol class="words" aria-label={label} translate={false}>
      {words.map((word, index) => (
        <li key={`${index} ${word}`}>{word}</li>
      ))}
    </ol>
  );
}

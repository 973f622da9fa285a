import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { classes } from './class';
import { Field, type FieldProps } from './field';

export type CodeKind = 'crockford' | 'digits';

/** What a person types for a code, as its characters: separators dropped, look-alikes (I, L, O) read as meant. */
export function normalizeCode(text: string, kind: CodeKind): string {
  // Full-width letters and digits come from Korean input methods.
  const plain = text.normalize('NFKC').toUpperCase();
  if (kind === 'digits') return plain.replace(/\D/g, '');
  return plain.replace(/[IL]/g, '1').replace(/O/g, '0').replace(/[^0-9A-HJKMNP-TV-Z]/g, '');
}

/** The code in groups of the given sizes (the last size repeats), joined by `-`. */
export function groupCode(code: string, groups: readonly number[]): string {
  const parts: string[] = [];
  let at = 0;
  while (at < code.length) {
    const size = groups[Math.min(parts.length, groups.length - 1)] ?? code.length;
    parts.push(code.slice(at, at + size));
    at += size;
  }
  return parts.join('-');
}

export interface CodeFieldProps extends FieldProps {
  /** Without separators. */
  value: string;
  onInput: (code: string) => void;
  /** How many characters, separators not counted. */
  length: number;
  /** Sizes of the groups shown; the last repeats. */
  groups: readonly number[];
  kind?: CodeKind;
  /** `one-time-code` for codes that a message brings. */
  autoComplete?: 'one-time-code' | 'off';
}

/** One field for a code: shown in groups as on the letter, typed or pasted with or without them, cursor kept in place. */
export function CodeField({ value, onInput, length, groups, kind = 'crockford', autoComplete = 'off', ...field }: CodeFieldProps): JSX.Element {
  const input = useRef<HTMLInputElement>(null);
  /** How many characters of the code stand before the cursor, to be restored once the groups are drawn anew. */
  const before = useRef<number | null>(null);
  const shown = groupCode(value, groups);

  useLayoutEffect(() => {
    if (before.current === null || !input.current) return;
    let position = 0;
    for (let seen = 0; position < shown.length && seen < before.current; position += 1) if (shown[position] !== '-') seen += 1;
    // At the end of a group the cursor stands after the separator, where the next character goes.
    if (shown[position] === '-') position += 1;
    input.current.setSelectionRange(position, position);
    before.current = null;
  }, [shown]);

  return (
    <Field {...field}>
      {(control) => (
        <input
          {...control}
          ref={input}
          class={classes('control', 'control-code', 'control-sized')}
          type="text"
          // A tenth more for the spaced letters, which `size` does not count.
          size={Math.ceil(1.1 * (length + Math.ceil(length / (groups.at(-1) ?? length)))) + 1}
          inputMode={kind === 'digits' ? 'numeric' : 'text'}
          autoComplete={autoComplete}
          autoCapitalize="characters"
          spellcheck={false}
          value={shown}
          onInput={(event) => {
            const target = event.currentTarget;
            const cursor = target.selectionStart ?? target.value.length;
            before.current = normalizeCode(target.value.slice(0, cursor), kind).length;
            const code = normalizeCode(target.value, kind).slice(0, length);
            onInput(code);
            // When nothing changed no drawing follows, so what was typed wrongly is taken out here.
            if (code === value) target.value = shown;
          }}
        />
      )}
    </Field>
  );
}

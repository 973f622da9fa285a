/** Fields of the wizard: texts in both languages, whole numbers, lists whose rows can be added and taken out. */
import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import { adminWizard as texts } from '../../../i18n/admin-wizard';
import { useText } from '../../../i18n';
import { TextArea, TextField } from '../../../ui/field';
import type { Draft, Text } from '../election/draft';

/** What every step gets. `error` gives what is wrong at a place of the draft, which is also the id of its field. */
export interface StepProps {
  draft: Draft;
  change: (draft: Draft) => void;
  error: (place: string) => string | undefined;
}

export interface BilingualProps {
  /** Its place in the draft. */
  place: string;
  label: string;
  hint?: ComponentChildren;
  value: Text;
  onChange: (value: Text) => void;
  error: StepProps['error'];
  /** Several lines. */
  rows?: number;
}

/** Korean, which is authoritative, and English, which may be left out. */
export function BilingualField({ place, label, hint, value, onChange, error, rows }: BilingualProps): JSX.Element {
  const t = useText(texts);
  const korean = { id: `${place}.ko`, label: t('both.ko', { label }), value: value.ko, error: error(`${place}.ko`), onInput: (ko: string) => onChange({ ...value, ko }), ...(hint === undefined ? {} : { hint }) };
  const english = { id: `${place}.en`, label: t('both.en', { label }), value: value.en, error: error(`${place}.en`), onInput: (en: string) => onChange({ ...value, en }), optional: true };
  return (
    <div class="wizard-both">
      {rows === undefined ? <TextField {...korean} /> : <TextArea {...korean} rows={rows} />}
      {rows === undefined ? <TextField {...english} /> : <TextArea {...english} rows={rows} />}
    </div>
  );
}

/** A whole number from 0; while the field is empty the number is 0. */
export function NumberField({ value, onChange, ...field }: { id: string; label: string; hint?: string; value: number; onChange: (value: number) => void; error: string | undefined; suffix?: string; min?: number; max?: number }): JSX.Element {
  const [typed, setTyped] = useState(String(value));
  // What was typed stays as it is, unless the number was changed elsewhere.
  const shown = Number(typed) === value ? typed : String(value);
  return (
    <TextField
      {...field}
      type="number"
      inputMode="numeric"
      size={8}
      value={shown}
      onInput={(text) => {
        setTyped(text);
        const number = Number(text);
        onChange(Number.isSafeInteger(number) && number >= 0 ? number : 0);
      }}
    />
  );
}

/** `list` with one item replaced. */
export const replaced = <T,>(list: readonly T[], index: number, item: T): T[] => list.map((old, place) => (place === index ? item : old));
/** `list` without one item. */
export const without = <T,>(list: readonly T[], index: number): T[] => list.filter((_, place) => place !== index);

/** What is wrong with fields of a form, said in the language of the moment: it may change while the errors stand there. */
import { useMemo, useState } from 'preact/hooks';
import type { FormError } from '../../ui/error-summary';

export interface Wrong<T> {
  /** Id of the field. */
  field: string;
  say: (t: T) => string;
}

export interface Errors<T> {
  /** For the error summary. */
  list: readonly FormError[];
  at: (field: string) => string | undefined;
  set: (wrong: readonly Wrong<T>[]) => void;
}

export function useErrors<T>(t: T): Errors<T> {
  const [wrong, set] = useState<readonly Wrong<T>[]>([]);
  const list = useMemo(() => wrong.map(({ field, say }) => ({ field, message: say(t) })), [wrong, t]);
  return { list, at: (field) => list.find((error) => error.field === field)?.message, set };
}

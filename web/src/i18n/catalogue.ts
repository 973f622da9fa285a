/**
 * The typed catalogue. A page group's file holds its Korean texts, which define the keys, and its English ones, which
 * must have the same keys and parameters:
 *
 *   export const booth = catalogue(common, ko, en);      // src/i18n/booth.ts
 *   const t = useText(booth);                            // in a component
 *   t('contest.chosen', { n: 2, max: 3 })                // keys and parameters are checked by the compiler
 *
 * A text has parameters in braces, `{name}`. Where English needs a plural, its text is `{ one, other }`, chosen by the
 * parameter `n`. Numbers are written in the reader's language.
 */

export type Language = 'ko' | 'en';
export const LANGUAGES: readonly Language[] = ['ko', 'en'];

/** A text, or its two English forms chosen by the parameter `n`. */
export type Text = string | { readonly one: string; readonly other: string };

export type Texts = Readonly<Record<string, string>>;

/** What a language other than Korean must give for the keys of `K`. */
export type Translated<K extends Texts> = Readonly<Record<keyof K, Text>>;

export type Value = string | number;

type NamesIn<S extends string> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | NamesIn<Rest> : never;

/** Arguments of a text: none, or an object with a value for each parameter. */
export type Arguments<S extends string> = [NamesIn<S>] extends [never] ? [] : [values: Record<NamesIn<S>, Value>];

/** A catalogue: the Korean texts (source of keys) and the English ones, those of its base included. */
export interface Catalogue<K extends Texts> {
  readonly ko: K;
  readonly en: Translated<K>;
}

/** Looks a text up and fills in its parameters. */
export type Translate<K extends Texts> = <Key extends keyof K & string>(key: Key, ...values: Arguments<K[Key]>) => string;

/** The empty catalogue, for others to stand on. */
// eslint-disable-next-line @typescript-eslint/no-generated-empty-object-type -- no keys is what is meant
export const NOTHING: Catalogue<Record<never, string>> = { ko: {}, en: {} };

/** Makes a catalogue on top of another one, whose texts it also offers. */
export function catalogue<B extends Texts, const K extends Texts>(base: Catalogue<B>, ko: K, en: Translated<K>): Catalogue<B & K> {
  return { ko: { ...base.ko, ...ko }, en: { ...base.en, ...en } };
}

/** The texts of a catalogue in one language. */
export function translator<K extends Texts>(texts: Catalogue<K>, language: Language): Translate<K> {
  const numbers = new Intl.NumberFormat(language);
  const plurals = new Intl.PluralRules(language);
  return (key, ...[values]) => {
    const text: Text = texts[language][key];
    const filled: Record<string, Value> = values ?? {};
    const form = typeof text === 'string' ? text : plurals.select(Number(filled['n'])) === 'one' ? text.one : text.other;
    return form.replace(/\{(\w+)\}/g, (whole, name: string) => {
      const value = filled[name];
      return value === undefined ? whole : typeof value === 'number' ? numbers.format(value) : value;
    });
  };
}

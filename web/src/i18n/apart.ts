/**
 * English texts in a file of their own (build/english.mjs): a page that has its texts in its script never calls
 * `keepApart`, and `englishReady` is true at once. They are fetched when English is wanted and not before.
 */
import { fetchPinned, type Pinned } from '../wasm/pinned';
import type { Catalogue, Text, Texts } from './catalogue';

/** Nobody waits longer for a file that does not come; a request that failed can be made anew. */
const PATIENCE = 10_000;

interface Apart {
  readonly file: Pinned;
  readonly catalogues: readonly Catalogue<Texts>[];
}

let apart: Apart | null = null;
let underway: Promise<boolean> | null = null;

/** Says that the English texts of these catalogues are in `file`; null when they are in the script. */
export function keepApart(file: Pinned | null, catalogues: readonly Catalogue<Texts>[]): void {
  apart = file && { file, catalogues };
}

/** Fetches the English texts unless they are here; false when they cannot be had. One request at a time. */
export function englishReady(): Promise<boolean> {
  if (apart === null) return Promise.resolve(true);
  underway ??= fill(apart).finally(() => (underway = null));
  return underway;
}

async function fill({ file, catalogues }: Apart): Promise<boolean> {
  try {
    // The hash was compared: these are the texts that the catalogues were made with.
    const texts = JSON.parse(new TextDecoder().decode(await fetchPinned(file, AbortSignal.timeout(PATIENCE)))) as Readonly<Record<string, Text>>;
    for (const { ko, en } of catalogues) Object.assign(en, Object.fromEntries(Object.keys(ko).map((key) => [key, texts[key]])));
    apart = null;
    return true;
  } catch {
    // No connection, or not the file that belongs to this script: readers are told by who asked, and can ask again.
    return false;
  }
}

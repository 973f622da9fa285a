/** The beginning of a board: its first entry, the manifest. */

/** The record cannot be read as far as its checkpoint, or has no manifest that holds. */
export class Unreadable extends Error {}

/** The first entry of a bundle, which has its length in two bytes before it. */
export function firstEntry(bundle: Uint8Array): Uint8Array {
  const length = ((bundle[0] ?? 0) << 8) | (bundle[1] ?? 0);
  const entry = bundle.subarray(2, 2 + length);
  if (length === 0 || entry.length < length) throw new Unreadable('the board has no first entry');
  return entry;
}

/** Files that a script carries the hash of. */
import { sha256Hex } from '../app/hex';

export interface Pinned {
  readonly url: string;
  /** Hexadecimal; empty while developing, when there is no built file. */
  readonly sha256: string;
}

/** A file is not the one that the script was built with, or cannot be had. */
export class PinnedError extends Error {
  override readonly name = 'PinnedError';
}

/** Fetches a file and compares it with its hash. */
export async function fetchPinned(file: Pinned, signal?: AbortSignal): Promise<ArrayBuffer> {
  const response = await fetch(file.url, { credentials: 'omit', ...(signal && { signal }) });
  if (!response.ok) throw new PinnedError(`${file.url}: status ${response.status}`);
  const bytes = await response.arrayBuffer();
  if (import.meta.env.DEV && file.sha256 === '') return bytes;
  // Only secure contexts have it: https, and http on this very machine.
  if (!('subtle' in crypto)) throw new PinnedError('this page needs https: hashes cannot be compared without it');
  const found = await sha256Hex(bytes);
  if (found !== file.sha256) throw new PinnedError(`${file.url}: SHA-256 is ${found}, ${file.sha256} is expected`);
  return bytes;
}

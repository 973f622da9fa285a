/** What this browser can do, and what it means when the worker does not start. */
import { PinnedError } from '../../../wasm/pinned';

/** Whether the browser has what encrypting and verifying need. */
export const canVerify = (): boolean => typeof WebAssembly === 'object' && typeof Worker === 'function' && typeof BigInt === 'function' && 'getRandomValues' in globalThis.crypto;

/** Why the worker is of no use: the network did not bring its files, this browser cannot run them, or they are wrong. */
export function whyBroken(error: unknown): 'unreachable' | 'too-old' | 'failed' {
  if (!canVerify()) return 'too-old';
  const text = error instanceof Error ? error.message : String(error);
  // The worker's own fetch fails with a TypeError; in a worker only its text comes through.
  if (error instanceof PinnedError) return 'failed';
  if (error instanceof TypeError || /TypeError: (Failed to fetch|Load failed|NetworkError)/.test(text)) return 'unreachable';
  return /WebAssembly|CompileError|SecurityError/.test(text) ? 'too-old' : 'failed';
}

/** Starts the module for voters. */
import module from '../../dist-wasm/booth.wasm?pinned';
import worker from './booth-worker.ts?pinned';
import { WorkerClient } from './client';

/** A worker that opens elections, encrypts, and verifies receipts. Stop it when the voter leaves. */
export function startBooth(): Promise<WorkerClient> {
  // On its way into the browser's cache while the worker's script loads; the worker compares it with its hash.
  fetch(module.url, { credentials: 'omit' }).catch(() => undefined);
  return WorkerClient.start(worker);
}

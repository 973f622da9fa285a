/** Starts the module for voters. */
import worker from './booth-worker.ts?pinned';
import { WorkerClient } from './client';

/** A worker that opens elections, encrypts, and verifies receipts. Stop it when the voter leaves. */
export function startBooth(): Promise<WorkerClient> {
  return WorkerClient.start(worker);
}

/** Starts the modules for voters. */
import worker from './booth-worker.ts?pinned';
import { WorkerClient } from './client';

/** A worker that opens elections, encrypts, and verifies receipts. Stop it when the voter leaves. */
export const startBooth = (): Promise<WorkerClient> => WorkerClient.start(worker);

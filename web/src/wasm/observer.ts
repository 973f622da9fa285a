/** Starts the module for observers: one worker that follows, and helpers on the other cores. */
import { WorkerClient } from './client';
import { type FetchFile, type FollowOptions, Follower } from './follow';
import worker from './observer-worker.ts?pinned';

/** More helpers than the follower can feed would only take memory. */
const MOST_HELPERS = 8;

export interface RunningObserver {
  readonly follower: Follower;
  /** For `observer_report`, `observer_events` and `observer_results`. */
  readonly main: WorkerClient;
  stop(): void;
}

/** Reads the board below an address, such as `/board/tenant/election/`; `token` is of who may read a restricted one. */
export function boardAt(base: string, token?: () => Promise<string>): FetchFile {
  return async (path) => {
    const headers: HeadersInit = token === undefined ? {} : { authorization: `Bearer ${await token()}` };
    const response = await fetch(base + path, { headers, credentials: 'omit', cache: path === 'checkpoint' ? 'no-cache' : 'default' });
    if (response.status === 404) return null;
    if (!response.ok) throw new Error(`${path}: status ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  };
}

export async function startObserver(board: FetchFile, options: FollowOptions): Promise<RunningObserver> {
  const cores = navigator.hardwareConcurrency;
  const helpers = cores < 3 ? 0 : Math.min(cores - 1, MOST_HELPERS);
  const main = await WorkerClient.start(worker);
  const others = await Promise.all(Array.from({ length: helpers }, () => WorkerClient.start(worker)));
  const stop = (): void => [main, ...others].forEach((client) => client.stop());
  return { main, stop, follower: await Follower.start(main, others, board, options) };
}

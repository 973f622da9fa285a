/** Starts the module for observers: one worker that follows, and helpers on the other cores. */
import { WorkerClient } from './client';
import { BoardRefused, type FetchFile, Follower, type FollowOptions } from './follow';
import type { Operator } from './ops';
import worker from './observer-worker.ts?pinned';

/** More helpers than the follower can feed would only take memory. */
const MOST_HELPERS = 4;

export interface ObserverWorkers {
  /** Follows; answers `observer_report`, `observer_events` and `observer_results`. */
  readonly main: Operator;
  /** Verify proofs for it. */
  readonly helpers: readonly Operator[];
  stop(): void;
}

/** Milliseconds after which a file that has not come is asked for again. */
const LIMIT = 60_000;

/** Reads the board below an address, such as `/board/tenant/election/`; `token` is of who may read a restricted one. */
export function boardAt(base: string, token?: () => Promise<string>): FetchFile {
  return async (path) => {
    const headers: HeadersInit = token === undefined ? {} : { authorization: `Bearer ${await token()}` };
    const response = await fetch(base + path, { headers, credentials: 'omit', cache: path === 'checkpoint' ? 'no-cache' : 'default', signal: AbortSignal.timeout(LIMIT) });
    if (response.status === 404) return null;
    if (!response.ok) throw new BoardRefused(path, response.status);
    return new Uint8Array(await response.arrayBuffer());
  };
}

/** As many helpers as there are cores to spare; none on small devices, where the first worker does everything. */
export async function startObserverWorkers(): Promise<ObserverWorkers> {
  const cores = navigator.hardwareConcurrency;
  const spare = cores < 3 ? 0 : Math.min(cores - 1, MOST_HELPERS);
  const main = await WorkerClient.start(worker);
  const helpers = await Promise.all(Array.from({ length: spare }, () => WorkerClient.start(worker)));
  return { main, helpers, stop: () => [main, ...helpers].forEach((client) => client.stop()) };
}

export interface RunningObserver {
  readonly follower: Follower;
  /** For `observer_report`, `observer_events` and `observer_results`. */
  readonly main: Operator;
  stop(): void;
}

/** Workers, and a follower among them. */
export async function startObserver(board: FetchFile, options: FollowOptions): Promise<RunningObserver> {
  const workers = await startObserverWorkers();
  const { main, helpers } = workers;
  return { main, stop: () => workers.stop(), follower: await Follower.start(main, helpers, board, options) };
}

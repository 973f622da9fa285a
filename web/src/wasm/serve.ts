/** The worker's side of the calls. Secrets never leave it: pages hold handles. */
import { complete } from './complete';
import type { Failure } from './messages';
import { type Operation, OperationError, WasmModule } from './module';
import { type Pinned, fetchPinned } from './pinned';

/** Said before the first call: whether the election has score contests, whose range proofs only one of the modules can make. */
export interface NeedsMessage {
  readonly scores: boolean;
}

export interface CallMessage {
  readonly id: number;
  readonly operation: Operation;
  readonly request: object;
}

/** `failure` when the operation said no, `broken` when the worker is of no use any more. */
export type AnswerMessage = { readonly id: number } & ({ readonly response: unknown } | { readonly failure: Failure } | { readonly broken: string });

interface Scope {
  onmessage: ((event: MessageEvent<CallMessage | NeedsMessage>) => void) | null;
  postMessage(message: AnswerMessage): void;
}

/**
 * Answers calls, in their order. Of two modules, only the one that the election needs is loaded, as soon as that is
 * known; whoever says nothing gets the first.
 */
export function serve(wasm: Pinned, withScores?: Pinned): void {
  const scope = globalThis as unknown as Scope;
  let queue = Promise.resolve();
  let needed = wasm;
  let started: Promise<WasmModule> | null = null;

  function begin(): Promise<WasmModule> {
    started ??= start(needed);
    // Whoever calls first learns of it.
    started.catch(() => undefined);
    return started;
  }

  function choose(scores: boolean): void {
    const file = scores && withScores ? withScores : wasm;
    if (file !== needed) started = null;
    needed = file;
    void begin();
  }

  const run = async ({ operation, request }: CallMessage): Promise<unknown> => (await begin()).call(operation, complete(operation, request as never));

  scope.onmessage = ({ data }) => {
    queue = queue.then(async () => {
      if ('scores' in data) choose(data.scores);
      else scope.postMessage(await answer(data.id, run(data)));
    });
  };
  if (!withScores) void begin();
}

async function start(wasm: Pinned): Promise<WasmModule> {
  return WasmModule.start(await fetchPinned(wasm));
}

async function answer(id: number, response: Promise<unknown>): Promise<AnswerMessage> {
  try {
    return { id, response: await response };
  } catch (error) {
    if (error instanceof OperationError) return { id, failure: error.failure };
    return { id, broken: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }
}

/** The worker's side of the calls. Secrets never leave it: pages hold handles. */
import { complete } from './complete';
import type { Failure } from './messages';
import { type Operation, OperationError, WasmModule } from './module';
import { type Pinned, fetchPinned } from './pinned';

export interface CallMessage {
  readonly id: number;
  readonly operation: Operation;
  readonly request: object;
}

/** `failure` when the operation said no, `broken` when the worker is of no use any more. */
export type AnswerMessage = { readonly id: number } & ({ readonly response: unknown } | { readonly failure: Failure } | { readonly broken: string });

interface Scope {
  onmessage: ((event: MessageEvent<CallMessage>) => void) | null;
  postMessage(message: AnswerMessage): void;
}

/**
 * Starts the module and answers calls, in their order. Where an election needs range proofs, the module that has them
 * takes the place of the first one when the election is opened: nothing is behind handles before that.
 */
export function serve(wasm: Pinned, withScores?: Pinned): void {
  const scope = globalThis as unknown as Scope;
  let queue = Promise.resolve();
  let started = start(wasm);
  // Whoever calls first learns of it.
  started.catch(() => undefined);

  async function run({ operation, request }: CallMessage): Promise<unknown> {
    try {
      return (await started).call(operation, complete(operation, request as never));
    } catch (error) {
      if (!withScores || !(error instanceof OperationError) || error.code !== 'needs_scores') throw error;
      started = start(withScores);
      return (await started).call(operation, complete(operation, request as never));
    }
  }

  scope.onmessage = ({ data }) => {
    queue = queue.then(async () => scope.postMessage(await answer(data.id, run(data))));
  };
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

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

/** Starts the module and answers calls, in their order. */
export function serve(wasm: Pinned): void {
  const scope = globalThis as unknown as Scope;
  let queue = Promise.resolve();
  const started = fetchPinned(wasm).then((bytes) => WasmModule.start(bytes));
  // Whoever calls first learns of it.
  started.catch(() => undefined);
  scope.onmessage = ({ data }) => {
    queue = queue.then(async () => scope.postMessage(await answer(started, data)));
  };
}

async function answer(started: Promise<WasmModule>, { id, operation, request }: CallMessage): Promise<AnswerMessage> {
  try {
    const module = await started;
    return { id, response: module.call(operation, complete(operation, request as never)) };
  } catch (error) {
    if (error instanceof OperationError) return { id, failure: error.failure };
    return { id, broken: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }
}

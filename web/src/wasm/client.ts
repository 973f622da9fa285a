/** The page's side of the calls to a worker. */
import { type Operation, OperationError, type Response } from './module';
import type { Operator, PageRequest } from './ops';
import { type Pinned, fetchPinned } from './pinned';
import type { AnswerMessage, CallMessage, NeedsMessage } from './serve';
import { workerUrl } from './trusted';

/** The worker cannot be started, or has crashed; handles of it are gone. */
export class WorkerBroken extends Error {
  override readonly name = 'WorkerBroken';
}

interface Waiting {
  readonly operation: Operation;
  resolve(response: unknown): void;
  reject(error: Error): void;
}

/** One worker with a module of its own. */
export class WorkerClient implements Operator {
  private readonly waiting = new Map<number, Waiting>();
  private last = 0;
  private broken: WorkerBroken | null = null;

  private constructor(private readonly worker: Worker) {
    worker.onmessage = (event: MessageEvent<AnswerMessage>) => this.answer(event.data);
    worker.onerror = (event) => this.break(event.message || 'the worker stopped');
    worker.onmessageerror = () => this.break('a message could not be read');
  }

  /** Starts a worker, after comparing its script with the hash that this page carries. */
  static async start(script: Pinned): Promise<WorkerClient> {
    await fetchPinned(script);
    return new WorkerClient(new Worker(workerUrl(script.url), { type: 'module' }));
  }

  call<K extends Operation>(operation: K, request: PageRequest<K>): Promise<Response<K>> {
    if (this.broken) return Promise.reject(this.broken);
    this.last += 1;
    const id = this.last;
    return new Promise<Response<K>>((resolve, reject) => {
      this.waiting.set(id, { operation, resolve: resolve, reject });
      const message: CallMessage = { id, operation, request };
      this.worker.postMessage(message);
    });
  }

  needs(scores: boolean): void {
    const message: NeedsMessage = { scores };
    this.worker.postMessage(message);
  }

  /** Ends the worker; its memory, with all secrets, goes with it. */
  stop(): void {
    this.break('the worker was stopped');
    this.worker.terminate();
  }

  private answer(message: AnswerMessage): void {
    const waiting = this.waiting.get(message.id);
    if (!waiting) return;
    this.waiting.delete(message.id);
    if ('response' in message) waiting.resolve(message.response);
    else if ('failure' in message) waiting.reject(new OperationError(waiting.operation, message.failure));
    else {
      const error = new WorkerBroken(message.broken);
      waiting.reject(error);
      this.break(message.broken);
    }
  }

  private break(reason: string): void {
    this.broken ??= new WorkerBroken(reason);
    for (const waiting of this.waiting.values()) waiting.reject(this.broken);
    this.waiting.clear();
  }
}

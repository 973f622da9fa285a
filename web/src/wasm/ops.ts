/**
 * What pages can ask of the WebAssembly module. Every request and response is typed in messages.ts, which is made
 * from the Rust types; an operation that says no throws an {@link OperationError}, whose `code` chooses the words.
 *
 * ```ts
 * const booth = await startBooth();
 * const { election, manifest } = await booth.call('open_election', { bundles: [bundle], expected: hash });
 * const { credential } = await booth.call('enter_credential', { election, codes, index, style, roll: null });
 * const { ballot, code } = await booth.call('encrypt', { credential, selections: [{ kind: 'choose_one', option: 0 }] });
 * const { entry } = await booth.call('cast', { ballot });
 * ```
 */
import type { Operation, Request, Response } from './module';

export * from './messages';
export { type Operation, OperationError, type Request, type Response } from './module';

/** What the worker adds by itself: randomness and clocks. A page may give a counter when the device's clock is wrong. */
type Added<K extends Operation> = K extends 'encrypt' ? 'seed' | 'attempt' | 'counter' : K extends 'observer_new' | 'verifier_new' ? 'seed' : never;

/** What a page sends. */
export type PageRequest<K extends Operation> = Omit<Request<K>, Added<K>> & (K extends 'encrypt' ? { readonly counter?: number } : unknown);

/** Runs operations somewhere: in a worker for pages, at hand for tests. */
export interface Operator {
  call<K extends Operation>(operation: K, request: PageRequest<K>): Promise<Response<K>>;
  /** Where there is a module for elections with score contests and one for those without: which to load. Before the first call. */
  needs?(scores: boolean): void;
}

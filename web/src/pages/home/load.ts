/** What the election's page shows: the manifest verified once, the figures again and again. */
import { createStore, type Store } from '../../app/store';
import type { Manifest } from '../../wasm/messages';
import { OperationError } from '../../wasm/ops';
import { canVerify, whyBroken } from '../booth/core/browser';
import { openRecord } from '../booth/core/open';
import type { Crypto } from '../booth/core/run';
import { isBefore } from '../booth/core/schedule';
import { type PublicElection, Refused, type Results, type Server, type TimelineEvent, type Turnout, type TurnoutHistory, Unreachable } from '../booth/core/server';
import { isOld } from './course';

export interface Figures {
  face: PublicElection;
  turnout: Turnout;
  results: Results | null;
  /** How turnout grew; null before voting. */
  history: TurnoutHistory | null;
  timeline: readonly TimelineEvent[];
  /** When they came, in milliseconds since 1970 by the server's clock. */
  at: number;
}

export type Loaded =
  | { state: 'loading' }
  | { state: 'failed'; why: 'not-found' | 'unreachable' }
  | { state: 'failed'; why: 'bad-record'; detail: string }
  /** `manifest` is null where the browser cannot verify one. */
  | { state: 'ready'; manifest: Manifest | null; figures: Figures; stale: boolean };

/** Milliseconds between two looks at the figures while they can change. */
export const PACE = 15_000;

export class ElectionHome {
  readonly state: Store<Loaded> = createStore<Loaded>({ state: 'loading' });
  readonly #server: Server;
  readonly #start: () => Promise<Crypto>;

  constructor(server: Server, start: () => Promise<Crypto>) {
    this.#server = server;
    this.#start = start;
  }

  async load(): Promise<void> {
    this.state.set({ state: 'loading' });
    try {
      const [manifest, figures] = await Promise.all([this.#manifest(), this.#figures()]);
      this.state.set({ state: 'ready', manifest, figures, stale: false });
    } catch (error) {
      if (error instanceof OperationError) this.state.set({ state: 'failed', why: 'bad-record', detail: error.message });
      else this.state.set({ state: 'failed', why: error instanceof Refused && error.status === 404 ? 'not-found' : 'unreachable' });
    }
  }

  /** Looks at the figures again; those at hand stay, marked, when nobody answers. */
  async refresh(): Promise<void> {
    const before = this.state.get();
    if (before.state !== 'ready') return;
    try {
      this.state.set({ ...before, figures: await this.#figures(before.figures), stale: false });
    } catch (error) {
      if (error instanceof Unreachable || error instanceof Refused) this.state.set({ ...before, stale: true });
      else throw error;
    }
  }

  async #figures(before: Figures | null = null): Promise<Figures> {
    const [face, turnout, timeline] = await Promise.all([this.#server.public(), this.#server.turnout(), this.#server.timeline()]);
    const at = this.#server.clock.now() ?? 0;
    const known = before?.face.phase === face.phase && before.history !== null && !isOld(before.history, before.at, at) ? before.history : null;
    const [results, history] = await Promise.all([
      face.phase === 'finished' ? this.#server.results() : null,
      isBefore(face.phase) ? null : (known ?? this.#server.turnoutHistory()),
    ]);
    return { face, turnout, results, history, timeline, at };
  }

  /** The manifest, verified; the worker is needed no longer than that. */
  async #manifest(): Promise<Manifest | null> {
    if (!canVerify()) return null;
    let crypto: Crypto | null = null;
    try {
      crypto = await this.#start();
      return (await openRecord(this.#server, crypto, null)).manifest;
    } catch (error) {
      if (error instanceof OperationError || error instanceof Refused || error instanceof Unreachable || whyBroken(error) !== 'too-old') throw error;
      return null;
    } finally {
      crypto?.stop();
    }
  }
}

/**
 * Follows a record: fetches the board's files, hands them to the worker that checks them, and shares the
 * verification of ballots out among helpers. What is believed is decided in web/wasm alone.
 */
import type { CheckpointSeen, ObserverState, ProofJob, UnconfirmedCheckpoints } from './messages';
import type { Operator } from './ops';

/** Where files of a board come from. `null` if the board answers that there is no such file. */
export type FetchFile = (path: string) => Promise<Uint8Array | null>;

export interface FollowOptions {
  /** vkey of the log, from elsewhere than the board. */
  readonly vkey: string;
  /** Confirmation codes to look for. */
  readonly codes?: string[];
  /** Acknowledgements whose ballots to look for. */
  readonly acknowledgements?: Uint8Array[];
  /** Checkpoints of earlier visits that were compared with no tree then. */
  readonly unconfirmed?: readonly Uint8Array[];
  /** Called before anything is read under a checkpoint, and once it was. */
  readonly onUnconfirmed?: (unconfirmed: UnconfirmedCheckpoints) => void;
  /** Called after every step. */
  readonly onProgress?: (progress: Progress) => void;
}

export interface Progress extends ObserverState {
  /** Ballots whose proofs were verified by helpers or here, per second, over the last seconds; 0 at rest. */
  readonly ballotsPerSecond: number;
}

/** A checkpoint that the board showed and the log signed. */
export interface ShownCheckpoint {
  /** As signed. */
  readonly note: Uint8Array;
  readonly size: number;
  /** In base64. */
  readonly root: string;
  /** Compared with those seen before. */
  readonly seen: CheckpointSeen;
}

/** That a record begins otherwise than somebody saw it. */
export interface Difference {
  /** Root of as many entries here, in base64. */
  readonly here: string;
  /** The consistency proof from that root to the newest one, each hash in base64. */
  readonly proof: readonly string[];
}

/** What a look at the board came to. */
export interface Refreshed extends Progress {
  readonly shown: ShownCheckpoint;
}

/** The board answers that it has no checkpoint. */
export class NoCheckpoint extends Error {
  override readonly name = 'NoCheckpoint';
}

/** The board answers neither with a file nor that there is none. */
export class BoardRefused extends Error {
  override readonly name = 'BoardRefused';
  constructor(
    readonly path: string,
    readonly status: number,
  ) {
    super(`${path}: status ${String(status)}`);
  }
}

/** Requests to the board at the same time. */
const REQUESTS = 8;

/** One observer with its helpers. */
export class Follower {
  private observer = 0;
  private readonly verifiers = new Map<Operator, number>();
  private readonly rate = new Rate();
  private readonly jobs = new Set<Promise<void>>();
  private readonly waiting: ((helper: Operator | null) => void)[] = [];
  private alive: number;

  private constructor(
    private readonly main: Operator,
    private readonly idle: Operator[],
    private readonly fetchFile: FetchFile,
    private readonly options: FollowOptions,
  ) {
    this.alive = idle.length;
  }

  /** Begins to follow; `helpers` are further workers, none to verify everything in the main one. */
  static async start(main: Operator, helpers: readonly Operator[], fetchFile: FetchFile, options: FollowOptions): Promise<Follower> {
    const follower = new Follower(main, [...helpers], fetchFile, options);
    const { observer } = await main.call('observer_new', {
      vkey: options.vkey,
      helpers: helpers.length > 0,
      codes: options.codes ?? [],
      acknowledgements: options.acknowledgements ?? [],
      unconfirmed: [...(options.unconfirmed ?? [])],
    });
    follower.observer = observer;
    return follower;
  }

  /** Handle of the observer, for reports, events, results and comparisons. */
  get handle(): number {
    return this.observer;
  }

  /**
   * Reads the board's checkpoint and checks everything under it. Call it again to see what was added. With
   * `logOnly` it ends once the checkpoint is known to extend the one before; entries are left for later.
   * @throws OperationError if the log did not sign the checkpoint
   */
  async refresh({ logOnly = false } = {}): Promise<Refreshed> {
    const note = await this.fetchFile('checkpoint');
    if (note === null) throw new NoCheckpoint('the board has no checkpoint');
    const { size, root } = await this.main.call('open_checkpoint', { checkpoint: note, vkey: this.options.vkey });
    const { seen } = await this.main.call('observer_checkpoint', { observer: this.observer, checkpoint: note });
    const shown = { note, size, root, seen };
    await this.tellUnconfirmed();
    for (;;) {
      const state = await this.main.call('observer_step', { observer: this.observer });
      const progress = { ...state, ballotsPerSecond: this.rate.perSecond(state.counted) };
      this.options.onProgress?.(progress);
      // Entries are only read under a tree that extends all earlier ones.
      const isKnown = logOnly && state.size >= size && !state.comparing;
      if (state.stopped !== null || state.up_to_date || isKnown) {
        await this.tellUnconfirmed();
        return { ...progress, shown };
      }
      for (const job of state.jobs) this.give(job);
      if (state.needs.length > 0) await this.provide(state.needs);
      // Nothing moved: what the first batch waits for is a helper.
      else if (state.jobs.length === 0 && this.jobs.size > 0) await Promise.race(this.jobs);
    }
  }

  private async tellUnconfirmed(): Promise<void> {
    this.options.onUnconfirmed?.(await this.main.call('observer_unconfirmed', { observer: this.observer }));
  }

  /**
   * Whether a root seen by somebody else is that of the first `size` entries.
   * @throws OperationError `not_read` if the board has not shown that many entries
   */
  async compare(size: number, root: string): Promise<boolean> {
    return (await this.difference(size, root)) === null;
  }

  /**
   * How the first `size` entries differ from a root seen by somebody else, for others to verify; null if they do not.
   * @throws OperationError `not_read` if the board has not shown that many entries, `spoilt` if a file that is needed is not what was signed
   */
  async difference(size: number, root: string): Promise<Difference | null> {
    for (;;) {
      const { equal, here, proof, needs } = await this.main.call('observer_compare', { observer: this.observer, size, root });
      if (equal !== null) return here === null ? null : { here, proof };
      await this.provide(needs);
    }
  }

  private async provide(paths: readonly string[]): Promise<void> {
    const queue = [...paths];
    const files: { path: string; bytes: Uint8Array | null }[] = [];
    const take = async (): Promise<void> => {
      for (let path = queue.shift(); path !== undefined; path = queue.shift()) files.push({ path, bytes: await this.fetchFile(path) });
    };
    await Promise.all(Array.from({ length: REQUESTS }, take));
    await this.main.call('observer_provide', { observer: this.observer, files });
  }

  private give(job: ProofJob): void {
    const work = this.verify(job).finally(() => this.jobs.delete(work));
    // A helper that breaks has vouched for nothing; the observer then verifies by itself.
    work.catch(() => undefined);
    this.jobs.add(work);
  }

  private async verify({ job, bytes }: ProofJob): Promise<void> {
    let statements: Uint8Array = new Uint8Array();
    const helper = await this.helper();
    try {
      if (helper) {
        ({ statements } = await helper.call('verifier_job', { verifier: await this.verifier(helper), job: bytes }));
        this.release(helper);
      }
    } catch (error) {
      this.lose();
      throw error;
    } finally {
      await this.main.call('observer_vouch', { observer: this.observer, job, statements });
    }
  }

  /** The next idle helper; none if all are broken. */
  private async helper(): Promise<Operator | null> {
    const helper = this.idle.shift();
    if (helper) return helper;
    if (this.alive === 0) return null;
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private release(helper: Operator): void {
    const next = this.waiting.shift();
    if (next) next(helper);
    else this.idle.push(helper);
  }

  private lose(): void {
    this.alive -= 1;
    if (this.alive === 0) for (const next of this.waiting.splice(0)) next(null);
  }

  private async verifier(helper: Operator): Promise<number> {
    const known = this.verifiers.get(helper);
    if (known !== undefined) return known;
    const setup = await this.main.call('verifier_setup', { observer: this.observer });
    if (setup === null) throw new Error('there is a job before there is a joint key');
    const { verifier } = await helper.call('verifier_new', setup);
    this.verifiers.set(helper, verifier);
    return verifier;
  }
}

/** A rate over the last seconds. */
class Rate {
  private readonly samples: { at: number; count: number }[] = [];

  perSecond(count: number): number {
    const at = performance.now();
    this.samples.push({ at, count });
    while (this.samples.length > 2 && at - (this.samples[0]?.at ?? at) > 5_000) this.samples.shift();
    const first = this.samples[0];
    return first && at > first.at ? ((count - first.count) * 1000) / (at - first.at) : 0;
  }
}

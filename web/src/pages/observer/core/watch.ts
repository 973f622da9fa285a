/**
 * One visit of an observer: follows a board again and again, compares what it shows with what it showed before, also
 * on earlier visits, and keeps evidence. What is true of the record is decided in web/wasm alone.
 */
import { createStore, type Store } from '../../../app/store';
import { BoardRefused, type Difference, type FetchFile, Follower, NoCheckpoint, type Progress, type Refreshed } from '../../../wasm/follow';
import type { Manifest, ObserverReportView, RecordEvent, RecordResults, RootWords, UnconfirmedCheckpoints } from '../../../wasm/messages';
import type { ObserverWorkers } from '../../../wasm/observer';
import { OperationError, type Operator } from '../../../wasm/ops';
import { type Evidence, type EvidenceKind, type EvidenceStore, type Side, signedSide } from './evidence';
import type { Memory, Unconfirmed } from './memory';
import { type Milestone, milestonesBetween } from './milestones';

/** Why nothing new can be said. */
export type Trouble =
  | { why: 'unreachable' | 'no-checkpoint' | 'accredited' }
  /** The log did not sign what the board shows, or the text given is no key. */
  | { why: 'not-signed' | 'bad-key' | 'failed'; detail: string };

/** How much of the record is read: everything, or the log's checkpoints only. */
export type Depth = 'all' | 'log';

export type Stage =
  | 'starting'
  /** So many entries that the visitor decides. */
  | 'large'
  | 'reading'
  /** Everything that the board shows was read; more may come. */
  | 'following'
  /** Nothing more can be read under what the board showed. */
  | 'stopped';

/** A root or checkpoint from elsewhere, and how it compares. */
export interface Comparison {
  given: Side;
  /** `ahead`: the board has not shown so many entries; `spoilt`: a file that is needed is not what the log signed. */
  outcome: 'equal' | 'extends' | 'ahead' | 'split' | 'spoilt';
}

/** What is looked for in the record (check 12). */
export interface Given {
  codes: readonly string[];
  acknowledgements: readonly { name: string; bytes: Uint8Array }[];
}

const NOTHING: Given = { codes: [], acknowledgements: [] };

/** What cannot be looked for, as it is no confirmation code or no acknowledgement. */
export class NotReadable extends Error {
  constructor(readonly what: string) {
    super(what);
  }
}

export interface Shown extends Side {
  at: number;
  since: number;
  words: RootWords;
}

export interface Watched {
  stage: Stage;
  depth: Depth;
  trouble: Trouble | null;
  progress: Progress | null;
  /** The newest checkpoint that the board showed and the log signed, when that was, and since when it has been the newest. */
  shown: Shown | null;
  /** What is looked for; what became of it is in the report. */
  given: Given;
  /** The board shows an older state than it did during this visit. */
  behind: Side | null;
  manifest: Manifest | null;
  report: ObserverReportView | null;
  results: RecordResults | null;
  events: readonly RecordEvent[];
  milestones: readonly Milestone[];
  comparisons: readonly Comparison[];
  evidence: readonly Evidence[];
  /** Whether this browser keeps evidence when the page is closed. */
  evidenceKept: boolean;
  /** What the log signed and nobody here could compare with a tree yet; kept for the next visit, and part of evidence. */
  unconfirmed: Unconfirmed;
  /** Ballots counted and milliseconds taken while reading last. */
  lastRun: { ballots: number; ms: number } | null;
}

export interface WatchOptions {
  vkey: string;
  /** Whole address of the board. */
  board: string;
  fetchFile: FetchFile;
  start: () => Promise<ObserverWorkers>;
  memory: Memory;
  evidence: EvidenceStore;
  now?: () => number;
  /** Entries above which the visitor is asked first. */
  limit?: number;
}

/** Entries that a browser is asked to read without a question. */
export const LIMIT = 100_000;
/** Least milliseconds between two reports while reading. */
const REPORT_PACE = 1_000;

const decoder = new TextDecoder();
const encoder = new TextEncoder();

export function troubleOf(error: unknown): Trouble {
  if (error instanceof NoCheckpoint) return { why: 'no-checkpoint' };
  if (error instanceof BoardRefused) return error.status === 403 ? { why: 'accredited' } : { why: 'unreachable' };
  // `fetch` fails with a TypeError; a time limit with a TimeoutError.
  if (error instanceof TypeError || (error instanceof DOMException && error.name === 'TimeoutError')) return { why: 'unreachable' };
  if (error instanceof OperationError) {
    if (error.code === 'checkpoint') return { why: 'not-signed', detail: error.message };
    if (error.code === 'vkey') return { why: 'bad-key', detail: error.message };
  }
  return { why: 'failed', detail: String(error) };
}

export class Watch {
  readonly state: Store<Watched>;
  readonly #options: WatchOptions;
  #workers: ObserverWorkers | null = null;
  #follower: Follower | null = null;
  #closed = false;
  #looking: Promise<void> | null = null;
  #chosen: Depth | null = null;
  /** The checkpoint of an earlier visit, until it was compared. */
  #remembered: Side | null;
  /** The first bundle of entries, as fetched: the manifest is its first entry. */
  #first: Uint8Array | null = null;
  #reported = 0;
  #alarmed: string | null = null;
  /** Removed by the visitor, together with the evidence. */
  readonly #forgotten = new Set<string>();
  /** What this follower had no room for, as far as it is added up. */
  #dropped = 0;

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#remembered = options.memory.checkpoint(options.vkey);
    this.state = createStore<Watched>({
      stage: 'starting',
      depth: 'all',
      trouble: null,
      progress: null,
      shown: null,
      given: NOTHING,
      behind: null,
      manifest: null,
      report: null,
      results: null,
      events: [],
      milestones: [],
      comparisons: [],
      evidence: options.evidence.list,
      evidenceKept: options.evidence.isKept,
      unconfirmed: options.memory.unconfirmed(options.vkey),
      lastRun: null,
    });
  }

  /** Whether the next visit can be compared with this one. */
  get isLasting(): boolean {
    return this.#options.memory.isLasting;
  }

  get vkey(): string {
    return this.#options.vkey;
  }

  /** Looks at the board once and reads what is new. Never throws: trouble is part of the state. */
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = null;
    });
    return this.#looking;
  }

  /** The visitor decides about a large record. */
  choose(depth: Depth): Promise<void> {
    this.#chosen = depth;
    this.#set({ stage: 'starting', depth });
    return this.look();
  }

  close(): void {
    this.#closed = true;
    this.#workers?.stop();
  }

  async #look(): Promise<void> {
    const { stage } = this.state.get();
    if (stage === 'stopped' || (stage === 'large' && this.#chosen === null)) return;
    try {
      const follower = await this.#start();
      if (follower === null) return;
      const [before, began] = [this.state.get().progress?.counted ?? 0, this.#now()];
      const depth = this.#chosen ?? 'all';
      this.#set({ stage: this.state.get().stage === 'following' ? 'following' : 'reading', depth });
      const refreshed = await follower.refresh({ logOnly: depth === 'log' });
      const ballots = refreshed.counted - before;
      if (ballots > 0) this.#set({ lastRun: { ballots, ms: this.#now() - began } });
      await this.#settle(follower, refreshed);
    } catch (error) {
      if (!this.#closed) this.#set({ trouble: troubleOf(error) });
    }
  }

  /** Workers, the question about large records, and the follower. Null while the visitor has not decided. */
  async #start(): Promise<Follower | null> {
    if (this.#follower) return this.#follower;
    const { vkey, limit = LIMIT } = this.#options;
    this.#workers ??= await this.#options.start();
    const { main, helpers } = this.#workers;
    if (this.#closed) this.#workers.stop();
    const note = await this.#fetch('checkpoint');
    if (note === null) throw new NoCheckpoint('the board has no checkpoint');
    const { size, root } = await main.call('open_checkpoint', { checkpoint: note, vkey });
    await this.#compareRemembered(note);
    // Signed: it counts even if nothing can be read under it.
    const signed = decoder.decode(note);
    this.#keepUnconfirmed([...this.state.get().unconfirmed.notes.filter((one) => one !== signed), signed], 0);
    if (size > limit && this.#chosen === null) {
      this.#set({ stage: 'large', trouble: null, shown: await this.#signed({ size, root, note: signed }) });
      return null;
    }
    const { given, unconfirmed, evidence } = this.state.get();
    // What is evidence already need not be found again: what the board shows now is verified by itself.
    const known = evidence.flatMap(({ first, second }) => [first.note, second.note]);
    const open = unconfirmed.notes.filter((one) => one === signed || !known.includes(one));
    this.#dropped = 0;
    this.#follower = await Follower.start(main, helpers, (path) => this.#fetch(path), { vkey, codes: [...given.codes], acknowledgements: given.acknowledgements.map(({ bytes }) => bytes), unconfirmed: open.map((one) => encoder.encode(one)), onUnconfirmed: (change) => this.#onUnconfirmed(change), onProgress: (progress) => this.#onProgress(progress) });
    return this.#follower;
  }

  /** The checkpoint of an earlier visit against the first one of this visit: at once if it is not smaller. */
  async #compareRemembered(note: Uint8Array): Promise<void> {
    const [remembered, main] = [this.#remembered, this.#workers?.main];
    if (!remembered || remembered.note === null || !main) return;
    // An observer of its own, which reads no files: only the two signatures matter.
    const { observer } = await main.call('observer_new', { vkey: this.#options.vkey, helpers: false, codes: [], acknowledgements: [], unconfirmed: [] });
    try {
      await main.call('observer_checkpoint', { observer, checkpoint: encoder.encode(remembered.note) });
      const { seen } = await main.call('observer_checkpoint', { observer, checkpoint: note });
      const second = signedSide(decoder.decode(note));
      if (second === null || seen === 'newer' || seen === 'same') return;
      const kind = seen === 'older' ? 'rolled_back' : 'forked';
      this.#accuse(kind, remembered, second, `the log showed ${String(second.size)} entries with root ${second.root}, after ${String(remembered.size)} entries with root ${remembered.root} on an earlier visit`);
    } finally {
      await main.call('destroy', { handle: observer });
    }
  }

  /**
   * Looks for ballots: by their confirmation codes, or by what the server promised. The record is read anew for it.
   * @throws NotReadable
   */
  async lookFor(given: Given): Promise<void> {
    const main = this.#workers?.main;
    if (!main) throw new Error('the workers have not started');
    for (const code of given.codes) await this.#readable(main, [code], [], code);
    for (const { name, bytes } of given.acknowledgements) await this.#readable(main, [], [bytes], name);
    await this.#looking;
    const follower = this.#follower;
    this.#follower = null;
    if (follower) await main.call('destroy', { handle: follower.handle });
    // What was shown so far is compared as that of an earlier visit is.
    const { shown } = this.state.get();
    if (shown !== null && (this.#remembered === null || this.#remembered.size <= shown.size)) this.#remembered = { size: shown.size, root: shown.root, note: shown.note };
    this.#set({ given, stage: 'starting', progress: null, report: null, results: null, events: [], milestones: [], lastRun: null });
    await this.look();
  }

  /** An observer of its own tells whether it could look for something. */
  async #readable(main: Operator, codes: string[], acknowledgements: Uint8Array[], name: string): Promise<void> {
    try {
      const { observer } = await main.call('observer_new', { vkey: this.#options.vkey, helpers: false, codes, acknowledgements, unconfirmed: [] });
      await main.call('destroy', { handle: observer });
    } catch (error) {
      throw error instanceof OperationError && (error.code === 'confirmation_code' || error.code === 'acknowledgement') ? new NotReadable(name) : error;
    }
  }

  /** A checkpoint with its root as words. */
  async #signed(side: Side): Promise<Shown> {
    const [at, before] = [this.#now(), this.state.get().shown];
    if (before?.root === side.root) return { ...before, ...side, at };
    const words = await this.#workers?.main.call('observer_words', { root: side.root });
    return { ...side, at, since: at, words: words ?? { ko: [], en: [] } };
  }

  /** After a look: everything that a reader sees of it. */
  async #settle(follower: Follower, refreshed: Refreshed): Promise<void> {
    const { shown, stopped } = refreshed;
    const side = signedSide(decoder.decode(shown.note));
    const isNewest = shown.seen === 'newer' || shown.seen === 'same';
    this.#onAlarm(refreshed);
    await this.#describe(true);
    if (isNewest) this.#set({ behind: null, ...(side === null || stopped !== null ? {} : { shown: await this.#signed(side) }) });
    else this.#set({ behind: side });
    this.#set({ progress: { ...refreshed, ballotsPerSecond: 0 }, stage: stopped === null ? 'following' : 'stopped', trouble: null });
    if (stopped !== null) return;
    await this.#extendsRemembered(follower, refreshed, side);
    const note = side?.note ?? null;
    if (isNewest && note !== null && this.#remembered === null) this.#options.memory.remember(this.#options.vkey, note);
    await this.#compareAgain(follower);
  }

  /** Whether the record extends the checkpoint of an earlier visit. */
  async #extendsRemembered(follower: Follower, { size, root }: Refreshed, newest: Side | null): Promise<void> {
    const remembered = this.#remembered;
    // One that is ahead of the board stays to be compared: nothing smaller replaces it.
    if (remembered === null || newest === null || remembered.size > size) return;
    const difference = await follower.difference(remembered.size, remembered.root);
    if (difference === null) this.#remembered = null;
    else if (remembered.size < size) this.#accuse('inconsistent', remembered, newest, `the tree of ${String(size)} entries does not extend the one of ${String(remembered.size)} entries seen before`, newest.root === root ? difference : null);
  }

  #onProgress(progress: Progress): void {
    if (this.#closed) return;
    const { milestones, progress: before, results } = this.state.get();
    const more = results === null ? [] : milestonesBetween(before?.counted ?? 0, progress.counted, results.electorate, progress.read);
    this.#set({ progress, ...(more.length > 0 ? { milestones: [...milestones, ...more] } : {}) });
    this.#onAlarm(progress);
    if (this.#now() - this.#reported > REPORT_PACE) {
      this.#reported = this.#now();
      this.#describe(false).catch((error: unknown) => this.#set({ trouble: troubleOf(error) }));
    }
  }

  /** Report, turnout, results, events and, once, the manifest. */
  async #describe(last: boolean): Promise<void> {
    const [follower, main] = [this.#follower, this.#workers?.main];
    if (!follower || !main || this.#closed) return;
    const observer = follower.handle;
    const known = this.state.get().events.length;
    const [report, results, { events }] = await Promise.all([main.call('observer_report', { observer }), main.call('observer_results', { observer }), main.call('observer_events', { observer, skip: known })]);
    const { manifest, events: before } = this.state.get();
    // Two of these may be under way: events are added once.
    const added = before.length === known ? [...before, ...events] : before;
    this.#set({ report, results, events: added });
    if (manifest === null && report.entries > 0) await this.#readManifest();
    if (last && added.length > known + events.length) await this.#describe(false);
  }

  /** The first entry of the bundle that the observer has checked against the signed root. */
  async #readManifest(): Promise<void> {
    const [bundle, main] = [this.#first, this.#workers?.main];
    if (!bundle || !main) return;
    const length = ((bundle[0] ?? 0) << 8) | (bundle[1] ?? 0);
    try {
      this.#set({ manifest: await main.call('read_manifest', { entry: bundle.slice(2, 2 + length), expected: null }) });
      this.#first = null;
    } catch (error) {
      // A record whose first entry is no manifest: checks 2 and 3 say so.
      if (!(error instanceof OperationError)) throw error;
    }
  }

  async #fetch(path: string): Promise<Uint8Array | null> {
    const bytes = await this.#options.fetchFile(path);
    if (bytes !== null && /^tile\/entries\/000(\.p\/\d+)?$/.test(path) && this.state.get().manifest === null) this.#first = bytes;
    return bytes;
  }

  // ---- evidence

  #onUnconfirmed({ checkpoints, dropped }: UnconfirmedCheckpoints): void {
    const more = dropped - this.#dropped;
    this.#dropped = dropped;
    this.#keepUnconfirmed(
      checkpoints.map((one) => decoder.decode(one)).filter((one) => !this.#forgotten.has(one)),
      more,
    );
  }

  #keepUnconfirmed(notes: readonly string[], more: number): void {
    const before = this.state.get().unconfirmed;
    const added = notes.filter((one) => !before.notes.includes(one));
    const settled = before.notes.filter((one) => !notes.includes(one));
    const dropped = before.dropped + more;
    if (added.length === 0 && settled.length === 0 && more === 0) return;
    this.#options.memory.changeUnconfirmed(this.#options.vkey, { added, settled, dropped });
    this.#set({ unconfirmed: { notes, dropped } });
  }

  /** The visitor was told that checkpoints were seen which there was no room for. */
  dismissDropped(): void {
    const { unconfirmed } = this.state.get();
    this.#options.memory.changeUnconfirmed(this.#options.vkey, { dropped: 0 });
    this.#set({ unconfirmed: { ...unconfirmed, dropped: 0 } });
  }

  #onAlarm({ alarm }: Progress): void {
    if (alarm === null) return;
    const [first, second] = [signedSide(decoder.decode(alarm.seen)), signedSide(decoder.decode(alarm.found))];
    // The module repeats its alarm at every step; what was removed on purpose does not come back.
    const name = `${alarm.reason} ${alarm.detail}`;
    if (first === null || second === null || this.#alarmed === name) return;
    this.#alarmed = name;
    this.#accuse(alarm.reason, first, second, alarm.detail, alarm.here === null ? null : { here: alarm.here, proof: alarm.proof });
  }

  #accuse(kind: EvidenceKind, first: Side, second: Side, detail: string, difference: Difference | null = null): void {
    const { evidence, vkey, board } = this.#options;
    evidence.add({ kind, at: this.#now(), vkey, board, first, second, detail, difference });
    this.#set({ evidence: evidence.list, evidenceKept: evidence.isKept });
  }

  /** Removes evidence for good. Where it was about an earlier visit, that is forgotten too: the board as it is now counts from here on. */
  dismiss(one: Evidence): void {
    const { evidence, memory, vkey } = this.#options;
    evidence.remove(one);
    const { shown } = this.state.get();
    const now = shown?.note ?? null;
    if (this.#remembered?.root === one.first.root && now !== null) {
      this.#remembered = null;
      memory.remember(vkey, now, { instead: true });
    }
    const { unconfirmed } = this.state.get();
    if ([one.first.note, one.second.note].some((note) => note !== null && unconfirmed.notes.includes(note))) {
      for (const note of unconfirmed.notes) this.#forgotten.add(note);
      this.#keepUnconfirmed([], 0);
    }
    this.#set({ evidence: evidence.list });
  }

  // ---- what others saw

  /** Compares a root from elsewhere. */
  async compare(given: Side): Promise<Comparison> {
    const follower = this.#follower;
    const outcome = follower === null ? 'ahead' : await this.#outcome(follower, given);
    const comparison = { given, outcome };
    this.#set({ comparisons: [...this.state.get().comparisons.filter(({ given: { size, root } }) => size !== given.size || root !== given.root), comparison] });
    return comparison;
  }

  /**
   * A checkpoint from elsewhere.
   * @throws OperationError `checkpoint` if the log did not sign it
   */
  async compareNote(note: string): Promise<Comparison> {
    const main = this.#workers?.main;
    if (!main) throw new Error('the workers have not started');
    const { size, root } = await main.call('open_checkpoint', { checkpoint: encoder.encode(note), vkey: this.#options.vkey });
    return this.compare({ size, root, note });
  }

  // A proof is about the tree that was compared with: it is kept beside that tree's checkpoint only.
  async #outcome(follower: Follower, given: Side): Promise<Comparison['outcome']> {
    try {
      const difference = await follower.difference(given.size, given.root);
      const { shown, progress } = this.state.get();
      if (difference === null) return given.size === progress?.size ? 'equal' : 'extends';
      if (shown !== null) {
        const kind = given.note === null ? 'elsewhere' : given.size === shown.size ? 'forked' : 'inconsistent';
        this.#accuse(kind, { size: shown.size, root: shown.root, note: shown.note }, given, `the root of the first ${String(given.size)} entries here is another`, progress?.root === shown.root ? difference : null);
      }
      return 'split';
    } catch (error) {
      if (error instanceof OperationError && error.code === 'not_read') return 'ahead';
      // The next look says which file, by check 1.
      if (error instanceof OperationError && error.code === 'spoilt') return 'spoilt';
      throw error;
    }
  }

  /** What the growth of the record changes: those that were ahead of it, and those that were equal. */
  async #compareAgain(follower: Follower): Promise<void> {
    const { comparisons, progress } = this.state.get();
    const isOld = ({ given, outcome }: Comparison): boolean => outcome === 'ahead' || (outcome === 'equal' && given.size !== progress?.size);
    if (!comparisons.some(isOld)) return;
    const again: Comparison[] = [];
    for (const one of comparisons) again.push(isOld(one) ? { given: one.given, outcome: await this.#outcome(follower, one.given) } : one);
    this.#set({ comparisons: again });
  }

  #now(): number {
    return (this.#options.now ?? Date.now)();
  }

  #set(change: Partial<Watched>): void {
    if (!this.#closed) this.state.set({ ...this.state.get(), ...change });
  }
}

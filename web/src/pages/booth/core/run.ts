/** Carries out the booth's effects: server, worker, storage, timers. Secrets stay here and in the worker. */
import { decode } from '../../../wasm/cbor';
import { WorkerBroken } from '../../../wasm/client';
import { PinnedError } from '../../../wasm/pinned';
import { type Operation, OperationError, type Operator, type PageRequest, type Response } from '../../../wasm/ops';
import { createStore, type Store } from '../../../app/store';
import { type Effect, type Event, initial, reduce, sameVoter, type Session, type State, type Stop } from './machine';
import { canVerify, whyBroken } from './browser';
import { nextCounter } from './counter';
import { type OpenedRecord, openRecord } from './open';
import { dropPending, keepPending, readPending, type Storage } from './pending';
import { LONG_POLL } from './sending';
import { bundle, Refused, type Server, Unreachable, type VoterSession } from './server';
import type { PersonalLink } from './link';

/** The worker, or in tests the module itself. */
export interface Crypto extends Operator {
  /** Ends the worker; whatever secret it held is gone. */
  stop: () => void;
}

export interface Parts {
  tenant: string;
  election: string;
  server: Server;
  /** Starts the worker; fails where the browser cannot. */
  crypto: () => Promise<Crypto>;
  storage: Storage;
  link: PersonalLink | 'broken' | null;
  /** Hash of the manifest that a link in this tab named; null if none did. */
  manifest?: string | null;
}

const RE_ISSUE = 15;
/**
 * Seconds after which an acknowledged ballot should be recorded, whatever deadline its server wrote into the
 * acknowledgement: a server promises one minute unless it is told otherwise.
 */
export const PATIENCE = 300;

/** Seconds that the receipt of a posted challenge is waited for. */
const POSTING = 30;

/** The server names a last counter that would use up those of later ballots. */
class HostileCounter extends Error {}

/** An error while the booth is opened, as the page that says so. */
export function stopFor(error: unknown): Stop {
  if (error instanceof Unreachable) return { why: 'unreachable' };
  if (error instanceof HostileCounter) return { why: 'bad-record', detail: error.message };
  if (error instanceof Refused) {
    if (error.status === 404) return { why: 'not-found' };
    return error.status === 503 || error.status === 429 ? { why: 'unreachable' } : { why: 'failed', detail: error.message };
  }
  if (error instanceof OperationError) return error.code === 'other_manifest' ? { why: 'other-election' } : { why: 'bad-record', detail: error.message };
  if (error instanceof WorkerBroken || error instanceof PinnedError || error instanceof TypeError) {
    const why = whyBroken(error);
    if (why !== 'failed') return { why };
  }
  return { why: 'failed', detail: String(error) };
}

const sessionOf = ({ expires_at: end, credential_index: credential, style, has_cast: cast, last_counter: last }: VoterSession): Session => ({ expires: Math.floor(Date.parse(end) / 1000), credential, style, hasCast: cast === true, lastCounter: last ?? 0 });

const sameNumbers = (one: readonly number[], other: readonly number[]): boolean => one.length === other.length && one.every((number, place) => number === other[place]);

export class Booth {
  readonly state: Store<State> = createStore(initial);
  readonly server: Server;
  /** The manifest hash that the letter named: no other manifest is taken. */
  readonly manifest: string | null;
  readonly #parts: Parts;
  #crypto: Crypto | null = null;
  #closed = false;
  /** One voting code per authority, in their order. */
  #codes: (string | null)[] = [];
  /** Until the record is open: from then on its code is one of `#codes`. */
  #link: PersonalLink | null;
  /** Credential that the link is of. */
  #linked: number | null = null;
  #token: string | null = null;
  #election: number | null = null;
  #credential: number | null = null;
  /** Contests of the credential's ballot style: those that `encrypt` makes a ballot of. */
  #contests: readonly number[] = [];
  #ballot: number | null = null;
  /** Of the session: what the worker makes for one that is over meanwhile is destroyed. */
  #visit = 0;
  /** Of the sending under way: what an older turn answers is dropped. */
  #turn = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.server = parts.server;
    this.manifest = (typeof parts.link === 'object' ? parts.link?.manifest : null) ?? parts.manifest ?? null;
    this.#link = parts.link === 'broken' ? null : parts.link;
    if (parts.link === 'broken') this.dispatch({ event: 'stopped', stop: { why: 'bad-link' } });
    else void this.#run({ do: 'load' });
  }

  dispatch(event: Event): void {
    if (this.#closed) return;
    const [state, effects] = reduce(this.state.get(), event);
    this.state.set(state);
    for (const effect of effects) void this.#run(effect);
  }

  /** The server's time in seconds. */
  now(): number {
    return Math.floor((this.server.clock.now() ?? 0) / 1000);
  }

  /** Extends the session, as its voter is still here. Tells whether that gave time: at the server's limit it does not. */
  async extend(): Promise<'more' | 'limit' | 'unanswered'> {
    const token = this.#token;
    if (token === null) return 'unanswered';
    try {
      const answer = await this.server.extend(token);
      const { session: before } = this.state.get();
      // Meanwhile the session may have ended, or another one begun.
      if (before === null || this.#token !== token) return 'unanswered';
      const session = sessionOf(answer);
      this.dispatch({ event: 'extended', session });
      if (sameVoter(before, session)) this.#token = answer.token;
      return session.expires > before.expires ? 'more' : 'limit';
    } catch (error) {
      // Over for good only when the server says so; otherwise it goes on to its end.
      if (error instanceof Refused && error.status === 401) this.dispatch({ event: 'session-over' });
      return 'unanswered';
    }
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#turn += 1;
    this.#endVisit();
    this.#crypto?.stop();
    this.#crypto = null;
  }

  #begin(answer: VoterSession): Session {
    this.#visit += 1;
    this.#token = answer.token;
    return sessionOf(answer);
  }

  #endVisit(): void {
    this.#visit += 1;
    this.#token = null;
    this.#forgetCodes();
  }

  #forgetCodes(): void {
    this.#link = null;
    this.#linked = null;
    this.#codes = this.#codes.map(() => null);
  }

  /** The worker, started when it is first needed. */
  async #operator(): Promise<Crypto> {
    if (this.#crypto === null) {
      const started = await this.#parts.crypto();
      // The voter left meanwhile: no secret is to outlive the page.
      if (this.#closed) {
        started.stop();
        throw new Error('the booth was left');
      }
      this.#crypto = started;
    }
    return this.#crypto;
  }

  /** Has the worker do something. One that breaks is forgotten, so that the next attempt starts another. */
  async #with<T>(use: (starting: Promise<Crypto>) => Promise<T>): Promise<T> {
    const starting = this.#operator();
    try {
      return await use(starting);
    } catch (error) {
      if (error instanceof WorkerBroken) this.#forget(await starting);
      throw error;
    }
  }

  #call<K extends Operation>(operation: K, request: PageRequest<K>): Promise<Response<K>> {
    return this.#with(async (starting) => (await starting).call(operation, request));
  }

  #openRecord(expected: string | null): Promise<OpenedRecord> {
    return this.#with((starting) => openRecord(this.server, starting, expected));
  }

  /** The worker crashed: its handles are gone, and with them credential and undecided ballot. */
  #forget(worker: Crypto): void {
    worker.stop();
    // Another one may have been started since.
    if (worker !== this.#crypto) return;
    this.#crypto = null;
    this.#election = null;
    this.#credential = null;
    this.#ballot = null;
  }

  /** The election's handle; the record is opened again where the worker was lost. */
  async #opened(): Promise<number> {
    if (this.#election === null) {
      this.#election = (await this.#openRecord(this.state.get().election?.hash ?? null)).election;
    }
    if (this.#election === null) throw new Error('the record has no joint key');
    return this.#election;
  }

  async #run(effect: Effect): Promise<void> {
    try {
      await this.#do(effect);
    } catch (error) {
      this.#failed(effect, error);
    }
  }

  /** What went wrong outside sending, said where the voter is. */
  #failed(effect: Effect, error: unknown): void {
    if (effect.do === 'load') {
      const { tenant, election, storage } = this.#parts;
      this.dispatch({ event: 'stopped', stop: { ...stopFor(error), unsettled: readPending(storage, tenant, election) !== null } }); return;
    }
    if (effect.do === 'post-challenge') { this.dispatch({ event: 'posted', entry: effect.entry, outcome: error instanceof OperationError ? 'unproven' : 'failed' }); return; }
    if (error instanceof HostileCounter) { this.dispatch({ event: 'stopped', stop: stopFor(error) }); return; }
    if (error instanceof Refused && error.status === 401) {
      // While identifying, 401 says that the one-time code is wrong; anywhere else, that the session is over.
      this.dispatch(effect.do === 'start-session' ? { event: 'trouble', trouble: { kind: 'wrong-code' } } : { event: 'session-over' }); return;
    }
    if (error instanceof Refused && (error.status === 429 || error.status === 503)) { this.dispatch({ event: 'trouble', trouble: { kind: 'busy', seconds: error.retryAfter ?? 5 } }); return; }
    if (error instanceof Refused && error.code === 'no-credential') { this.dispatch({ event: 'stopped', stop: { why: 'no-credential' } }); return; }
    if (error instanceof Unreachable) { this.dispatch({ event: 'trouble', trouble: { kind: 'unreachable' } }); return; }
    if (error instanceof OperationError && effect.do === 'enter-credential') {
      const { code, place, position, found } = error.failure;
      if (code.startsWith('code_') || code === 'other_credential') { this.dispatch({ event: 'trouble', trouble: { kind: 'voting-code', code, place: place ?? 0, position, found } }); return; }
    }
    const detail = error instanceof Error ? error.message : String(error);
    if (error instanceof WorkerBroken) {
      // It may have crashed long before it was asked, as where a challenge was posted.
      if (effect.do !== 'enter-credential') this.dispatch({ event: 'credential-lost' });
      else this.dispatch({ event: 'trouble', trouble: whyBroken(error) === 'unreachable' ? { kind: 'unreachable' } : { kind: 'crashed' } });
      return;
    }
    if (effect.do === 'look-up-roll' || effect.do === 'enter-credential') { this.dispatch({ event: 'stopped', stop: { why: 'bad-record', detail } }); return; }
    this.dispatch({ event: 'trouble', trouble: { kind: 'failed', detail } });
  }

  async #do(effect: Effect): Promise<void> {
    const { tenant, election, storage } = this.#parts;
    switch (effect.do) {
      case 'load':
        return this.#load();
      case 'send-code':
        await this.server.identify(effect.voter);
        { this.dispatch({ event: 'code-sent' }); return; }
      case 'start-session':
        { this.dispatch({ event: 'session', session: this.#begin(await this.server.session(effect.voter, effect.code)) }); return; }
      case 'look-up-roll':
        return this.#lookUpRoll(effect.credential);
      case 'take-codes':
        this.#codes = this.#codes.map((known, place) => effect.codes[place] ?? known);
        return;
      case 'forget-codes':
        { this.#forgetCodes(); return; }
      case 'enter-credential':
        return this.#enterCredential(effect.session);
      case 'encrypt':
        return this.#encrypt(effect);
      case 'destroy-ballot':
        return this.#destroy('ballot');
      case 'destroy-credential':
        this.#endVisit();
        await this.#destroy('ballot');
        return this.#destroy('credential');
      case 'cast': {
        const { entry, code } = await this.#call('cast', { ballot: this.#handle(this.#ballot) });
        this.#ballot = null;
        const manifest = this.state.get().election?.hash ?? '';
        this.dispatch({ event: 'entry', pending: { manifest, code, entry } }); return;
      }
      case 'keep-pending':
        { keepPending(storage, tenant, election, effect.pending); return; }
      case 'drop-pending':
        this.#stopTurn();
        { dropPending(storage, tenant, election); return; }
      case 'send':
        return this.#send(effect.pending.entry);
      case 'find':
        return this.#find(effect.pending.code, effect.pending.entry, effect.wait);
      case 'wait': {
        const turn = this.#stopTurn();
        this.#timer = setTimeout(() => turn === this.#turn && this.dispatch({ event: 'waited' }), effect.seconds * 1000);
        return;
      }
      case 'challenge': {
        const { opening, entry } = await this.#call('challenge', { ballot: this.#handle(this.#ballot) });
        this.#ballot = null;
        this.dispatch({ event: 'challenged', opening, entry }); return;
      }
      case 'post-challenge':
        return this.#post(effect.entry, effect.code);
    }
  }

  async #load(): Promise<void> {
    const { tenant, election, storage } = this.#parts;
    const link = this.#link;
    if (!canVerify()) {
      this.dispatch({ event: 'stopped', stop: { why: 'too-old' } });
      return;
    }
    const { face, manifest, hash, election: opened } = await this.#openRecord(this.manifest);
    this.#election = opened;
    const authorities = manifest.authorities.length;
    const kept = this.#codes.length === authorities;
    if (!kept) this.#codes = Array.from({ length: authorities }, () => null);
    if (link !== null) {
      if (link.authority > authorities || !(await this.#isCode(link.code))) {
        // Going on from there means typing the code.
        this.#link = null;
        this.dispatch({ event: 'stopped', stop: { why: 'bad-link' } }); return;
      }
      this.#codes[link.authority - 1] = link.code;
      this.#linked = link.index;
      this.#link = null;
    }
    const pending = readPending(storage, tenant, election);
    if (pending !== null && pending.manifest !== hash) dropPending(storage, tenant, election);
    this.dispatch({
      event: 'loaded',
      election: { manifest, hash, phase: face.phase, closes: face.schedule.closes },
      link: this.#linked === null ? null : { index: this.#linked },
      codes: this.#codes.map((code) => code !== null),
      pending: pending?.manifest === hash ? pending : null,
      now: this.now(),
    });
  }

  /** Whether the check symbol of a voting code is right. */
  async #isCode(code: string): Promise<boolean> {
    try {
      await this.#call('check_voting_code', { code });
      return true;
    } catch (error) {
      if (error instanceof OperationError && error.code.startsWith('code_')) return false;
      throw error;
    }
  }

  async #lookUpRoll(credential: number): Promise<void> {
    const link = this.#linked;
    const known = async (index: number) => {
      try {
        return (await this.server.booth(index)).credential ?? null;
      } catch (error) {
        if (error instanceof Refused && error.status === 404) return null;
        throw error;
      }
    };
    const own = await known(credential);
    if (own === null) { this.dispatch({ event: 'stopped', stop: { why: 'no-credential' } }); return; }
    const linked = link === null || link === credential ? null : await known(link);
    this.dispatch({ event: 'roll', revoked: typeof own.revoked === 'number', struck: typeof own.struck === 'number', linkRevoked: typeof linked?.revoked === 'number' });
  }

  /** The roll's entries for a credential: its chunk, or its re-issue and, in turn, those of the one it replaces. */
  async #rollEntries(credential: number): Promise<Uint8Array[]> {
    const entries: Uint8Array[] = [];
    for (let wanted: number | null = credential; wanted !== null && entries.length < 16; ) {
      const place = (await this.server.booth(wanted)).credential;
      if (!place) break;
      const entry = await this.server.entry(place.index);
      entries.push(entry);
      const [type, payload] = decode(entry) as [number, readonly number[]];
      wanted = type === RE_ISSUE ? (payload[0] ?? null) : null;
    }
    return entries;
  }

  async #enterCredential({ credential: index, style: expected }: Session): Promise<void> {
    const visit = this.#visit;
    const election = await this.#opened();
    const roll = [bundle(await this.#rollEntries(index))];
    if (visit !== this.#visit) return;
    const codes = this.#codes.map((code) => code ?? '');
    // From here on they are the worker's alone: whoever identifies on this page after this session types them.
    this.#forgetCodes();
    this.dispatch({ event: 'codes-gone' });
    const entered = await this.#call('enter_credential', { election, codes, index, style: expected, roll });
    if (visit !== this.#visit) { await this.#call('destroy', { handle: entered.credential }); return; }
    const style = this.state.get().election?.manifest.styles[entered.style];
    if (style === undefined || !entered.in_roll) throw new Error(`the roll gives no ballot style of this election: ${String(entered.style)}`);
    this.#credential = entered.credential;
    this.#contests = style.contests;
    this.dispatch({ event: 'credential', style: entered.style });
  }

  async #encrypt({ contests, selections }: Extract<Effect, { do: 'encrypt' }>): Promise<void> {
    // Selections have no numbers: those of other contests would be encrypted as if they were of these.
    if (!sameNumbers(contests, this.#contests)) throw new Error(`contests ${contests.join(', ')} were marked, the credential is of ${this.#contests.join(', ')}`);
    await this.#destroy('ballot');
    const credential = this.#handle(this.#credential);
    // By the server's clock: a device that lives in another year must not spoil its voter's later ballots.
    const { election, session } = this.state.get();
    const last = session?.lastCounter ?? 0;
    const counter = election === null ? null : nextCounter(election.manifest, this.now(), last);
    if (counter === null) throw new HostileCounter(`the server says that the last ballot had counter ${String(last)}, which is impossible in this election`);
    const visit = this.#visit;
    const { ballot, code, full_code: fullCode } = await this.#call('encrypt', { credential, selections: [...selections], counter });
    if (visit !== this.#visit) { await this.#call('destroy', { handle: ballot }); return; }
    this.#ballot = ballot;
    this.dispatch({ event: 'encrypted', ballot: { code, fullCode } });
  }

  async #send(entry: Uint8Array): Promise<void> {
    const turn = this.#stopTurn();
    const answer = (event: Event): void => {
      if (turn === this.#turn) this.dispatch(event);
    };
    let acknowledgement: Uint8Array;
    try {
      acknowledgement = await this.server.cast(entry, this.#token ?? '');
    } catch (error) {
      answer(this.#refusal(error)); return;
    }
    try {
      const { deadline } = await this.#call('verify_acknowledgement', { election: await this.#opened(), entry, acknowledgement });
      answer({ event: 'acknowledged', deadline, alarm: this.#alarm(deadline) });
    } catch (error) {
      answer(error instanceof OperationError ? { event: 'unproven', what: 'acknowledgement', detail: error.message, evidence: acknowledgement } : { event: 'lost' });
    }
  }

  async #find(code: string, entry: Uint8Array, wait: number): Promise<void> {
    const turn = this.#stopTurn();
    const answer = (event: Event): void => {
      if (turn === this.#turn) this.dispatch(event);
    };
    let found;
    try {
      found = await this.server.find(code, wait);
    } catch (error) {
      answer(this.#refusal(error)); return;
    }
    if (found.state !== 'recorded') { answer({ event: 'found', found: found.state, alarm: this.#alarm(null) }); return; }
    const { receipt } = found;
    try {
      const ballot = await this.#call('verify_receipt', { election: await this.#opened(), code, receipt, entry });
      answer({ event: 'recorded', ballot, receipt });
    } catch (error) {
      answer(error instanceof OperationError ? { event: 'unproven', what: 'receipt', detail: error.message, evidence: receipt } : { event: 'lost' });
    }
  }

  /** When to tell the voter that a ballot is late, by the device's monotonic clock: no answer of the server moves that. */
  #alarm(deadline: number | null): number {
    const left = deadline === null ? PATIENCE : Math.min(Math.max(0, deadline - this.now()), PATIENCE);
    return performance.now() + left * 1000;
  }

  /** Posts a challenge; it is said to be on the board once its receipt is verified. */
  async #post(entry: Uint8Array, code: string): Promise<void> {
    await this.server.challenge(entry);
    const until = performance.now() + POSTING * 1000;
    while (performance.now() < until && !this.#closed) {
      const found = await this.server.find(code, LONG_POLL).catch((error: unknown) => {
        if (error instanceof Refused || error instanceof Unreachable) return null;
        throw error;
      });
      if (found?.state === 'recorded') {
        await this.#call('verify_receipt', { election: await this.#opened(), code, receipt: found.receipt, entry });
        this.dispatch({ event: 'posted', entry, outcome: 'posted' }); return;
      }
      // An answer that came at once is not asked for again at once.
      await new Promise((done) => setTimeout(done, 1000));
    }
    this.dispatch({ event: 'posted', entry, outcome: 'late' });
  }

  #refusal(error: unknown): Event {
    if (error instanceof Refused) return { event: 'refused', code: error.code, status: error.status, retryAfter: error.retryAfter, ahead: error.ahead, detail: error.detail, now: this.now() };
    return { event: 'lost' };
  }

  #stopTurn(): number {
    clearTimeout(this.#timer);
    return ++this.#turn;
  }

  async #destroy(what: 'ballot' | 'credential'): Promise<void> {
    const handle = what === 'ballot' ? this.#ballot : this.#credential;
    if (what === 'ballot') this.#ballot = null;
    else this.#credential = null;
    if (handle !== null && this.#crypto) await this.#call('destroy', { handle });
  }

  /** What the worker made, unless a crash took it. */
  #handle(handle: number | null): number {
    if (handle === null) throw new WorkerBroken('the worker that had it is gone');
    return handle;
  }
}

/** What the check page does: opens the record once, then finds ballots and checks openings, all verified here. */
import { WorkerBroken } from '../../wasm/client';
import type { CheckedOpening, Manifest, RecordedBallot } from '../../wasm/messages';
import { OperationError } from '../../wasm/ops';
import { whyBroken } from '../booth/core/browser';
import { type OpenedRecord, openRecord } from '../booth/core/open';
import type { Crypto } from '../booth/core/run';
import { Refused, type Server, Unreachable } from '../booth/core/server';

/** Why there is no answer; `alarm` says that somebody cheats or is broken, not that the reader erred. */
export type Trouble =
  | { kind: 'unreachable' | 'too-old' | 'not-found' | 'other-election' | 'code' | 'opening'; alarm?: false }
  | { kind: 'busy'; seconds: number; alarm?: false }
  | { kind: 'bad-record' | 'bad-receipt' | 'mismatch'; detail: string; alarm: true }
  | { kind: 'failed'; detail: string; alarm?: false };

export type Answer = { state: 'recorded'; ballot: RecordedBallot; manifest: Manifest } | { state: 'pending' } | { state: 'unknown' } | { state: 'trouble'; trouble: Trouble };

export type Opened = { state: 'opened'; opening: CheckedOpening; manifest: Manifest } | { state: 'trouble'; trouble: Trouble };

/** Errors as the reader is told of them. */
export function troubleOf(error: unknown): Trouble {
  if (error instanceof Unreachable) return { kind: 'unreachable' };
  if (error instanceof Refused) {
    if (error.status === 404) return { kind: 'not-found' };
    if (error.status === 400) return { kind: 'code' };
    return error.status === 503 || error.status === 429 ? { kind: 'busy', seconds: error.retryAfter ?? 5 } : { kind: 'failed', detail: error.message };
  }
  if (error instanceof OperationError) {
    const detail = error.message;
    switch (error.code) {
      case 'other_manifest':
        return { kind: 'other-election' };
      case 'confirmation_code':
        return { kind: 'code' };
      case 'opening':
        return { kind: 'opening' };
      case 'opening_mismatch':
        return { kind: 'mismatch', detail, alarm: true };
      case 'receipt':
      case 'receipt_refused':
      case 'other_ballot':
        return { kind: 'bad-receipt', detail, alarm: true };
      default:
        return { kind: 'bad-record', detail, alarm: true };
    }
  }
  const why = whyBroken(error);
  return why === 'failed' ? { kind: why, detail: String(error) } : { kind: why };
}

export class Checker {
  readonly #server: Server;
  readonly #start: () => Promise<Crypto>;
  #crypto: Promise<Crypto> | null = null;
  #closed = false;
  /** The record opened last, and for which manifest hash. */
  #record: { expected: string | null; opened: OpenedRecord } | null = null;

  constructor(server: Server, start: () => Promise<Crypto>) {
    this.#server = server;
    this.#start = start;
  }

  close(): void {
    this.#closed = true;
    void this.#crypto?.then(
      (crypto) => crypto.stop(),
      () => undefined,
    );
  }

  async #operator(): Promise<Crypto> {
    if (this.#closed) throw new Error('the page was left');
    this.#crypto ??= this.#start();
    try {
      return await this.#crypto;
    } catch (error) {
      this.#crypto = null;
      throw error;
    }
  }

  async #open(expected: string | null): Promise<OpenedRecord & { election: number }> {
    if (this.#record?.expected !== expected || this.#record.opened.election === null) {
      this.#record = { expected, opened: await openRecord(this.#server, this.#operator(), expected) };
    }
    const { opened } = this.#record;
    if (opened.election === null) throw new Refused(404, 'not-found', 'no joint key yet', null);
    return { ...opened, election: opened.election };
  }

  /** Nothing can be asked of a broken worker again, and its handles are gone: the next try starts another. */
  #trouble(error: unknown): Trouble {
    if (error instanceof WorkerBroken) {
      void this.#crypto?.then(
        (crypto) => crypto.stop(),
        () => undefined,
      );
      this.#crypto = null;
      this.#record = null;
    }
    return troubleOf(error);
  }

  /** Where a ballot stands; the proof is verified before it is called recorded. */
  async find(code: string, manifest: string | null): Promise<Answer> {
    try {
      const record = await this.#open(manifest);
      const found = await this.#server.find(code, 5);
      if (found.state !== 'recorded') return { state: found.state };
      const ballot = await (await this.#operator()).call('verify_receipt', { election: record.election, code, receipt: found.receipt, entry: null });
      return { state: 'recorded', ballot, manifest: record.manifest };
    } catch (error) {
      return { state: 'trouble', trouble: this.#trouble(error) };
    }
  }

  /** Encrypts an opened ballot again and compares with the code that came with it. */
  async open(opening: Uint8Array, code: string, manifest: string | null): Promise<Opened> {
    try {
      const record = await this.#open(manifest);
      const checked = await (await this.#operator()).call('check_opening', { election: record.election, code, opening });
      return { state: 'opened', opening: checked, manifest: record.manifest };
    } catch (error) {
      return { state: 'trouble', trouble: this.#trouble(error) };
    }
  }
}

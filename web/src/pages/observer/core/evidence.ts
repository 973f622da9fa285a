/**
 * Evidence against a log, kept on this device until its owner removes it. Trust: none. Whoever can write to this
 * browser's storage can add or remove evidence; what is in it proves itself by the signatures of the log.
 */
import type { Difference } from '../../../wasm/follow';
import { readNote } from './note';

/** What two states of a record prove together. */
export type EvidenceKind =
  /** The board shows fewer entries than it did. */
  | 'rolled_back'
  /** The log signed two trees of one size. */
  | 'forked'
  /** The log signed a tree that does not extend an earlier one. */
  | 'inconsistent'
  /** Somebody else's root is not that of the record here; the other one is not signed. */
  | 'elsewhere';

/** One of the two states. */
export interface Side {
  size: number;
  /** In base64. */
  root: string;
  /** The checkpoint as signed; null for a root that was typed in. */
  note: string | null;
}

export interface Evidence {
  kind: EvidenceKind;
  /** When it was noticed, in milliseconds since 1970 by this device's clock. */
  at: number;
  vkey: string;
  /** Address of the board. */
  board: string;
  /** The state known first. */
  first: Side;
  /** The state that does not fit. */
  second: Side;
  /** In words of the checking module, in English. */
  detail: string;
  /** Where the larger tree does not extend the smaller one: what proves that together with the checkpoints. */
  difference?: Difference | null;
}

/** Where things are kept from one visit to the next: `localStorage`, or a map for tests. */
export interface Keep {
  getItem: (key: string) => string | null;
  setItem: (key: string, value: string) => void;
  removeItem: (key: string) => void;
  /** False where nothing outlives the page. */
  readonly lasting?: boolean;
}

const KINDS: readonly unknown[] = ['rolled_back', 'forked', 'inconsistent', 'elsewhere'] satisfies EvidenceKind[];
const FORMAT = 'hanpyo-evidence-1';

/** Two of the same are one. */
export const nameOf = ({ kind, first, second }: Evidence): string => [kind, first.size, first.root, second.size, second.root].join(' ');

/** A side from a signed checkpoint; null if the bytes are none. */
export function signedSide(note: string): Side | null {
  const face = readNote(note);
  return face === null ? null : { size: face.size, root: face.root, note };
}

const isSide = (value: unknown): value is Side => {
  const side = value as Partial<Side> | null;
  return typeof side === 'object' && side !== null && typeof side.size === 'number' && typeof side.root === 'string' && (side.note === null || typeof side.note === 'string');
};

const isDifference = (value: unknown): boolean => {
  const one = value as Partial<Difference>;
  return typeof value === 'object' && value !== null && typeof one.here === 'string' && Array.isArray(one.proof) && one.proof.every((hash) => typeof hash === 'string');
};

function isEvidence(value: unknown): value is Evidence {
  const one = value as Partial<Evidence> | null;
  if (typeof one !== 'object' || one === null) return false;
  return KINDS.includes(one.kind) && typeof one.at === 'number' && typeof one.vkey === 'string' && typeof one.board === 'string' && typeof one.detail === 'string' && isSide(one.first) && isSide(one.second) && (one.difference === undefined || one.difference === null || isDifference(one.difference));
}

/** Evidence against one board. */
export class EvidenceStore {
  readonly #key: string;
  #list: Evidence[];
  /** Whether the browser keeps it when the page is closed. */
  #kept = true;

  constructor(
    private readonly keep: Keep,
    board: string,
  ) {
    this.#key = `hanpyo.observer.evidence ${board}`;
    this.#list = this.#read();
  }

  get list(): readonly Evidence[] {
    return this.#list;
  }

  get isKept(): boolean {
    return this.#kept;
  }

  /** Adds what is new; gives whether it was. */
  add(evidence: Evidence): boolean {
    // Another page of the same browser may have found some, too.
    this.#list = this.#merged();
    if (this.#list.some((one) => nameOf(one) === nameOf(evidence))) return false;
    this.#list = [...this.#list, evidence];
    this.#write();
    return true;
  }

  remove(evidence: Evidence): void {
    this.#list = this.#merged().filter((one) => nameOf(one) !== nameOf(evidence));
    this.#write();
  }

  #merged(): Evidence[] {
    const stored = this.#read();
    const names = new Set(stored.map(nameOf));
    return [...stored, ...(this.#kept ? [] : this.#list.filter((one) => !names.has(nameOf(one))))];
  }

  #read(): Evidence[] {
    try {
      const parsed: unknown = JSON.parse(this.keep.getItem(this.#key) ?? '[]');
      return Array.isArray(parsed) ? parsed.filter(isEvidence) : [];
    } catch {
      return [];
    }
  }

  #write(): void {
    try {
      if (this.#list.length === 0) this.keep.removeItem(this.#key);
      else this.keep.setItem(this.#key, JSON.stringify(this.#list));
      this.#kept = this.keep.lasting !== false;
    } catch {
      // Storage is full or forbidden; the page says that the evidence must be saved as a file.
      this.#kept = false;
    }
  }
}

/** Of the smaller tree's number of entries within the larger one. */
function consistency({ first, second }: Evidence, { here, proof }: Difference): object {
  const [old, newer] = first.size <= second.size ? [first, second] : [second, first];
  return { old_size: old.size, old_root_signed: old.root, old_root_here: here, new_size: newer.size, new_root: newer.root, proof };
}

/**
 * Evidence as a file for others: both checkpoints with their signatures, the key to verify them with, the proof that one
 * does not extend the other, and what else the log signed without its having been confirmed. docs/VERIFIER.md says how.
 */
export function evidenceFile(evidence: Evidence, unconfirmed: readonly string[] = []): { name: string; text: string } {
  const { kind, at, vkey, board, first, second, detail, difference } = evidence;
  const origin = (vkey.split('+')[0] ?? '').replace(/[^A-Za-z0-9.-]+/g, '-');
  const side = ({ size, root, note }: Side) => ({ size, root, checkpoint: note });
  const body = { format: FORMAT, kind, detail, board, vkey, noticed: new Date(at).toISOString(), first: side(first), second: side(second), ...(difference ? { consistency: consistency(evidence, difference) } : {}), unconfirmed };
  return { name: `hanpyo-evidence-${origin}-${String(first.size)}-${String(second.size)}.json`, text: `${JSON.stringify(body, null, 2)}\n` };
}

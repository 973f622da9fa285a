/**
 * What this device remembers of a board: the log's key that it was followed with, the newest
 * checkpoint that was verified, and those that the log signed without their having been compared with a tree.
 */
import { type Keep, type Side, signedSide } from './evidence';

/** Storage may be forbidden or full; then the page remembers nothing from one visit to the next. */
function attempt<T>(what: () => T): T | null {
  try {
    return what();
  } catch {
    return null;
  }
}

/** Checkpoints that the log signed and that no tree was compared with, and how many more there was no room for. */
export interface Unconfirmed {
  notes: readonly string[];
  dropped: number;
}

export class Memory {
  constructor(
    private readonly keep: Keep,
    private readonly board: string,
  ) {}

  /** Whether a later visit finds what is remembered. */
  get isLasting(): boolean {
    return this.keep.lasting !== false;
  }

  /** Key of the log, as it was the first time or as the visitor gave it. */
  get vkey(): { vkey: string; given: boolean } | null {
    return attempt(() => {
      const kept: unknown = JSON.parse(this.keep.getItem(`hanpyo.observer.vkey ${this.board}`) ?? 'null');
      const { vkey, given } = (kept ?? {}) as { vkey?: unknown; given?: unknown };
      return typeof vkey === 'string' && typeof given === 'boolean' ? { vkey, given } : null;
    });
  }

  set vkey(value: { vkey: string; given: boolean } | null) {
    const key = `hanpyo.observer.vkey ${this.board}`;
    attempt(() => (value === null ? this.keep.removeItem(key) : this.keep.setItem(key, JSON.stringify(value))));
  }

  /** The newest checkpoint of the log that everything was read under. */
  checkpoint(vkey: string): Side | null {
    return attempt(() => {
      const note = this.keep.getItem(`hanpyo.observer.checkpoint ${vkey}`);
      return note === null ? null : signedSide(note);
    });
  }

  /** Signed by the log and not compared with a tree yet, or found not to fit: in the order in which they were seen. */
  unconfirmed(vkey: string): Unconfirmed {
    const kept = attempt(() => JSON.parse(this.keep.getItem(`hanpyo.observer.unconfirmed ${vkey}`) ?? 'null') as unknown);
    const { notes, dropped } = (kept ?? {}) as { notes?: unknown; dropped?: unknown };
    return {
      notes: Array.isArray(notes) ? notes.filter((note): note is string => typeof note === 'string' && signedSide(note) !== null) : [],
      dropped: typeof dropped === 'number' && Number.isSafeInteger(dropped) && dropped > 0 ? dropped : 0,
    };
  }

  /** Other pages of this browser may keep some, too: only what this one saw or settled is changed. Gives whether it is kept. */
  changeUnconfirmed(vkey: string, { added = [], settled = [], dropped }: { added?: readonly string[]; settled?: readonly string[]; dropped: number }): boolean {
    const key = `hanpyo.observer.unconfirmed ${vkey}`;
    const notes = this.unconfirmed(vkey).notes.filter((note) => !settled.includes(note) && !added.includes(note));
    const next = { notes: [...notes, ...added], dropped };
    return attempt(() => {
      if (next.notes.length === 0 && dropped === 0) this.keep.removeItem(key);
      else this.keep.setItem(key, JSON.stringify(next));
      return true;
    }) ?? false;
  }

  /** Keeps a checkpoint, unless a larger one is kept; `instead` keeps it in any case. */
  remember(vkey: string, note: string, { instead = false } = {}): void {
    const [before, now] = [this.checkpoint(vkey), signedSide(note)];
    if (now === null || (!instead && before !== null && before.size >= now.size)) return;
    attempt(() => this.keep.setItem(`hanpyo.observer.checkpoint ${vkey}`, note));
  }
}

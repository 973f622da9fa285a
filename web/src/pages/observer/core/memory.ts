/** What this device remembers of a board: the log's key that it was followed with, and the newest checkpoint that was verified. */
import { type Keep, type Side, signedSide } from './evidence';

/** Storage may be forbidden or full; then the page remembers nothing from one visit to the next. */
function attempt<T>(what: () => T): T | null {
  try {
    return what();
  } catch {
    return null;
  }
}

export class Memory {
  constructor(
    private readonly keep: Keep,
    private readonly board: string,
  ) {}

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

  /** Keeps a checkpoint, unless a larger one is kept; `instead` keeps it in any case. */
  remember(vkey: string, note: string, { instead = false } = {}): void {
    const [before, now] = [this.checkpoint(vkey), signedSide(note)];
    if (now === null || (!instead && before !== null && before.size >= now.size)) return;
    attempt(() => this.keep.setItem(`hanpyo.observer.checkpoint ${vkey}`, note));
  }
}

/** Draws by lot, sorted by contest and compared with the ballot. */
import type { Lot } from '../booth/core/server';

/** What of a contest a draw decides. */
export interface Ordered {
  options: readonly { ko: string }[];
}

export interface ContestDraws {
  contest: number;
  /** Oldest first, with the options' Korean titles in the order that was drawn. */
  done: readonly { lot: Lot; order: readonly string[] }[];
  /** How many were prepared and not drawn. */
  undone: number;
  /** Whether the ballot has another order than the last draw gave. */
  differs: boolean;
}

/** The draws of every contest that has any, also of those that are no longer on the ballot. */
export function drawsOf(lots: readonly Lot[], contests: readonly Ordered[]): ContestDraws[] {
  const numbers = [...new Set(lots.map(({ contest }) => contest))].sort((a, b) => a - b);
  return numbers.map((contest) => {
    const mine = lots.filter((lot) => lot.contest === contest);
    const done = mine.flatMap((lot) => (lot.order ? [{ lot, order: lot.order.map((old) => lot.options[old] ?? '') }] : []));
    const last = done.at(-1);
    const options = contests[contest]?.options;
    const differs = last !== undefined && options !== undefined && (options.length !== last.order.length || options.some(({ ko }, place) => ko !== last.order[place]));
    return { contest, done, undone: mine.length - done.length, differs };
  });
}

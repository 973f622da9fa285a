/** Votes of a contest as a count sheet shows them: whole numbers as they were decrypted. */
import type { Contest, ContestResult } from '../../../wasm/messages';
import { standings } from '../../home/figures';

export interface CountRow {
  units: readonly number[];
  ballots: number;
  /** What the options are compared by: votes, first ranks, rank points; sums of scores where the mean decides. */
  points: readonly number[];
}

export interface Count {
  rows: readonly CountRow[];
  /** Of all, by option. */
  points: readonly number[];
  ballots: number;
  /** How many answered, by option, where scores may stay unanswered. */
  answered: readonly number[] | null;
  /** Of a ranked contest: for every option how often it was given each rank. */
  ranks: readonly (readonly number[])[] | null;
}

/** Null where nothing was decrypted: not counted, or withheld. */
export function countOf(contest: Contest, result: ContestResult): Count | null {
  const { totals, groups } = result;
  if (totals.length === 0) return null;
  const options = contest.options.length;
  const at = (list: readonly number[], from: number): readonly number[] => list.slice(from, from + options);
  const points = (values: readonly number[]): readonly number[] => (contest.decision === 'mean' ? at(values, 0) : standings(contest, { totals: [...values], winners: [] }).map((one) => one.points));
  const depth = contest.rules.kind === 'rank' ? Math.floor(totals.length / options) : 0;
  return {
    rows: groups.map(({ units, ballots, values }) => ({ units, ballots, points: points(values) })),
    points: points(totals),
    ballots: groups.reduce((sum, { ballots }) => sum + ballots, 0),
    answered: contest.rules.kind === 'score' && contest.rules.unanswered ? at(totals, options) : null,
    ranks: depth === 0 ? null : contest.options.map((_, option) => Array.from({ length: depth }, (_rank, rank) => totals[rank * options + option] ?? 0)),
  };
}

/** Columns that fit beside each other on a page. */
export const COLUMNS = 6;

/** Cuts a list into parts of at most so many. */
export const parts = <T>(list: readonly T[], most: number): readonly (readonly T[])[] => Array.from({ length: Math.ceil(list.length / most) }, (_, part) => list.slice(part * most, (part + 1) * most));

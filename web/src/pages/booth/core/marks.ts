/** What a voter has marked so far, and whether it can be cast as it stands. */
import type { Contest, ContestRules, Selection } from '../../../wasm/messages';

/** Marks in one contest; options are numbered from 0. */
export type Mark =
  | { kind: 'choose_one'; option: number | 'blank' | null }
  | { kind: 'choose'; options: readonly number[] }
  | { kind: 'score'; scores: readonly (number | null)[] }
  | { kind: 'rank'; options: readonly number[] };

/** Why marks cannot be cast, or what a voter is asked before they are. */
export type Assessment =
  | { verdict: 'complete' }
  /** Fewer marks than allowed: asked once, then taken. */
  | { verdict: 'undervote'; why: 'nothing' | 'fewer' | 'unanswered' | 'points_left'; marked: number; most: number }
  /** Not allowed by the contest. */
  | { verdict: 'blocked'; why: 'choose_one' | 'too_few' | 'unanswered' | 'total_over' | 'total_not_exact'; marked: number; needed: number };

const COMPLETE: Assessment = { verdict: 'complete' };

export function emptyMark(rules: ContestRules, options: number): Mark {
  switch (rules.kind) {
    case 'choose_one':
      return { kind: 'choose_one', option: null };
    case 'choose':
      return { kind: 'choose', options: [] };
    case 'score':
      return { kind: 'score', scores: Array.from({ length: options }, () => null) };
    case 'rank':
      return { kind: 'rank', options: [] };
  }
}

export const isEmpty = (mark: Mark): boolean =>
  mark.kind === 'choose_one' ? mark.option === null : mark.kind === 'score' ? mark.scores.every((score) => score === null) : mark.options.length === 0;

/** Sum of the scores given. */
export const total = (scores: readonly (number | null)[]): number => scores.reduce<number>((sum, score) => sum + (score ?? 0), 0);

/** What the contest's rules say of the marks. */
export function assess({ rules, options }: Pick<Contest, 'rules' | 'options'>, mark: Mark): Assessment {
  if (rules.kind === 'choose_one' && mark.kind === 'choose_one') {
    if (mark.option !== null) return COMPLETE;
    return rules.blank ? { verdict: 'undervote', why: 'nothing', marked: 0, most: 1 } : { verdict: 'blocked', why: 'choose_one', marked: 0, needed: 1 };
  }
  if (rules.kind === 'score' && mark.kind === 'score') {
    const given = mark.scores.filter((score) => score !== null).length;
    const sum = total(mark.scores);
    if (rules.total !== null && sum > rules.total) return { verdict: 'blocked', why: 'total_over', marked: sum, needed: rules.total };
    if (!rules.unanswered && given < options.length) return { verdict: 'blocked', why: 'unanswered', marked: given, needed: options.length };
    if (rules.total !== null && rules.total_exact && sum !== rules.total) return { verdict: 'blocked', why: 'total_not_exact', marked: sum, needed: rules.total };
    if (given === 0) return { verdict: 'undervote', why: 'nothing', marked: 0, most: options.length };
    if (given < options.length) return { verdict: 'undervote', why: 'unanswered', marked: given, most: options.length };
    if (rules.total !== null && sum < rules.total) return { verdict: 'undervote', why: 'points_left', marked: sum, most: rules.total };
    return COMPLETE;
  }
  if ((rules.kind === 'choose' || rules.kind === 'rank') && mark.kind === rules.kind) {
    const marked = mark.options.length;
    if (marked < rules.min) return { verdict: 'blocked', why: 'too_few', marked, needed: rules.min };
    if (marked === 0) return { verdict: 'undervote', why: 'nothing', marked, most: rules.max };
    return marked < rules.max ? { verdict: 'undervote', why: 'fewer', marked, most: rules.max } : COMPLETE;
  }
  throw new Error(`a ${rules.kind} contest has ${mark.kind} marks`);
}

/** Marks that `assess` does not block, as they are encrypted. */
export function toSelection(mark: Mark): Selection {
  switch (mark.kind) {
    case 'choose_one':
      return { kind: 'choose_one', option: typeof mark.option === 'number' ? mark.option : null };
    case 'choose':
      // In the order of the ballot: the order of clicking is nobody's business.
      return { kind: 'choose', options: [...mark.options].sort((a, b) => a - b) };
    case 'score':
      return { kind: 'score', scores: [...mark.scores] };
    case 'rank':
      return { kind: 'rank', options: [...mark.options] };
  }
}

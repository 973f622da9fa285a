/** What the figures of an election mean under its legal profile. Whole numbers only: no share is ever rounded up to a quorum. */
import type { Format } from '../../i18n';
import type { Contest, Fraction } from '../../wasm/messages';
import type { ContestResult, Turnout } from '../booth/core/server';

/** How many votes a share of the electorate is, rounded up: 1/4 of 10 is 3. */
export const needed = ({ numerator, denominator }: Fraction, electorate: number): number => Number((BigInt(electorate) * BigInt(numerator) + BigInt(denominator) - 1n) / BigInt(denominator));

/** Everyone who voted, online and on paper. */
export const voted = ({ counted, paper }: Pick<Turnout, 'counted' | 'paper'>): number => counted + paper;

/** A share in per cent, cut off after two digits, so that 24.996 % does not look like 25 %. */
export const cutPercent = (part: number, whole: number): number => (whole === 0 ? 0 : Math.floor((part * 10_000) / whole) / 100);

/** A share of the votes of a contest in words, cut off: 49.97 % never reads as 50.0 %. */
export const shareOf = (format: Pick<Format, 'number'>, part: number, whole: number): string => (whole === 0 ? '–' : `${format.number(cutPercent(part, whole))}%`);

/** What an option is compared by. */
export interface Standing {
  option: number;
  /** Votes, points, or the mean score ({@link areMeans}). */
  points: number;
  wins: boolean;
}

/**
 * Whether points are means. Where every option is scored on every ballot the sums say the same, and how many ballots hold the
 * contest, by weight, is nowhere in a result.
 */
export const areMeans = ({ decision, rules }: Pick<Contest, 'rules' | 'decision'>): boolean => decision === 'mean' && rules.kind === 'score' && rules.unanswered;

/** Options of a contest by what its rule compares, in the order of the ballot. */
export function standings(contest: Pick<Contest, 'options' | 'rules' | 'decision'>, result: Pick<ContestResult, 'totals' | 'winners'>): Standing[] {
  const options = contest.options.length;
  const at = (position: number): number => result.totals[position] ?? 0;
  const points = (option: number): number => {
    switch (contest.decision) {
      case 'majority':
      case 'plurality':
      case 'first_preferences':
        return at(option);
      case 'mean': {
        if (!areMeans(contest)) return at(option);
        const answered = at(options + option);
        return answered === 0 ? 0 : at(option) / answered;
      }
      case 'borda':
        // Rank m (from 0) gets k - 1 - m points.
        return Array.from({ length: Math.min(options, Math.floor(result.totals.length / options)) }, (_, rank) => (options - 1 - rank) * at(rank * options + option)).reduce((sum, one) => sum + one, 0);
    }
  };
  return contest.options.map((_, option) => ({ option, points: points(option), wins: result.winners.includes(option) }));
}

/** What became of a contest. */
export const OUTCOMES = ['decided', 'quorum-not-met', 'tied', 'not-counted', 'withheld', 'no-majority'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export function outcome({ status }: Pick<ContestResult, 'status'>): Outcome {
  const found = OUTCOMES[status];
  if (found === undefined) throw new Error(`a result has status 0 to 5, this has ${String(status)}`);
  return found;
}

/** Turnout and result as this browser recomputed them from the record, in the form of the public pages, and what the server says differently. */
import type { Manifest, OutcomeStatus, RecordResults } from '../../../wasm/messages';
import type { Results, Turnout } from '../../booth/core/server';

/** In the order of the numbers that results carry (docs/PROTOCOL.md, section 10.5). */
const STATUSES: readonly OutcomeStatus[] = ['decided', 'quorum_not_met', 'tied', 'not_counted', 'withheld', 'no_majority'];

export function turnoutOf(manifest: Manifest, results: RecordResults, size: number): Turnout {
  const { electorate, counted, paper } = results;
  const units = results.units.map((unit, number) => ({ unit: number, title: manifest.units[number]?.title ?? { ko: String(number), en: '' }, ...unit }));
  return { electorate, counted, paper, percent: electorate === 0 ? 0 : ((counted + paper) * 100) / electorate, units, log_size: size };
}

/** The result; null until every contest has one. */
export function resultsOf(manifest: Manifest, { contests, counted, paper, electorate }: RecordResults): Results | null {
  const found = contests.flatMap(({ groups, totals, status, winners }, contest) => {
    const asked = manifest.contests[contest];
    if (asked === undefined || status === null) return [];
    return [{ contest, title: asked.title, options: asked.options, groups: groups.map(({ units, values }) => ({ units, values })), totals, status: STATUSES.indexOf(status), winners }];
  });
  return found.length === contests.length && found.length > 0 ? { phase: 'finished', contests: found, ballots: counted, paper, electorate } : null;
}

/** What differs, named by where it stands. */
export interface Difference {
  /** Contest, from 0; null for figures of the whole election. */
  contest: number | null;
  what: 'ballots' | 'paper' | 'electorate' | 'totals' | 'winners' | 'status' | 'missing';
  published: string;
  recomputed: string;
}

/** The published result against the recomputed one. */
export function differences(published: Results, recomputed: Results): Difference[] {
  const found: Difference[] = [];
  const compare = (contest: number | null, what: Difference['what'], theirs: unknown, ours: unknown): void => {
    const [a, b] = [JSON.stringify(theirs), JSON.stringify(ours)];
    if (a !== b) found.push({ contest, what, published: a, recomputed: b });
  };
  for (const what of ['ballots', 'paper', 'electorate'] as const) compare(null, what, published[what], recomputed[what]);
  const numbers = new Set([...published.contests, ...recomputed.contests].map(({ contest }) => contest));
  for (const contest of [...numbers].sort((a, b) => a - b)) {
    const [theirs, ours] = [published, recomputed].map(({ contests }) => contests.find((one) => one.contest === contest));
    if (!theirs || !ours) compare(contest, 'missing', theirs !== undefined, ours !== undefined);
    else {
      compare(contest, 'totals', theirs.totals, ours.totals);
      compare(contest, 'winners', [...theirs.winners].sort(), [...ours.winners].sort());
      compare(contest, 'status', theirs.status, ours.status);
    }
  }
  return found;
}

/** How the server's turnout compares with the recomputed one; `apart`: the two are of different numbers of entries. */
export type TurnoutComparison = 'same' | 'other' | 'apart';

export function compareTurnout(published: Turnout, recomputed: Turnout): TurnoutComparison {
  if (published.log_size !== recomputed.log_size) return 'apart';
  const figures = ({ electorate, counted, paper, units }: Turnout): string => JSON.stringify([electorate, counted, paper, units.map((unit) => [unit.unit, unit.electorate, unit.counted, unit.paper])]);
  return figures(published) === figures(recomputed) ? 'same' : 'other';
}

/**
 * Problems of a draft that the server finds only once nothing is missing any more (its manifest rules), named by the same
 * places, so that they are shown while one writes. The server's own list decides whether a draft can be submitted.
 */
import type { Contest, Draft, Kind } from '../election/draft';
import { totalSeconds, votingDayOf } from './dates';
import { profileOf } from './profiles';

/** Least floor of an election whose single votes must not be computable. */
export const LEAST_FLOOR = 5;
const MAX_SCORE = 2 ** 31;
export const LEAST_TRUSTEES = 3;

/** Places in the draft, such as `contests[0].options[1]`. */
export function check(draft: Draft): string[] {
  return [...schedule(draft), ...draft.contests.flatMap(contest), ...styles(draft), ...units(draft), ...roles(draft)];
}

function schedule({ schedule: { windows, override_reason: reason }, profile }: Draft): string[] {
  const found = windows.flatMap(({ opens, closes }, index) => {
    const previous = windows[index - 1];
    return [...(opens >= closes ? [`schedule.windows[${index}].closes`] : []), ...(previous && opens < previous.closes ? [`schedule.windows[${index}].opens`] : [])];
  });
  const law = profileOf(profile.id);
  // The server asks for a reason when the length differs; other days than the law's need one here, too.
  const differs = law !== null && ((law.votingSeconds !== null && totalSeconds(windows) !== law.votingSeconds) || (law.residentSchedule && votingDayOf(windows) === null));
  if (differs && (reason ?? '').trim() === '') found.push('schedule.override_reason');
  return found;
}

function contest({ options, kind, rule, seats }: Contest, number: number): string[] {
  const place = `contests[${number}]`;
  const repeated = options.flatMap((option, index) => {
    const before = options.slice(0, index);
    const twice = before.some(({ ko, en }) => (ko.trim() !== '' && ko === option.ko) || (en.trim() !== '' && en === option.en));
    return twice ? [`${place}.options[${index}].ko`] : [];
  });
  const most = rule === 'majority' ? 1 : options.length;
  return [...repeated, ...(kindFits(kind, options.length) ? [] : [`${place}.kind`]), ...(Number.isInteger(seats) && seats >= 1 && seats <= most ? [] : [`${place}.seats`])];
}

function kindFits(kind: Kind, options: number): boolean {
  const whole = (...values: number[]): boolean => values.every((value) => Number.isInteger(value) && value >= 0);
  switch (kind.type) {
    case 'choose-one':
      return options >= 2;
    case 'choose':
    case 'rank':
      return options >= 2 && whole(kind.min, kind.max) && kind.max >= 1 && kind.min <= kind.max && kind.max <= options;
    case 'score': {
      const total = kind.total === null ? null : 'exactly' in kind.total ? kind.total.exactly : kind.total['at-most'];
      return options >= 2 && whole(kind.max) && kind.max >= 1 && kind.max <= MAX_SCORE && (total === null || (whole(total) && total >= 1 && total <= kind.max * options));
    }
  }
}

function styles({ styles: all, contests }: Draft): string[] {
  if (all === null) return [];
  const empty = all.flatMap(({ contests: listed }, index) => (listed.length === 0 ? [`styles[${index}].contests`] : []));
  const unused = contests.some((_, number) => !all.some(({ contests: listed }) => listed.includes(number)));
  return [...empty, ...(unused ? ['styles'] : [])];
}

function units({ units: all, counting, test }: Draft): string[] {
  const parents = all.flatMap(({ parent }, index) => (parent !== null && parent >= index ? [`units[${index}].parent`] : []));
  const low = !Number.isInteger(counting.floor) || counting.floor < 1 || (counting.floor < LEAST_FLOOR && !test && !counting.votes_computable);
  return [...parents, ...(low ? ['counting.floor'] : [])];
}

function roles({ roles: { authorities, trustees, quorum, tally }, witnesses }: Draft): string[] {
  const found: string[] = [];
  const t = quorum ?? 0;
  if (!Number.isInteger(t) || t < 2 || t >= trustees.length || (2 * t <= trustees.length && witnesses === null)) found.push('roles.quorum');
  const seen = new Set<string>();
  const keys: [string, string | null][] = [...authorities.map(({ key }, index): [string, string | null] => [`roles.authorities[${index}].key`, key]), ...trustees.map(({ key }, index): [string, string | null] => [`roles.trustees[${index}].key`, key]), ['roles.tally', tally]];
  for (const [place, key] of keys) {
    const plain = (key ?? '').trim().toLowerCase();
    if (plain === '') continue;
    if (seen.has(plain)) found.push(place);
    seen.add(plain);
  }
  return found;
}

/** What a new election begins with: by its legal profile, so that nothing usual has to be typed. */
import { adminWizard } from '../../../i18n/admin-wizard';
import type { Contest, Draft, Kind, Rule, Text } from '../election/draft';
import { LEAST_FLOOR, LEAST_TRUSTEES } from './check';
import { at, earlyVoting, plusDays, votingDay } from './dates';
import type { Profile } from './profiles';

type Key = Extract<keyof (typeof adminWizard)['ko'], `default.${string}`>;

/** A text of the catalogue in both languages, as elections carry them. */
export function both(key: Key): Text {
  const english = adminWizard.en[key];
  return { ko: adminWizard.ko[key], en: typeof english === 'string' ? english : english.other };
}

/** The rule that decides contests of a kind, as a rule. */
export function usualRule(kind: Kind, options: number): Rule {
  switch (kind.type) {
    case 'choose-one':
      return options === 2 ? 'majority' : 'plurality';
    case 'choose':
      return 'plurality';
    case 'score':
      return 'mean';
    case 'rank':
      return 'borda';
  }
}

/** Rules that fit a kind. */
export function fittingRules(kind: Kind, options: number): readonly Rule[] {
  switch (kind.type) {
    case 'choose-one':
      return options === 2 ? ['majority', 'plurality'] : ['plurality'];
    case 'choose':
      return ['plurality'];
    case 'score':
      return ['mean'];
    case 'rank':
      return ['borda', 'first-preferences'];
  }
}

export const NOTHING: Text = { ko: '', en: '' };

export function newContest(profile: Profile | null, title: Text): Contest {
  const yesNo = profile?.ballot !== 'election';
  const options = yesNo ? [both('default.for'), both('default.against')] : [NOTHING, NOTHING];
  return { title, options, kind: { type: 'choose-one', blank: true }, rule: 'majority', seats: 1 };
}

/** The usual windows of a profile, were it proposed on a day. */
export function usualWindows(profile: Profile, proposed: string): Draft['schedule']['windows'] {
  if (profile.residentSchedule) return earlyVoting(votingDay(proposed));
  const first = plusDays(proposed, 14);
  return [{ opens: at(first, 9), closes: at(plusDays(first, 1), 18) }];
}

/** Seconds after closing in which a vote that was begun may still be submitted. */
const GRACE = 300;

export function newDraft(profile: Profile, title: Text, test: boolean, proposed: string): Draft {
  return {
    title,
    notice: both(`default.notice.${profile.ballot}`),
    profile: { id: profile.id },
    schedule: { windows: usualWindows(profile, proposed), grace_seconds: GRACE, override_reason: null },
    contests: [newContest(profile, title)],
    styles: null,
    units: [{ title: both('default.unit'), parent: null }],
    counting: { floor: LEAST_FLOOR, votes_computable: false, revoting: false },
    roles: { authorities: [{ name: '', key: null }], trustees: Array.from({ length: LEAST_TRUSTEES }, () => ({ name: '', key: null })), quorum: LEAST_TRUSTEES - 1, tally: null },
    witnesses: null,
    disclosure: 'public',
    test,
  };
}

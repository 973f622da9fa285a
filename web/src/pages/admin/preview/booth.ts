/** The booth's own state machine with a draft in place of a verified manifest: nothing is encrypted or sent. */
import type { Contest as RecordContest, ContestRules, DecisionRule, Manifest } from '../../../wasm/messages';
import { type Event, initial, reduce, type State } from '../../booth/core/machine';
import type { Draft, Kind, Rule, Style } from '../election/draft';
import { both } from '../wizard/defaults';

function rulesOf(kind: Kind): ContestRules {
  switch (kind.type) {
    case 'choose-one':
      return { kind: 'choose_one', blank: kind.blank };
    case 'choose':
      return { kind: 'choose', min: kind.min, max: kind.max };
    case 'score':
      return {
        kind: 'score',
        maximum: kind.max,
        total: kind.total === null ? null : 'exactly' in kind.total ? kind.total.exactly : kind.total['at-most'],
        total_exact: kind.total !== null && 'exactly' in kind.total,
        unanswered: kind.unanswered,
      };
    case 'rank':
      return { kind: 'rank', min: kind.min, max: kind.max };
  }
}

const DECISIONS: Readonly<Record<Rule, DecisionRule>> = { majority: 'majority', plurality: 'plurality', mean: 'mean', borda: 'borda', 'first-preferences': 'first_preferences' };

/** The styles of a draft; without any there is one with all contests. */
export const stylesOf = (draft: Draft): readonly Style[] => draft.styles ?? [{ title: both('default.style'), contests: draft.contests.map((_, number) => number) }];

function manifestOf(draft: Draft): Manifest {
  const contests = draft.contests.map((contest): RecordContest => ({ title: contest.title, options: [...contest.options], rules: rulesOf(contest.kind), decision: DECISIONS[contest.rule], seats: contest.seats }));
  return {
    hash: new Uint8Array(),
    origin: '',
    title: draft.title,
    notice: draft.notice,
    profile: { id: draft.profile.id, basis: { ko: '', en: '' }, turnout_quorum: null, count_gate: null, voting_seconds: null, revoting_allowed: draft.counting.revoting },
    windows: [...draft.schedule.windows],
    grace_seconds: draft.schedule.grace_seconds,
    override_reason: draft.schedule.override_reason,
    contests,
    styles: stylesOf(draft).map(({ title, contests: listed }) => ({ title, contests: [...listed] })),
    units: [...draft.units],
    floor: draft.counting.floor,
    votes_computable: draft.counting.votes_computable,
    revoting: draft.counting.revoting,
    log: '',
    authorities: [],
    trustees: [],
    quorum: draft.roles.quorum ?? 0,
    witness_policy: '',
    witnesses_required: false,
    faulty_witnesses: 0,
    disclosure: draft.disclosure,
    assets: null,
    test: draft.test,
  };
}

/** A voter of this style, about to mark. */
export function begin(draft: Draft, style: number): State {
  const manifest = manifestOf(draft);
  return {
    ...initial,
    stage: { at: 'mark', place: 0, back: false, blocked: null, asking: null },
    election: { manifest, hash: '', phase: 'open', closes: manifest.windows.at(-1)?.closes ?? 0 },
    session: { expires: Number.MAX_SAFE_INTEGER, credential: 0, style, hasCast: false, lastCounter: 0 },
    style,
  };
}

/** The next state; what the booth would send or encrypt stays undone. */
export const step = (state: State, event: Event): State => reduce(state, event)[0];

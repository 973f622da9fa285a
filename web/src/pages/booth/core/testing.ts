/** Values for the tests of the booth. */
import type { Contest, Manifest, RecordedBallot } from '../../../wasm/messages';
import { type Election, type Event, initial, reduce, type State, type Step } from './machine';
import type { PendingCast } from './pending';

const text = (ko: string) => ({ ko, en: '' });
export const contest = (rules: Contest['rules'], options = 3): Contest => ({ title: text('Contest'), options: Array.from({ length: options }, (_, n) => text(`Option ${String(n + 1)}`)), rules, decision: 'plurality', seats: 1 });

export const OPENS = 1_000_000;
export const CLOSES = 1_100_000;
export const NOW = 1_050_000;

/** Two contests: yes or no with a blank vote, and up to two of three. */
export function manifest(change: Partial<Manifest> = {}): Manifest {
  return {
    hash: new Uint8Array(32).fill(7),
    origin: 'vote.example/city/meals',
    title: text('Referendum'),
    notice: text('Notice'),
    profile: { id: 'x', basis: text('Act'), turnout_quorum: { numerator: 1, denominator: 4 }, count_gate: null, voting_seconds: null, revoting_allowed: true },
    windows: [{ opens: OPENS, closes: CLOSES }],
    grace_seconds: 600,
    override_reason: null,
    contests: [contest({ kind: 'choose_one', blank: true }, 2), contest({ kind: 'choose', min: 1, max: 2 })],
    styles: [{ title: text('All'), contests: [0, 1] }],
    units: [{ title: text('District'), parent: null }],
    floor: 5,
    votes_computable: false,
    revoting: false,
    log: 'vkey',
    authorities: [{ name: 'Commission', key: new Uint8Array(32) }],
    trustees: [],
    quorum: 2,
    witness_policy: '',
    witnesses_required: false,
    faulty_witnesses: 0,
    disclosure: 'public',
    assets: null,
    test: false,
    ...change,
  };
}

export const election = (change: Partial<Election> = {}): Election => ({ manifest: manifest(), hash: '07'.repeat(32), phase: 'open', closes: CLOSES, ...change });
export const pending: PendingCast = { manifest: '07'.repeat(32), code: 'CODE', entry: new Uint8Array([1, 2, 3]) };
export const recorded: RecordedBallot = { index: 42, kind: 'cast', full_code: 'CODE-WHOLE', credential: 3, size: 50, root: 'root', quorum_time: null, cosigned_by: [] };
export const session = { expires: NOW + 1800, credential: 3, style: 0, hasCast: false, lastCounter: 0 };

/** Events one after the other; the state, and the effects of the last one. */
export function after(state: State, ...events: Event[]): Step {
  let step: Step = [state, []];
  for (const event of events) step = reduce(step[0], event);
  return step;
}

export const loadedEvent = (change: Partial<Extract<Event, { event: 'loaded' }>> = {}): Event => ({ event: 'loaded', election: election(), link: { index: 3 }, codes: [true], pending: null, now: NOW, ...change });

/** Up to the first contest, the way of a voter with a personal link. */
export const toMarking: Event[] = [
  loadedEvent(),
  { event: 'begin' },
  { event: 'identify', voter: 'V1' },
  { event: 'code-sent' },
  { event: 'one-time-code', code: '123456' },
  { event: 'session', session },
  { event: 'roll', revoked: false, struck: false, linkRevoked: false },
  { event: 'credential', style: 0 },
];
export const toReview: Event[] = [...toMarking, { event: 'mark', mark: { kind: 'choose_one', option: 1 } }, { event: 'next' }, { event: 'mark', mark: { kind: 'choose', options: [2, 0] } }, { event: 'next' }];
export const toSubmit: Event[] = [...toReview, { event: 'confirm' }, { event: 'encrypted', ballot: { code: 'CODE', fullCode: 'CODE-WHOLE' } }];
export const toSending: Event[] = [...toSubmit, { event: 'cast' }, { event: 'entry', pending }];

export const begun = (...events: Event[]): State => after(initial, ...events)[0];

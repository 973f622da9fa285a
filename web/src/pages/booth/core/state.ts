/**
 * What the booth's state machine (`machine.ts`) is made of: states, events, effects. No secret is ever in a state: voting
 * codes, token and nonces stay with the runner and the worker.
 */
import type { Contest, ErrorCode, Manifest, RecordedBallot, Selection } from '../../../wasm/messages';
import { type Assessment, emptyMark, type Mark } from './marks';
import type { PendingCast } from './pending';
import type { Phase } from './server';

/** Why the booth goes no further. */
export type Stop = Reason & Outcome;

type Reason =
  | { why: 'not-found' | 'bad-link' | 'other-election' | 'too-old' | 'unreachable' | 'void' | 'already-voted' | 'on-paper' | 'revoked' | 'session-over' | 'no-credential' | 'other-voter' | 'stale-counter' }
  | { why: 'before' | 'pause'; opens: number }
  | { why: 'closed'; closed: number }
  /** The record of this election is broken or forged. */
  | { why: 'bad-record'; detail: string }
  /** A fault of this program or of the server. */
  | { why: 'failed'; detail: string };

interface Outcome {
  /** A ballot was sent and refused: said loudly. */
  cast?: false | undefined;
  /** The voter's earlier vote counts as before. */
  earlier?: boolean | undefined;
  /** Whether a ballot sent before arrived is not known yet. */
  unsettled?: boolean | undefined;
}

/** What is wrong with the last thing the voter did; shown where they are. */
export type Trouble =
  | { kind: 'wrong-code' }
  | { kind: 'busy'; seconds: number }
  | { kind: 'unreachable' }
  | { kind: 'voting-code'; code: ErrorCode; place: number; position: number | null; found: string | null }
  /** The worker crashed, and the credential with it. */
  | { kind: 'crashed' }
  | { kind: 'failed'; detail: string };

export interface Election {
  manifest: Manifest;
  /** Manifest hash in hexadecimal digits. */
  hash: string;
  phase: Phase;
  /** Last end of voting, re-dated or as announced, in seconds since 1970. */
  closes: number;
}

export interface Session {
  /** End, in seconds since 1970 by the server's clock. */
  expires: number;
  credential: number;
  style: number;
  /** Whether a ballot of this voter is there already. */
  hasCast: boolean;
  /** What the server says was the counter of that ballot; 0 without one. */
  lastCounter: number;
}

/** Whether a session is of the same voter and ballot style as before. */
export const sameVoter = (one: Session, other: Session): boolean => one.credential === other.credential && one.style === other.style;

export interface Ballot {
  code: string;
  fullCode: string;
}

export type Stage =
  | { at: 'loading' }
  | { at: 'stopped'; stop: Stop }
  | { at: 'notice' }
  | { at: 'identify'; busy: boolean; trouble: Trouble | null }
  | { at: 'one-time-code'; busy: boolean; trouble: Trouble | null; sent: number }
  | { at: 'voting-code'; busy: boolean; trouble: Trouble | null }
  | { at: 'mark'; place: number; back: boolean; blocked: Assessment | null; asking: Assessment | null }
  | { at: 'review'; trouble: Trouble | null }
  | { at: 'encrypting' }
  | { at: 'submit'; busy: boolean }
  | { at: 'challenged'; opening: Uint8Array; entry: Uint8Array; posting: 'no' | 'busy' | 'posted' | 'late' | 'unproven' | 'failed' }
  | { at: 'sending'; tries: number }
  /** The server takes no ballots for the moment and said how long to wait. */
  | { at: 'waiting'; reason: 'busy' | 'cannot-write' | 'stopped'; seconds: number; ahead: number | null }
  /** No answer came: whether the ballot arrived is being found out. `refused` is why it was refused when it was sent again. */
  | { at: 'settling'; tries: number; refused?: Stop | undefined }
  /** The server acknowledged or has the ballot; its place in the log is awaited. */
  | { at: 'recording'; deadline: number | null; tries: number }
  | { at: 'recorded'; ballot: RecordedBallot; receipt: Uint8Array }
  /** An answer that proves nothing: an alarm. */
  | { at: 'unproven'; what: 'acknowledgement' | 'receipt'; detail: string; evidence: Uint8Array };

export interface State {
  stage: Stage;
  election: Election | null;
  /** The link's credential, if the voter came by one that can be used. */
  link: { index: number } | null;
  /** For each authority, whether its code is at hand. */
  codes: readonly boolean[];
  voter: string;
  session: Session | null;
  /** Ballot style that the authorities' roll gives the credential that was entered: what is shown and encrypted. */
  style: number | null;
  /** Whether an earlier vote counts until this one replaces it. */
  again: boolean;
  /** By number of the contest. */
  marks: Readonly<Record<number, Mark>>;
  ballot: Ballot | null;
  pending: PendingCast | null;
  /** Whether an attempt to send left this device of which nobody knows here whether it arrived. */
  doubt: boolean;
  /** When the voter is told that the ballot should be recorded by now, in milliseconds of the device's monotonic clock. */
  alarm: number | null;
}

export const initial: State = { stage: { at: 'loading' }, election: null, link: null, codes: [], voter: '', session: null, style: null, again: false, marks: {}, ballot: null, pending: null, doubt: false, alarm: null };

export type Event =
  | { event: 'loaded'; election: Election; link: { index: number } | null; codes: readonly boolean[]; pending: PendingCast | null; now: number }
  | { event: 'stopped'; stop: Stop }
  | { event: 'begin' }
  | { event: 'identify'; voter: string }
  | { event: 'code-sent' }
  | { event: 'change-voter' }
  | { event: 'one-time-code'; code: string }
  | { event: 'session'; session: Session }
  | { event: 'extended'; session: Session }
  | { event: 'roll'; revoked: boolean; struck: boolean; linkRevoked: boolean }
  | { event: 'voting-codes'; codes: readonly (string | null)[] }
  /** The worker has the voting codes, and this page no more. */
  | { event: 'codes-gone' }
  | { event: 'credential'; style: number }
  | { event: 'credential-lost' }
  | { event: 'trouble'; trouble: Trouble }
  | { event: 'mark'; mark: Mark }
  | { event: 'next' }
  | { event: 'accept-undervote' }
  | { event: 'keep-marking' }
  | { event: 'back' }
  | { event: 'change'; place: number }
  | { event: 'confirm' }
  | { event: 'encrypted'; ballot: Ballot }
  | { event: 'reconsider' }
  | { event: 'cast' }
  | { event: 'entry'; pending: PendingCast }
  | { event: 'acknowledged'; deadline: number; alarm: number }
  | { event: 'refused'; code: string; status: number; retryAfter: number | null; ahead?: number | null; detail: string; now: number }
  | { event: 'lost' }
  | { event: 'waited' }
  | { event: 'retry' }
  | { event: 'found'; found: 'pending' | 'unknown'; alarm: number }
  | { event: 'recorded'; ballot: RecordedBallot; receipt: Uint8Array }
  | { event: 'unproven'; what: 'acknowledgement' | 'receipt'; detail: string; evidence: Uint8Array }
  | { event: 'challenge' }
  | { event: 'challenged'; opening: Uint8Array; entry: Uint8Array }
  | { event: 'post' }
  | { event: 'posted'; entry: Uint8Array; outcome: 'posted' | 'late' | 'unproven' | 'failed' }
  | { event: 'session-over' }
  | { event: 'discard-pending' }
  | { event: 'again' };

export type Effect =
  | { do: 'load' }
  | { do: 'send-code'; voter: string }
  | { do: 'start-session'; voter: string; code: string }
  | { do: 'look-up-roll'; credential: number }
  | { do: 'take-codes'; codes: readonly (string | null)[] }
  | { do: 'enter-credential'; session: Session }
  | { do: 'forget-codes' }
  | { do: 'encrypt'; contests: readonly number[]; selections: readonly Selection[] }
  | { do: 'destroy-ballot' }
  | { do: 'destroy-credential' }
  | { do: 'cast' }
  | { do: 'keep-pending'; pending: PendingCast }
  | { do: 'drop-pending' }
  | { do: 'send'; pending: PendingCast }
  | { do: 'find'; pending: PendingCast; wait: number }
  | { do: 'wait'; seconds: number }
  | { do: 'challenge' }
  | { do: 'post-challenge'; entry: Uint8Array; code: string };

export type Step = readonly [State, readonly Effect[]];

/** Seconds before an unanswered question is asked again: quickly at first, then every half minute. */
export const pause = (tries: number): number => Math.min(30, 2 ** Math.min(tries, 5));

/** Contests of the voter's ballot style, with their numbers, in its order. */
export function contestsOf(state: State): readonly (Contest & { number: number })[] {
  const { election, style } = state;
  const contests = style === null ? [] : (election?.manifest.styles[style]?.contests ?? []);
  return contests.flatMap((number) => {
    const contest = election?.manifest.contests[number];
    return contest === undefined ? [] : [{ ...contest, number }];
  });
}

/** The marks of a contest, empty at first. */
export const markOf = (state: State, contest: Contest & { number: number }): Mark => state.marks[contest.number] ?? emptyMark(contest.rules, contest.options.length);

/** Whether voters may vote again in this election. */
export const mayVoteAgain = ({ election }: State): boolean => election !== null && election.manifest.revoting && election.manifest.profile.revoting_allowed;

export const go = (state: State, stage: Stage, ...effects: Effect[]): Step => [{ ...state, stage }, effects];
export const stop = (state: State, why: Stop, ...effects: Effect[]): Step => go(state, { at: 'stopped', stop: why }, ...effects);

/** The voting codes are not at hand any more, nor is the link that brought one. */
export const codeless = (state: State): State => ({ ...state, link: null, codes: state.codes.map(() => false) });

/** Codes, marks and ballot are wiped wherever the voter's own session ends. */
export const wiped = (state: State): State => ({ ...codeless(state), session: null, style: null, marks: {}, ballot: null });

/** Stops with the voter's session, of which nothing stays here or in the worker. */
export const end = (state: State, why: Stop, ...effects: Effect[]): Step => stop(wiped(state), why, { do: 'destroy-credential' }, ...effects);

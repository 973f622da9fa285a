/**
 * The booth as a state machine: what is shown, what may happen next, and what the page must do about it. Pure: the
 * runner (`run.ts`) carries out the effects and reports back with events. No secret is ever in a state: voting codes,
 * token and nonces stay with the runner and the worker.
 */
import type { Contest, ErrorCode, Manifest, RecordedBallot, Selection } from '../../../wasm/messages';
import { assess, type Assessment, emptyMark, type Mark, toSelection } from './marks';
import type { PendingCast } from './pending';
import { isAfter, isBefore, votingTime } from './schedule';
import type { Phase } from './server';

/** Why the booth goes no further. `cast: false` says loudly that nothing was cast. */
export type Stop =
  | { why: 'not-found' | 'bad-link' | 'other-election' | 'too-old' | 'unreachable' | 'void' | 'already-voted' | 'on-paper' | 'revoked' | 'session-over' | 'no-credential' | 'other-voter'; cast?: false | undefined }
  | { why: 'before' | 'pause'; opens: number; cast?: false | undefined }
  | { why: 'closed'; closed: number; cast?: false | undefined }
  /** The record of this election is broken or forged. */
  | { why: 'bad-record'; detail: string; cast?: false | undefined }
  /** A fault of this program or of the server. */
  | { why: 'failed'; detail: string; cast?: false | undefined };

/** What is wrong with the last thing the voter did; shown where they are. */
export type Trouble =
  | { kind: 'wrong-code' }
  | { kind: 'busy'; seconds: number }
  | { kind: 'unreachable' }
  | { kind: 'voting-code'; code: ErrorCode; place: number; position: number | null; found: string | null }
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
}

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
  | { at: 'challenged'; opening: Uint8Array; entry: Uint8Array; posting: 'no' | 'busy' | 'posted' | 'failed' }
  | { at: 'sending'; tries: number }
  /** The server takes no ballots for the moment and said how long to wait. */
  | { at: 'waiting'; reason: 'busy' | 'cannot-write' | 'stopped'; seconds: number; ahead: number | null }
  /** No answer came: whether the ballot arrived is being found out. */
  | { at: 'settling'; tries: number }
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
  /** Whether an earlier vote counts until this one replaces it. */
  again: boolean;
  /** By number of the contest. */
  marks: Readonly<Record<number, Mark>>;
  ballot: Ballot | null;
  pending: PendingCast | null;
}

export const initial: State = { stage: { at: 'loading' }, election: null, link: null, codes: [], voter: '', session: null, again: false, marks: {}, ballot: null, pending: null };

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
  | { event: 'credential' }
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
  | { event: 'acknowledged'; deadline: number }
  | { event: 'refused'; code: string; status: number; retryAfter: number | null; ahead?: number | null; detail: string; now: number }
  | { event: 'lost' }
  | { event: 'waited' }
  | { event: 'retry' }
  | { event: 'found'; found: 'pending' | 'unknown' }
  | { event: 'recorded'; ballot: RecordedBallot; receipt: Uint8Array }
  | { event: 'unproven'; what: 'acknowledgement' | 'receipt'; detail: string; evidence: Uint8Array }
  | { event: 'challenge' }
  | { event: 'challenged'; opening: Uint8Array; entry: Uint8Array }
  | { event: 'post' }
  | { event: 'posted'; ok: boolean }
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
  | { do: 'forget-link' }
  | { do: 'encrypt'; selections: readonly Selection[] }
  | { do: 'destroy-ballot' }
  | { do: 'destroy-credential' }
  | { do: 'cast' }
  | { do: 'keep-pending'; pending: PendingCast }
  | { do: 'drop-pending' }
  | { do: 'send'; pending: PendingCast }
  | { do: 'find'; pending: PendingCast; wait: number }
  | { do: 'wait'; seconds: number }
  | { do: 'challenge' }
  | { do: 'post-challenge'; entry: Uint8Array };

export type Step = readonly [State, readonly Effect[]];

/** Seconds before an unanswered question is asked again: quickly at first, then every half minute. */
export const pause = (tries: number): number => Math.min(30, 2 ** Math.min(tries, 5));

/** Contests of the voter's ballot style, with their numbers, in its order. */
export function contestsOf(state: State): readonly (Contest & { number: number })[] {
  const { election, session } = state;
  const style = session === null ? undefined : election?.manifest.styles[session.style];
  return (style?.contests ?? []).flatMap((number) => {
    const contest = election?.manifest.contests[number];
    return contest === undefined ? [] : [{ ...contest, number }];
  });
}

/** The marks of a contest, empty at first. */
export const markOf = (state: State, contest: Contest & { number: number }): Mark => state.marks[contest.number] ?? emptyMark(contest.rules, contest.options.length);

/** Whether voters may vote again in this election. */
export const mayVoteAgain = ({ election }: State): boolean => election !== null && election.manifest.revoting && election.manifest.profile.revoting_allowed;

const go = (state: State, stage: Stage, ...effects: Effect[]): Step => [{ ...state, stage }, effects];
const stop = (state: State, why: Stop, ...effects: Effect[]): Step => go(state, { at: 'stopped', stop: why }, ...effects);

/** Marks and ballot are wiped wherever the voter's own session ends. */
const wiped = (state: State): State => ({ ...state, session: null, marks: {}, ballot: null });

export function reduce(state: State, event: Event): Step {
  const { stage } = state;
  const same: Step = [state, []];
  switch (event.event) {
    case 'stopped':
      return stop(state, event.stop);

    case 'again':
      if (stage.at !== 'stopped') return same;
      if (stage.stop.why === 'session-over') return go(state, { at: 'identify', busy: false, trouble: null });
      return [{ ...initial, link: state.link, codes: state.codes }, [{ do: 'load' }]];

    case 'loaded':
      return loaded({ ...state, election: event.election, link: event.link, codes: event.codes, pending: event.pending }, event.now);

    case 'begin':
      return stage.at === 'notice' ? go(state, { at: 'identify', busy: false, trouble: null }) : same;

    case 'identify': {
      const resend = stage.at === 'one-time-code' && !stage.busy;
      if (!(stage.at === 'identify' && !stage.busy) && !resend) return same;
      const next: Stage = resend ? { ...stage, busy: true, trouble: null } : { at: 'identify', busy: true, trouble: null };
      return go({ ...state, voter: event.voter }, next, { do: 'send-code', voter: event.voter });
    }
    case 'code-sent':
      if (stage.at === 'identify') return go(state, { at: 'one-time-code', busy: false, trouble: null, sent: 1 });
      return stage.at === 'one-time-code' ? go(state, { ...stage, busy: false, sent: stage.sent + 1 }) : same;
    case 'change-voter':
      return stage.at === 'one-time-code' ? go(state, { at: 'identify', busy: false, trouble: null }) : same;
    case 'one-time-code':
      if (stage.at !== 'one-time-code' || stage.busy) return same;
      return go(state, { ...stage, busy: true, trouble: null }, { do: 'start-session', voter: state.voter, code: event.code });

    case 'session':
      return stage.at === 'one-time-code' ? sessionBegun({ ...state, session: event.session }, stage) : same;
    case 'extended':
      return state.session === null ? same : [{ ...state, session: event.session }, []];
    case 'session-over':
      return sessionOver(state);

    case 'roll':
      if (stage.at !== 'one-time-code' && stage.at !== 'voting-code') return same;
      if (event.struck) return stop(wiped(state), { why: 'on-paper' });
      // The letter was replaced: its own credential is revoked, or the voter's is and there is no new one.
      if (event.revoked || event.linkRevoked) return stop(wiped(state), { why: 'revoked' }, { do: 'forget-link' });
      return enter(state);

    case 'voting-codes': {
      if (stage.at !== 'voting-code' || stage.busy || state.session === null) return same;
      const codes = state.codes.map((known, place) => known || (event.codes[place] ?? null) !== null);
      const busy: State = { ...state, codes };
      return go(busy, { at: 'voting-code', busy: true, trouble: null }, { do: 'take-codes', codes: event.codes }, { do: 'enter-credential', session: state.session });
    }
    case 'credential':
      return stage.at === 'voting-code' ? go(state, { at: 'mark', place: 0, back: false, blocked: null, asking: null }) : same;

    case 'trouble':
      return trouble(state, event.trouble);

    case 'mark':
    case 'next':
    case 'accept-undervote':
    case 'keep-marking':
    case 'back':
      return stage.at === 'mark' ? marking(state, stage, event) : event.event === 'back' ? back(state) : same;
    case 'change':
      return stage.at === 'review' ? go(state, { at: 'mark', place: event.place, back: true, blocked: null, asking: null }) : same;

    case 'confirm':
      return stage.at === 'review' ? confirm(state) : same;
    case 'encrypted':
      return stage.at === 'encrypting' ? go({ ...state, ballot: event.ballot }, { at: 'submit', busy: false }) : same;
    case 'reconsider': {
      if (stage.at === 'submit' && !stage.busy) return go({ ...state, ballot: null }, { at: 'review', trouble: null }, { do: 'destroy-ballot' });
      return stage.at === 'challenged' ? go({ ...state, ballot: null }, { at: 'review', trouble: null }) : same;
    }

    case 'cast':
      return stage.at === 'submit' && !stage.busy ? go(state, { at: 'submit', busy: true }, { do: 'cast' }) : same;
    case 'entry':
      // Kept before the first attempt to send: whatever happens from here on can be settled.
      if (stage.at !== 'submit') return same;
      return go({ ...state, pending: event.pending, marks: {} }, { at: 'sending', tries: 0 }, { do: 'keep-pending', pending: event.pending }, { do: 'send', pending: event.pending });
    case 'acknowledged':
      if (stage.at !== 'sending' || state.pending === null) return same;
      return go(state, { at: 'recording', deadline: event.deadline, tries: 0 }, { do: 'find', pending: state.pending, wait: LONG_POLL });
    case 'refused':
      return refused(state, event);
    case 'lost':
      return lost(state);
    case 'waited':
    case 'retry':
      return retry(state);
    case 'found':
      return found(state, event.found);
    case 'recorded':
      if (state.pending === null && stage.at !== 'unproven') return same;
      return go({ ...wiped(state), pending: null, ballot: { code: event.ballot.full_code, fullCode: event.ballot.full_code } }, { at: 'recorded', ballot: event.ballot, receipt: event.receipt }, { do: 'drop-pending' }, { do: 'destroy-credential' });
    case 'unproven':
      return state.pending === null ? same : go(state, { at: 'unproven', what: event.what, detail: event.detail, evidence: event.evidence });

    case 'challenge':
      return stage.at === 'submit' && !stage.busy ? go(state, { at: 'submit', busy: true }, { do: 'challenge' }) : same;
    case 'challenged':
      return stage.at === 'submit' ? go(state, { at: 'challenged', opening: event.opening, entry: event.entry, posting: 'no' }) : same;
    case 'post':
      if (stage.at !== 'challenged' || stage.posting === 'busy' || stage.posting === 'posted') return same;
      return go(state, { ...stage, posting: 'busy' }, { do: 'post-challenge', entry: stage.entry });
    case 'posted':
      return stage.at === 'challenged' ? go(state, { ...stage, posting: event.ok ? 'posted' : 'failed' }) : same;

    case 'discard-pending':
      return [{ ...state, pending: null }, [{ do: 'drop-pending' }]];
  }
}

/** Seconds that the server may hold an answer back while a ballot has no place yet. */
const LONG_POLL = 15;

/** Why no ballot can be cast now, by phase and by the server's time in seconds. */
function stopNow({ manifest, phase, closes }: Election, now: number): Stop | null {
  if (phase === 'void') return { why: 'void' };
  if (isAfter(phase)) return { why: 'closed', closed: closes };
  const time = votingTime(manifest.windows, closes, now);
  if (time.state === 'over') return { why: 'closed', closed: time.closed };
  if (time.state === 'before' || time.state === 'pause') return { why: time.state, opens: time.opens };
  // The clock says open, the record does not: the server opens it within moments, or a role is late.
  return isBefore(phase) ? { why: 'before', opens: manifest.windows[0]?.opens ?? now } : null;
}

function loaded(state: State, now: number): Step {
  const { election, pending } = state;
  if (election === null) return [state, []];
  if (pending !== null) return go(state, { at: 'settling', tries: 0 }, { do: 'find', pending, wait: 0 });
  const why = stopNow(election, now);
  return why === null ? go(state, { at: 'notice' }) : stop(state, why);
}

function sessionBegun(state: State, stage: Stage): Step {
  const { session, pending } = state;
  if (session === null) return [state, []];
  // An entry from before is sent as it is: it needs the session, not the code.
  if (pending !== null) return go(state, { at: 'sending', tries: 0 }, { do: 'send', pending });
  if (session.hasCast && !mayVoteAgain(state)) return stop(wiped(state), { why: 'already-voted' });
  return go({ ...state, again: session.hasCast }, stage, { do: 'look-up-roll', credential: session.credential });
}

/** To the voting code, or past it if the link brought all of them. */
function enter(state: State): Step {
  const all = state.codes.every(Boolean);
  if (state.session === null) return [state, []];
  return go(state, { at: 'voting-code', busy: all, trouble: null }, ...(all ? [{ do: 'enter-credential', session: state.session } as const] : []));
}

function sessionOver(state: State): Step {
  const { at } = state.stage;
  if (state.session === null) return [state, []];
  // What is sent needs no session any more; the ballot in the worker and the opening are gone with the page.
  if (at === 'sending' || at === 'settling' || at === 'recording' || at === 'waiting' || at === 'unproven') return [{ ...state, session: null }, []];
  if (at === 'challenged' || at === 'stopped' || at === 'recorded') return [{ ...wiped(state), ballot: state.ballot }, [{ do: 'destroy-credential' }]];
  return stop(wiped(state), { why: 'session-over' }, { do: 'destroy-credential' });
}

function trouble(state: State, what: Trouble): Step {
  const { stage } = state;
  switch (stage.at) {
    case 'identify':
    case 'one-time-code':
      return go(state, { ...stage, busy: false, trouble: what });
    case 'voting-code': {
      // Whatever code was wrong, the voter types all of them: the link's may be the wrong one.
      const refusedCode = what.kind === 'voting-code';
      return go(refusedCode ? { ...state, codes: state.codes.map(() => false), link: null } : state, { ...stage, busy: false, trouble: what }, ...(refusedCode ? [{ do: 'forget-link' } as const] : []));
    }
    case 'encrypting':
    case 'submit':
      return go({ ...state, ballot: null }, { at: 'review', trouble: what });
    default:
      return [state, []];
  }
}

type Marking = Extract<Stage, { at: 'mark' }>;

function marking(state: State, stage: Marking, event: Event): Step {
  const contests = contestsOf(state);
  const contest = contests[stage.place];
  if (contest === undefined) return [state, []];
  const advance = (next: State): Step => (stage.back || stage.place + 1 >= contests.length ? go(next, { at: 'review', trouble: null }) : go(next, { at: 'mark', place: stage.place + 1, back: false, blocked: null, asking: null }));
  switch (event.event) {
    case 'mark':
      return go({ ...state, marks: { ...state.marks, [contest.number]: event.mark } }, { ...stage, blocked: null, asking: null });
    case 'keep-marking':
      return go(state, { ...stage, asking: null });
    case 'back':
      return back(state);
    case 'next': {
      const verdict = assess(contest, markOf(state, contest));
      if (verdict.verdict === 'blocked') return go(state, { ...stage, blocked: verdict, asking: null });
      return verdict.verdict === 'undervote' ? go(state, { ...stage, blocked: null, asking: verdict }) : advance(state);
    }
    case 'accept-undervote': {
      if (stage.asking === null) return [state, []];
      const mark = markOf(state, contest);
      // No mark where a blank vote is allowed is a blank vote, and is shown as one from here on.
      const taken: Mark = mark.kind === 'choose_one' && mark.option === null ? { kind: 'choose_one', option: 'blank' } : mark;
      return advance({ ...state, marks: { ...state.marks, [contest.number]: taken } });
    }
    default:
      return [state, []];
  }
}

/** One step back, as far as there is something to change. */
function back(state: State): Step {
  const { stage } = state;
  if (stage.at === 'mark') {
    if (stage.back) return go(state, { at: 'review', trouble: null });
    return stage.place > 0 ? go(state, { at: 'mark', place: stage.place - 1, back: false, blocked: null, asking: null }) : [state, []];
  }
  if (stage.at === 'review') return go(state, { at: 'mark', place: contestsOf(state).length - 1, back: false, blocked: null, asking: null });
  return [state, []];
}

function confirm(state: State): Step {
  const contests = contestsOf(state);
  const wrong = contests.findIndex((contest) => assess(contest, markOf(state, contest)).verdict === 'blocked');
  const contest = contests[wrong];
  if (contest !== undefined) return go(state, { at: 'mark', place: wrong, back: true, blocked: assess(contest, markOf(state, contest)), asking: null });
  return go(state, { at: 'encrypting' }, { do: 'encrypt', selections: contests.map((one) => toSelection(markOf(state, one))) });
}

function refused(state: State, { code, status, retryAfter, ahead = null, detail, now }: Extract<Event, { event: 'refused' }>): Step {
  const { stage, pending, election } = state;
  if (pending === null || (stage.at !== 'sending' && stage.at !== 'settling' && stage.at !== 'recording')) return [state, []];
  if (status === 503 || status === 429) {
    const reason = code === 'ledger-stopped' ? 'stopped' : code === 'cannot-write' ? 'cannot-write' : 'busy';
    const seconds = retryAfter ?? pause(1);
    return go(state, { at: 'waiting', reason, seconds, ahead }, { do: 'wait', seconds });
  }
  // Another failure of the server or of what stands before it: the ballot may be in all the same.
  if (status >= 500) return lost(state);
  if (stage.at !== 'sending') return stop(state, { why: 'failed', detail });
  if (status === 401) return go({ ...state, session: null }, { at: 'identify', busy: false, trouble: null });
  const gone: State = { ...wiped(state), pending: null };
  const done: Effect[] = [{ do: 'drop-pending' }, { do: 'destroy-credential' }];
  switch (code) {
    case 'already-voted':
      return stop(gone, { why: 'already-voted', cast: false }, ...done);
    case 'struck':
      return stop(gone, { why: 'on-paper', cast: false }, ...done);
    case 'revoked':
      return stop(gone, { why: 'revoked', cast: false }, ...done, { do: 'forget-link' });
    case 'closed':
      return stop(gone, { why: 'closed', closed: election?.closes ?? now, cast: false }, ...done);
    case 'not-open': {
      const why = election === null ? null : stopNow(election, now);
      return stop(gone, { ...(why ?? { why: 'closed', closed: election?.closes ?? now }), cast: false }, ...done);
    }
    case 'forbidden':
      return stop(gone, { why: 'other-voter', cast: false }, ...done);
    default:
      return stop(gone, { why: 'failed', detail: `${code} ${detail}`.trim(), cast: false }, ...done);
  }
}

function lost(state: State): Step {
  const { stage, pending } = state;
  if (pending === null) return [state, []];
  if (stage.at === 'sending') {
    // Asked at once the first time; when sending fails again and again, after a pause.
    const tries = stage.tries + 1;
    return go(state, { at: 'settling', tries }, tries === 1 ? { do: 'find', pending, wait: 0 } : { do: 'wait', seconds: pause(tries) });
  }
  if (stage.at === 'settling' || stage.at === 'recording') return go(state, { ...stage, tries: stage.tries + 1 }, { do: 'wait', seconds: pause(stage.tries + 1) });
  return [state, []];
}

/** Time to ask again. */
function retry(state: State): Step {
  const { stage, pending } = state;
  if (pending === null) return [state, []];
  switch (stage.at) {
    case 'waiting':
      return resend(state, pending);
    case 'settling':
    case 'unproven':
      return go(state, stage.at === 'unproven' ? { at: 'settling', tries: 0 } : stage, { do: 'find', pending, wait: 0 });
    case 'recording':
      return go(state, stage, { do: 'find', pending, wait: LONG_POLL });
    default:
      return [state, []];
  }
}

/** Sends the same entry again; without a session the voter identifies first. */
function resend(state: State, pending: PendingCast): Step {
  if (state.session === null) return go(state, { at: 'identify', busy: false, trouble: null });
  const tries = state.stage.at === 'settling' ? state.stage.tries : 0;
  return go(state, { at: 'sending', tries }, { do: 'send', pending });
}

function found(state: State, what: 'pending' | 'unknown'): Step {
  const { stage, pending } = state;
  if (pending === null || (stage.at !== 'settling' && stage.at !== 'recording')) return [state, []];
  if (what === 'pending') {
    const tries = stage.at === 'recording' ? stage.tries + 1 : 0;
    const deadline = stage.at === 'recording' ? stage.deadline : null;
    return go(state, { at: 'recording', deadline, tries }, { do: 'find', pending, wait: LONG_POLL });
  }
  // An acknowledged ballot is durable: a server that does not know it yet is asked again, past the deadline loudly.
  if (stage.at === 'recording' && stage.deadline !== null) return go(state, { ...stage, tries: stage.tries + 1 }, { do: 'wait', seconds: pause(stage.tries + 1) });
  return resend(state, pending);
}

/**
 * The booth as a state machine: what is shown, what may happen next, and what the page must do about it. Pure: the
 * runner (`run.ts`) carries out the effects and reports back with events.
 */
import { assess, type Mark, toSelection } from './marks';
import { stopNow } from './schedule';
import { acknowledged, found, lost, refused, retry } from './sending';
import { codeless, contestsOf, end, type Event, go, initial, markOf, mayVoteAgain, sameVoter, type Session, type Stage, type State, type Step, stop, type Trouble, wiped } from './state';

export * from './state';

export function reduce(state: State, event: Event): Step {
  const { stage } = state;
  const same: Step = [state, []];
  switch (event.event) {
    case 'stopped':
      return state.session === null ? stop(state, event.stop) : end(state, event.stop);

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
      return extended(state, event.session);
    case 'session-over':
      return sessionOver(state);

    case 'roll':
      if (stage.at !== 'one-time-code' && stage.at !== 'voting-code') return same;
      if (event.struck) return end(state, { why: 'on-paper' });
      // The letter was replaced: its own credential is revoked, or the voter's is and there is no new one.
      if (event.revoked || event.linkRevoked) return end(state, { why: 'revoked' });
      return enter(state);

    case 'voting-codes': {
      if (stage.at !== 'voting-code' || stage.busy || state.session === null) return same;
      const codes = state.codes.map((known, place) => known || (event.codes[place] ?? null) !== null);
      const busy: State = { ...state, codes };
      return go(busy, { at: 'voting-code', busy: true, trouble: null }, { do: 'take-codes', codes: event.codes }, { do: 'enter-credential', session: state.session });
    }
    case 'codes-gone':
      return [codeless(state), []];
    case 'credential':
      return stage.at === 'voting-code' ? entered(state, event.style) : same;
    case 'credential-lost':
      // Its session goes on, and what was marked in it is still here: only the code is needed again.
      if (state.session === null || !MARKED.has(stage.at)) return same;
      return go({ ...state, ballot: null }, { at: 'voting-code', busy: false, trouble: { kind: 'crashed' } });

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
      if (stage.at !== 'challenged') return same;
      // The session ended while another device compared, and took the marks with it.
      if (state.session === null) return stop(state, { why: 'session-over', earlier: state.again });
      return go({ ...state, ballot: null }, { at: 'review', trouble: null });
    }

    case 'cast':
      return stage.at === 'submit' && !stage.busy ? go(state, { at: 'submit', busy: true }, { do: 'cast' }) : same;
    case 'entry':
      // Kept before the first attempt to send: whatever happens from here on can be settled.
      if (stage.at !== 'submit') return same;
      return go({ ...state, pending: event.pending, doubt: false, alarm: null, marks: {} }, { at: 'sending', tries: 0 }, { do: 'keep-pending', pending: event.pending }, { do: 'send', pending: event.pending });
    case 'acknowledged':
      return acknowledged(state, event);
    case 'refused':
      return refused(state, event);
    case 'lost':
      return lost(state);
    case 'waited':
    case 'retry':
      return retry(state);
    case 'found':
      return found(state, event);
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
      return go(state, { ...stage, posting: 'busy' }, { do: 'post-challenge', entry: stage.entry, code: state.ballot?.fullCode ?? '' });
    case 'posted':
      return stage.at === 'challenged' && stage.entry === event.entry ? go(state, { ...stage, posting: event.outcome }) : same;

    case 'discard-pending':
      return [{ ...state, pending: null }, [{ do: 'drop-pending' }]];
  }
}

function loaded(state: State, now: number): Step {
  const { election, pending } = state;
  if (election === null) return [state, []];
  // It was kept before it was sent, so it may have been.
  if (pending !== null) return go({ ...state, doubt: true }, { at: 'settling', tries: 0 }, { do: 'find', pending, wait: 0 });
  const why = stopNow(election, now);
  return why === null ? go(state, { at: 'notice' }) : stop(state, why);
}

function sessionBegun(state: State, stage: Stage): Step {
  const { session, pending } = state;
  if (session === null) return [state, []];
  // An entry from before is sent as it is: it needs the session, not the code.
  if (pending !== null) return go(codeless(state), { at: 'sending', tries: 0 }, { do: 'forget-codes' }, { do: 'send', pending });
  if (session.hasCast && !mayVoteAgain(state)) return end(state, { why: 'already-voted' });
  return go({ ...state, again: session.hasCast }, stage, { do: 'look-up-roll', credential: session.credential });
}

/**
 * More time, and nothing else: were its ballot style taken up, the voter would mark one ballot and encrypt another. A
 * credential that was re-issued meanwhile needs its new letter. A ballot under way needs neither, and is only finished.
 */
function extended(state: State, session: Session): Step {
  const { session: before } = state;
  if (before === null) return [state, []];
  if (sameVoter(before, session)) return [{ ...state, session: { ...before, expires: session.expires } }, []];
  if (state.pending !== null) return [state, []];
  if (before.style === session.style) return end(state, { why: 'revoked' });
  const detail = `the session began with ballot style ${String(before.style)} and was extended with ${String(session.style)}`;
  return end(state, { why: 'bad-record', detail });
}

/** To the voting code, or past it if the link brought all of them. */
function enter(state: State): Step {
  const all = state.codes.every(Boolean);
  if (state.session === null) return [state, []];
  return go(state, { at: 'voting-code', busy: all, trouble: null }, ...(all ? [{ do: 'enter-credential', session: state.session } as const] : []));
}

/** Where a credential is of use for marks that are not cast. */
const MARKED = new Set<Stage['at']>(['mark', 'review', 'encrypting', 'submit']);

/** To the first contest; to the review of what was marked on the same ballot before the credential was lost. */
function entered(state: State, style: number): Step {
  if (state.style === style && Object.keys(state.marks).length > 0) return go(state, { at: 'review', trouble: null });
  return go({ ...state, style, marks: {} }, { at: 'mark', place: 0, back: false, blocked: null, asking: null });
}

function sessionOver(state: State): Step {
  const { at } = state.stage;
  if (state.session === null) return [state, []];
  // What is sent needs no session any more; the ballot in the worker and the opening are gone with the page.
  if (at === 'sending' || at === 'settling' || at === 'recording' || at === 'waiting' || at === 'unproven') return [{ ...state, session: null }, []];
  if (at === 'challenged' || at === 'stopped' || at === 'recorded') return [{ ...wiped(state), ballot: state.ballot }, [{ do: 'destroy-credential' }]];
  return end(state, { why: 'session-over', earlier: state.again });
}

function trouble(state: State, what: Trouble): Step {
  const { stage } = state;
  switch (stage.at) {
    case 'identify':
    case 'one-time-code':
      return go(state, { ...stage, busy: false, trouble: what });
    case 'voting-code':
      // Whatever code was wrong, the voter types all of them, as they are gone: the link's may be the wrong one.
      return go(state, { ...stage, busy: false, trouble: what });
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
  const last = contestsOf(state).length - 1;
  return stage.at === 'review' && last >= 0 ? go(state, { at: 'mark', place: last, back: false, blocked: null, asking: null }) : [state, []];
}

function confirm(state: State): Step {
  const contests = contestsOf(state);
  const wrong = contests.findIndex((contest) => assess(contest, markOf(state, contest)).verdict === 'blocked');
  const contest = contests[wrong];
  if (contest !== undefined) return go(state, { at: 'mark', place: wrong, back: true, blocked: assess(contest, markOf(state, contest)), asking: null });
  return go(state, { at: 'encrypting' }, { do: 'encrypt', contests: contests.map(({ number }) => number), selections: contests.map((one) => toSelection(markOf(state, one))) });
}

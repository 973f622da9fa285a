/**
 * A ballot on its way: from the first attempt to send until its receipt is verified.
 *
 * An attempt whose answer did not come from hanpyo-server may arrive all the same, now or later. From then on (`doubt`)
 * nothing here says that the ballot was not received, until it was looked up by its confirmation code.
 */
import type { PendingCast } from './pending';
import { stopNow } from './schedule';
import { end, type Event, go, pause, type State, type Step, type Stop } from './state';

/** Seconds that the server may hold an answer back while a ballot has no place yet. */
export const LONG_POLL = 15;
/** Seconds that a server may have the booth wait, whatever it says. */
const LONGEST_WAIT = 600;

/** Problems of hanpyo-server that say: not taken, send it again later. */
const TURNED_AWAY = new Set(['busy', 'cannot-write', 'ledger-stopped', 'too-many-requests']);
/** Problems of hanpyo-server that blame the ballot, as no honest program makes it. */
const FAULTS = new Set(['invalid-ballot', 'copied-ciphertext', 'decided-otherwise', 'bad-request', 'too-large', 'unsupported-media-type']);

type Refusal = Extract<Event, { event: 'refused' }>;

export function refused(state: State, refusal: Refusal): Step {
  const { stage, pending } = state;
  const { code, status } = refusal;
  if (pending === null) return [state, []];
  const later = status === 503 || status === 429;
  const seconds = Math.min(refusal.retryAfter ?? pause(1), LONGEST_WAIT);
  // A look-up that is refused says nothing of the ballot: it is asked again.
  if (stage.at === 'settling' || stage.at === 'recording') return later ? go(state, { ...stage, tries: stage.tries + 1 }, { do: 'wait', seconds }) : lost(state);
  if (stage.at !== 'sending') return [state, []];
  if (later) {
    const reason = code === 'ledger-stopped' ? 'stopped' : code === 'cannot-write' ? 'cannot-write' : 'busy';
    const doubt = state.doubt || !TURNED_AWAY.has(code);
    return go({ ...state, doubt }, { at: 'waiting', reason, seconds, ahead: refusal.ahead ?? null }, { do: 'wait', seconds });
  }
  if (code === 'unauthorized') return go({ ...state, session: null }, { at: 'identify', busy: false, trouble: null });
  const why = refusedForGood(state, refusal);
  // A failing server, or something that stands before it: the ballot may be in all the same.
  if (why === null) return lost(state);
  return state.doubt ? go(state, { at: 'settling', tries: 0, refused: why }, { do: 'find', pending, wait: 0 }) : giveUp(state, why);
}

/** Why hanpyo-server will never take this ballot; null if that is not what it said. */
function refusedForGood({ election, again, session }: State, { code, detail, now }: Refusal): Stop | null {
  const outcome = { cast: false, earlier: again || session?.hasCast === true } as const;
  const closed = election?.closes ?? now;
  switch (code) {
    case 'already-voted':
      return { why: 'already-voted', cast: false, earlier: true };
    case 'stale-counter':
      // There is a counter to be above of: that of an earlier ballot.
      return { why: 'stale-counter', cast: false, earlier: true };
    case 'struck':
      return { why: 'on-paper', cast: false };
    case 'revoked':
      return { why: 'revoked', cast: false };
    case 'closed':
      return { why: 'closed', closed, ...outcome };
    case 'not-open':
      return { ...((election === null ? null : stopNow(election, now)) ?? { why: 'closed', closed }), ...outcome };
    case 'forbidden':
      return { why: 'other-voter', cast: false };
    default:
      return FAULTS.has(code) ? { why: 'failed', detail: `${code} ${detail}`.trim(), ...outcome } : null;
  }
}

function giveUp(state: State, why: Stop): Step {
  return end({ ...state, pending: null }, why, { do: 'drop-pending' });
}

export function lost(state: State): Step {
  const { stage, pending } = state;
  if (pending === null) return [state, []];
  if (stage.at === 'sending') {
    // Asked at once the first time; when sending fails again and again, after a pause.
    const tries = stage.tries + 1;
    return go({ ...state, doubt: true }, { at: 'settling', tries }, tries === 1 ? { do: 'find', pending, wait: 0 } : { do: 'wait', seconds: pause(tries) });
  }
  if (stage.at === 'settling' || stage.at === 'recording') return go(state, { ...stage, tries: stage.tries + 1 }, { do: 'wait', seconds: pause(stage.tries + 1) });
  return [state, []];
}

/** Time to ask again. */
export function retry(state: State): Step {
  const { stage, pending } = state;
  if (pending === null) return [state, []];
  switch (stage.at) {
    case 'waiting':
      return state.doubt ? settle(state, pending) : resend(state, pending);
    case 'unproven':
      return settle(state, pending);
    case 'settling':
      return go(state, stage, { do: 'find', pending, wait: 0 });
    case 'recording':
      return go(state, stage, { do: 'find', pending, wait: LONG_POLL });
    default:
      return [state, []];
  }
}

const settle = (state: State, pending: PendingCast): Step => go(state, { at: 'settling', tries: 0 }, { do: 'find', pending, wait: 0 });

/** Sends the same entry again; without a session the voter identifies first. */
function resend(state: State, pending: PendingCast): Step {
  if (state.session === null) return go(state, { at: 'identify', busy: false, trouble: null });
  const tries = state.stage.at === 'settling' ? state.stage.tries : 0;
  return go(state, { at: 'sending', tries }, { do: 'send', pending });
}

/** The time of the alarm, which no later answer puts off. */
const sooner = (alarm: number | null, other: number): number => (alarm === null ? other : Math.min(alarm, other));

export function acknowledged(state: State, { deadline, alarm }: Extract<Event, { event: 'acknowledged' }>): Step {
  const { stage, pending } = state;
  if (stage.at !== 'sending' || pending === null) return [state, []];
  return go({ ...state, alarm: sooner(state.alarm, alarm) }, { at: 'recording', deadline, tries: 0 }, { do: 'find', pending, wait: LONG_POLL });
}

export function found(state: State, { found: what, alarm }: Extract<Event, { event: 'found' }>): Step {
  const { stage, pending } = state;
  if (pending === null || (stage.at !== 'settling' && stage.at !== 'recording')) return [state, []];
  if (what === 'pending') {
    const tries = stage.at === 'recording' ? stage.tries + 1 : 0;
    const deadline = stage.at === 'recording' ? stage.deadline : null;
    return go({ ...state, alarm: sooner(state.alarm, alarm) }, { at: 'recording', deadline, tries }, { do: 'find', pending, wait: LONG_POLL });
  }
  // An acknowledged ballot is durable: a server that does not know it yet is asked again, past the deadline loudly.
  if (stage.at === 'recording' && stage.deadline !== null) return go(state, { ...stage, tries: stage.tries + 1 }, { do: 'wait', seconds: pause(stage.tries + 1) });
  if (stage.at === 'settling' && stage.refused) return giveUp(state, stage.refused);
  return resend(state, pending);
}

/** A ballot on its way: from the first attempt to send until its receipt is verified. */
import type { PendingCast } from './pending';
import { stopNow } from './schedule';
import { type Effect, type Event, go, pause, type State, type Step, stop, wiped } from './state';

/** Seconds that the server may hold an answer back while a ballot has no place yet. */
export const LONG_POLL = 15;

export function refused(state: State, { code, status, retryAfter, ahead = null, detail, now }: Extract<Event, { event: 'refused' }>): Step {
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

export function lost(state: State): Step {
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
export function retry(state: State): Step {
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

export function found(state: State, what: 'pending' | 'unknown'): Step {
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

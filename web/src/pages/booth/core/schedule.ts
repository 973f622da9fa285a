/** When voting is, was and will be, by the server's time. */
import type { Manifest } from '../../../wasm/messages';
import type { Phase } from './server';
import type { Election, Stop } from './state';

export type VotingTime =
  | { state: 'open'; until: number }
  /** Before the first window. */
  | { state: 'before'; opens: number }
  /** Between two windows, such as overnight. */
  | { state: 'pause'; opens: number }
  | { state: 'over'; closed: number };

/** Where `now` lies; all in seconds since 1970. `closes` is the last end, re-dated or as announced. */
export function votingTime(windows: Manifest['windows'], closes: number, now: number): VotingTime {
  const [first] = windows;
  const last = windows.length - 1;
  if (now >= closes || !first) return { state: 'over', closed: closes };
  for (const [place, window] of windows.entries()) {
    const end = place === last ? closes : Math.min(window.closes, closes);
    if (now < window.opens) return { state: place === 0 ? 'before' : 'pause', opens: window.opens };
    if (now < end) return { state: 'open', until: end };
  }
  return { state: 'over', closed: closes };
}

/** Phases before voting. */
export const isBefore = (phase: Phase): boolean => ['ceremony', 'drill', 'roll', 'sealed'].includes(phase);
/** Phases after voting, a void election aside. */
export const isAfter = (phase: Phase): boolean => ['closed', 'tally', 'finished'].includes(phase);

/** Why no ballot can be cast now, by phase and by the server's time in seconds. */
export function stopNow({ manifest, phase, closes }: Election, now: number): Stop | null {
  if (phase === 'void') return { why: 'void' };
  if (isAfter(phase)) return { why: 'closed', closed: closes };
  const time = votingTime(manifest.windows, closes, now);
  if (time.state === 'over') return { why: 'closed', closed: time.closed };
  if (time.state === 'before' || time.state === 'pause') return { why: time.state, opens: time.opens };
  // The clock says open, the record does not: the server opens it within moments, or a role is late.
  return isBefore(phase) ? { why: 'before', opens: manifest.windows[0]?.opens ?? now } : null;
}


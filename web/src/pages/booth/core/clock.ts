/**
 * The server's time, from the `Date` header of its answers. The device's own clock is never used for deadlines: many
 * are wrong by minutes or years. Between answers the browser's monotonic clock counts on.
 *
 * The header has whole seconds, and was written at some moment between the question and its answer. An answer thus says
 * between which two values the server's time minus the monotonic clock is: `date - arrived` and `date + 1000 - asked`.
 * What is true lies in all of these intervals; their intersection is kept, and the time is taken from its middle. A
 * slow answer (a long poll) says little, and takes nothing away from what a quick one said before.
 */

export interface ServerClock {
  /** Takes the time of an answer that was asked for at `asked` and was here at `arrived` (milliseconds of `performance.now()`); `arrived` is now if left out. */
  observe: (date: string | null, asked: number, arrived?: number) => void;
  /** Milliseconds since 1970 by the server; null before its first answer. */
  now: () => number | null;
  /** By how many milliseconds the device's clock is ahead of the server's; null before the first answer. */
  deviceAhead: () => number | null;
}

export function serverClock(monotonic: () => number = () => performance.now(), device: () => number = () => Date.now()): ServerClock {
  let least = -Infinity;
  let most = Infinity;
  const now = (): number | null => (most === Infinity ? null : monotonic() + (least + most) / 2);
  return {
    observe(date, asked, arrived = monotonic()) {
      const stated = date === null ? NaN : Date.parse(date);
      if (Number.isNaN(stated)) return;
      const [from, to] = [stated - arrived, stated + 1000 - asked];
      // Behind what has passed here since: a server cannot hold time up, and with it a deadline or a session's end.
      if (to < least) return;
      // Ahead of it: the device slept and its monotonic clock with it, or the server's clock was put right.
      if (from > most) [least, most] = [from, to];
      else [least, most] = [Math.max(least, from), Math.min(most, to)];
    },
    now,
    deviceAhead() {
      const server = now();
      return server === null ? null : device() - server;
    },
  };
}

/** Beyond this the voter is told that the device's clock is wrong, in milliseconds. */
export const WRONG_CLOCK = 2 * 60_000;

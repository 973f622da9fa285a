/**
 * The server's time, from the `Date` header of its answers. The device's own clock is never used for deadlines: many
 * are wrong by minutes or years. Between answers the browser's monotonic clock counts on.
 */

export interface ServerClock {
  /** Takes the time of an answer that was asked for at `asked` (milliseconds of `performance.now()`). */
  observe: (date: string | null, asked: number) => void;
  /** Milliseconds since 1970 by the server; null before its first answer. */
  now: () => number | null;
  /** By how many milliseconds the device's clock is ahead of the server's; null before the first answer. */
  deviceAhead: () => number | null;
}

export function serverClock(monotonic: () => number = () => performance.now(), device: () => number = () => Date.now()): ServerClock {
  let offset: number | null = null;
  const now = (): number | null => (offset === null ? null : monotonic() + offset);
  return {
    observe(date, asked) {
      const stated = date === null ? NaN : Date.parse(date);
      if (Number.isNaN(stated)) return;
      // The header has whole seconds, and was written between asking and now: taken as the middle of both.
      const estimate = stated + 500 - (asked + monotonic()) / 2;
      // Never behind what has passed here since: a server cannot hold time up, and with it a deadline or a session's end.
      offset = offset === null ? estimate : Math.max(offset, estimate);
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

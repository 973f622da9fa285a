/** How turnout grew, as figures to draw and to list. Times are in seconds since 1970. */
import type { Turnout, TurnoutHistory, TurnoutPoint } from '../booth/core/server';

const HOUR = 3_600;
const DAY = 24 * HOUR;
/** Korea has no summer time: its days begin at 15:00 UTC. */
const SEOUL = 9 * HOUR;

/** With the figure of now while voting goes on: the history may be older. */
export function upToNow(points: readonly TurnoutPoint[], open: boolean, now: number, { counted }: Pick<Turnout, 'counted'>): readonly TurnoutPoint[] {
  const last = points.at(-1);
  if (!open || last === undefined || now <= last.at) return points;
  return [...points, { at: now, counted }];
}

/** With the ends of level lines: the server leaves moments out at which nothing had changed. */
export function drawn(points: readonly TurnoutPoint[], interval: number): readonly TurnoutPoint[] {
  return points.flatMap((point, index) => {
    const before = points[index - 1];
    const levelUntil = point.at - interval;
    return before !== undefined && before.at < levelUntil ? [{ at: levelUntil, counted: before.counted }, point] : [point];
  });
}

/** The figure at the beginning, at each full hour (of long voting at each midnight in Korea), and at the end. */
export function listed(points: readonly TurnoutPoint[]): readonly TurnoutPoint[] {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return [];
  const step = last.at - first.at > 2 * DAY ? DAY : HOUR;
  const rows = [first];
  let place = 0;
  for (let at = Math.floor((first.at + SEOUL) / step + 1) * step - SEOUL; at < last.at; at += step) {
    while (place + 1 < points.length && (points[place + 1]?.at ?? Infinity) <= at) place += 1;
    rows.push({ at, counted: points[place]?.counted ?? 0 });
  }
  return last.at > first.at ? [...rows, last] : rows;
}

/** Whether a history that came at `then` may lack a moment that has come since; both in milliseconds. */
export const isOld = ({ interval }: TurnoutHistory, then: number, now: number): boolean => Math.floor(then / (interval * 1000)) < Math.floor(now / (interval * 1000));

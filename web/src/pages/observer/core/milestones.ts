/** Turnout as it grows: every tenth of the electorate that is reached. */

export interface Milestone {
  /** Entries read when it was seen; it was reached at or before the last of them. */
  read: number;
  /** Voters with a counted ballot. */
  counted: number;
  /** Per cent of the electorate: 10, 20 ... 100. */
  percent: number;
}

const STEP = 10;

/** The highest tenth that lies above `before` and is reached by `after`, as a list of one; nothing if there is none. */
export function milestonesBetween(before: number, after: number, electorate: number, read: number): Milestone[] {
  if (electorate === 0) return [];
  const reached = (count: number): number => Math.floor((count * (100 / STEP)) / electorate) * STEP;
  return reached(after) > reached(before) ? [{ read, counted: after, percent: reached(after) }] : [];
}

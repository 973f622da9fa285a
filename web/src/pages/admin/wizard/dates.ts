/**
 * Dates of a resident vote, in Korean time. Days are `2026-11-22`; instants are seconds since 1970.
 *
 * Voting day D is the first Wednesday at least 23 days after the proposal. Online voting takes place in the early-voting
 * window, D-5 and D-4, from 06:00 to 18:00. The roll is as of D-22 and built within 5 days, the campaign is D-21 to D-1.
 */
import type { Window } from '../election/draft';

/** Korea has had no daylight saving time since 1988. */
const OFFSET = 9 * 3600;
const DAY = 86_400;
const HOUR = 3600;
const WEDNESDAY = 3;
const LEAST_DAYS = 23;

const toDays = (day: string): number => Date.parse(`${day}T00:00:00Z`) / 1000 / DAY;
const fromDays = (days: number): string => new Date(days * DAY * 1000).toISOString().slice(0, 10);

/** 0 is Sunday; 1 January 1970 was a Thursday. */
const weekdayOf = (days: number): number => (days + 4) % 7;

export const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(toDays(text));
export const plusDays = (day: string, days: number): string => fromDays(toDays(day) + days);
/** The day in Korea at an instant. */
export const dayOf = (seconds: number): string => fromDays(Math.floor((seconds + OFFSET) / DAY));
/** The instant of an hour of a day in Korea. */
export const at = (day: string, hour: number): number => toDays(day) * DAY + hour * HOUR - OFFSET;

/** First Wednesday at least 23 days after the proposal. */
export function votingDay(proposed: string): string {
  const earliest = toDays(proposed) + LEAST_DAYS;
  return fromDays(earliest + ((WEDNESDAY - weekdayOf(earliest) + 7) % 7));
}

/** The early-voting window before a voting day: two days of twelve hours. */
export const earlyVoting = (day: string): Window[] => [-5, -4].map((days) => ({ opens: at(plusDays(day, days), 6), closes: at(plusDays(day, days), 18) }));

/** The voting day whose early-voting window these are; null for other windows, and for those before a day that is none by law. */
export function votingDayOf(windows: readonly Window[]): string | null {
  const first = windows[0];
  if (!first) return null;
  const day = plusDays(dayOf(first.opens), 5);
  return weekdayOf(toDays(day)) === WEDNESDAY && same(windows, earlyVoting(day)) ? day : null;
}

export const same = (a: readonly Window[], b: readonly Window[]): boolean => a.length === b.length && a.every(({ opens, closes }, index) => opens === b[index]?.opens && closes === b[index].closes);

export const totalSeconds = (windows: readonly Window[]): number => windows.reduce((sum, { opens, closes }) => sum + Math.max(0, closes - opens), 0);

export interface Deadlines {
  roll: string;
  rollDone: string;
  campaignFrom: string;
  campaignTo: string;
  voting: string;
  disputeUntil: string;
}

/** What must be done when for a voting day. */
export const deadlines = (day: string): Deadlines => ({
  roll: plusDays(day, -22),
  rollDone: plusDays(day, -17),
  campaignFrom: plusDays(day, -21),
  campaignTo: plusDays(day, -1),
  voting: day,
  disputeUntil: plusDays(day, 14),
});

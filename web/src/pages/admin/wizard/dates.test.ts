import { expect, test } from 'vitest';
import { at, dayOf, deadlines, earlyVoting, isDay, plusDays, totalSeconds, votingDay, votingDayOf } from './dates';

test('voting day is the first Wednesday at least 23 days after the proposal', () => {
  // Seoul, 2011: proposed on 1 August, voted on Wednesday 24 August.
  expect(votingDay('2011-08-01')).toBe('2011-08-24');
  expect(votingDay('2011-08-02')).toBe('2011-08-31');
  expect(votingDay('2026-11-22')).toBe('2026-12-16');
  for (let days = 0; days < 60; days += 1) {
    const proposed = plusDays('2026-01-01', days);
    const day = votingDay(proposed);
    expect(new Date(`${day}T00:00:00Z`).getUTCDay()).toBe(3);
    expect(day >= plusDays(proposed, 23) && day < plusDays(proposed, 30), `${proposed} ${day}`).toBe(true);
  }
});

test('online voting is on the Friday and Saturday before, 06:00 to 18:00 in Korea, 24 hours in all', () => {
  const windows = earlyVoting('2026-12-16');
  expect(windows.map(({ opens, closes }) => [new Date(opens * 1000).toISOString(), new Date(closes * 1000).toISOString()])).toEqual([
    ['2026-12-10T21:00:00.000Z', '2026-12-11T09:00:00.000Z'],
    ['2026-12-11T21:00:00.000Z', '2026-12-12T09:00:00.000Z'],
  ]);
  expect(totalSeconds(windows)).toBe(86_400);
  expect(votingDayOf(windows)).toBe('2026-12-16');
  expect(votingDayOf(windows.map(({ opens, closes }) => ({ opens, closes: closes + 1 })))).toBeNull();
  expect(votingDayOf([])).toBeNull();
});

test('the same hours of other days are not by law: voting day is a Wednesday', () => {
  // 7 and 8 December 2026 would make a Saturday of voting day.
  for (let days = 0; days < 7; days += 1) {
    const day = plusDays('2026-12-12', days);
    expect(votingDayOf(earlyVoting(day)), day).toBe(day === '2026-12-16' ? day : null);
  }
});

test('the other deadlines count from voting day', () => {
  expect(deadlines('2026-12-16')).toEqual({ roll: '2026-11-24', rollDone: '2026-11-29', campaignFrom: '2026-11-25', campaignTo: '2026-12-15', voting: '2026-12-16', disputeUntil: '2026-12-30' });
});

test('days are Korean days', () => {
  expect(dayOf(at('2026-12-16', 0))).toBe('2026-12-16');
  expect(dayOf(at('2026-12-16', 0) - 1)).toBe('2026-12-15');
  expect([isDay('2026-12-16'), isDay('2026-13-01'), isDay(''), isDay('16.12.2026')]).toEqual([true, false, false, false]);
});

import { expect, test } from 'vitest';
import { drawn, isOld, listed, upToNow } from './course';

/** 24 August 2011, 06:00 in Seoul. */
const SIX = Date.UTC(2011, 7, 23, 21) / 1000;
const at = (minutes: number, counted: number) => ({ at: SIX + minutes * 60, counted });

test('a line is level while nothing is told', () => {
  expect(drawn([at(0, 0), at(10, 3), at(60, 5)], 600)).toEqual([at(0, 0), at(10, 3), at(50, 3), at(60, 5)]);
});

test('hours carry the last figure before them', () => {
  expect(listed([at(0, 0), at(10, 3), at(60, 5), at(190, 9), at(215, 9)])).toEqual([at(0, 0), at(60, 5), at(120, 5), at(180, 5), at(215, 9)]);
  // Opened between two hours, and only just.
  expect(listed([at(20, 0), at(59, 1)])).toEqual([at(20, 0), at(59, 1)]);
  expect(listed([at(20, 0)])).toEqual([at(20, 0)]);
  expect(listed([])).toEqual([]);
});

test('long voting is told by Korean days', () => {
  const days = listed([at(0, 0), at(19 * 60, 4), at(3 * 1440, 9)]);
  expect(days.map(({ counted }) => counted)).toEqual([0, 0, 4, 4, 9]);
  expect(new Date((days[1]?.at ?? 0) * 1000).toISOString()).toBe('2011-08-24T15:00:00.000Z');
});

test('the figure of now ends an open line, and no closed one', () => {
  const points = [at(0, 0), at(10, 3)];
  expect(upToNow(points, true, SIX + 900, { counted: 7 })).toEqual([...points, at(15, 7)]);
  expect(upToNow(points, false, SIX + 900, { counted: 7 })).toBe(points);
  expect(upToNow(points, true, SIX + 600, { counted: 7 })).toBe(points);
  expect(upToNow([], true, SIX, { counted: 7 })).toEqual([]);
});

test('a history is asked for again once an interval has begun', () => {
  const history = { unit: null, electorate: 9, interval: 600, points: [] };
  expect(isOld(history, SIX * 1000, SIX * 1000 + 599_000)).toBe(false);
  expect(isOld(history, SIX * 1000 + 599_000, SIX * 1000 + 600_000)).toBe(true);
});

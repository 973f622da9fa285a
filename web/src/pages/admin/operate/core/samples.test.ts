import { expect, test } from 'vitest';
import { addSample, MOST, type Sample } from './samples';

const at = (second: number): string => new Date(second * 1000).toISOString();

test('a level line keeps its two ends', () => {
  let samples: readonly Sample[] = [];
  for (const [second, voted] of [[1, 0], [2, 0], [3, 0], [4, 0], [5, 2], [6, 2], [7, 2]] as const) samples = addSample(samples, { at: at(second), voted });
  expect(samples.map(({ at: when, voted }) => [Date.parse(when) / 1000, voted])).toEqual([[1, 0], [4, 0], [5, 2], [7, 2]]);
});

test('an answer that comes late or twice adds nothing', () => {
  const samples = addSample([{ at: at(5), voted: 3 }], { at: at(4), voted: 2 });
  expect(samples).toEqual([{ at: at(5), voted: 3 }]);
});

test('a long day is thinned out and ends now', () => {
  let samples: readonly Sample[] = [];
  for (let second = 1; second <= 3 * MOST; second += 1) samples = addSample(samples, { at: at(second), voted: second });
  expect(samples.length).toBeLessThanOrEqual(MOST);
  expect(samples[0]?.voted).toBe(1);
  expect(samples.at(-1)?.voted).toBe(3 * MOST);
  expect([...samples].sort((a, b) => a.voted - b.voted)).toEqual(samples);
});

import { expect, test } from 'vitest';
import { formatFor } from '../../i18n/format';
import { contest } from '../booth/core/testing';
import { cutPercent, needed, outcome, shareOf, standings } from './figures';

test('a quorum is never reached by rounding', () => {
  expect(needed({ numerator: 1, denominator: 4 }, 10)).toBe(3);
  expect(needed({ numerator: 1, denominator: 3 }, 8_387_278)).toBe(2_795_760);
  // Seoul 2011: a third was not reached, today's quarter would have been.
  expect(2_157_744 >= needed({ numerator: 1, denominator: 4 }, 8_387_278)).toBe(true);
  expect(cutPercent(24_996, 100_000)).toBe(24.99);
  expect(cutPercent(0, 0)).toBe(0);
});

test('standings by each rule', () => {
  const of = (decision: 'majority' | 'borda' | 'mean', rules: Parameters<typeof contest>[0], totals: number[], winners: number[] = []) => standings({ ...contest(rules, 2), decision }, { totals, winners }).map(({ points }) => points);
  expect(of('majority', { kind: 'choose_one', blank: true }, [3, 4])).toEqual([3, 4]);
  // Two ranks, two options: rank 1 gives one point, rank 2 none.
  expect(of('borda', { kind: 'rank', min: 1, max: 2 }, [6, 4, 4, 6])).toEqual([6, 4]);
  expect(of('mean', { kind: 'score', maximum: 5, total: null, total_exact: false, unanswered: false }, [30, 20])).toEqual([30, 20]);
  // Where options may stay unanswered the mean is over those who answered.
  expect(of('mean', { kind: 'score', maximum: 5, total: null, total_exact: false, unanswered: true }, [30, 20, 6, 0])).toEqual([5, 0]);
});

test('an unknown status is a fault, not a result', () => {
  expect(outcome({ status: 5 })).toBe('no-majority');
  expect(() => outcome({ status: 6 })).toThrow('6');
});

test('shares of a result are cut off, in words, as on the count sheet', () => {
  const format = formatFor('ko');
  expect(shareOf(format, 4_997, 10_000)).toBe('49.97%');
  expect(shareOf(format, 499_999, 1_000_000)).toBe('49.99%');
  expect(shareOf(format, 1, 2)).toBe('50%');
  expect(shareOf(format, 0, 0)).toBe('–');
});

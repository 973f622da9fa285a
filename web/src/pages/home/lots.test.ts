import { expect, test } from 'vitest';
import type { Lot } from '../booth/core/server';
import { drawsOf } from './lots';

const lot = (id: number, contest: number, order: number[] | null): Lot => ({ id, contest, options: ['가', '나', '다'], commitment: '', made_at: '2026-01-01T00:00:00Z', order });
const ballot = (...options: string[]): { options: { ko: string }[] } => ({ options: options.map((ko) => ({ ko })) });

test('every draw is listed under its contest, and the last one is compared with the ballot', () => {
  const lots = [lot(1, 0, [2, 0, 1]), lot(2, 0, [1, 2, 0]), lot(3, 0, null), lot(4, 1, null), lot(5, 2, [0, 1, 2])];
  const draws = drawsOf(lots, [ballot('나', '다', '가'), ballot('가', '나')]);
  expect(draws.map(({ contest, done, undone, differs }) => [contest, done.map(({ order }) => order.join('')), undone, differs])).toEqual([
    [0, ['다가나', '나다가'], 1, false],
    [1, [], 1, false],
    // No longer on the ballot.
    [2, ['가나다'], 0, false],
  ]);
});

test.each([
  [['다', '가', '나'], true],
  [['나', '다'], true],
  [['나', '다', '가', '라'], true],
  [['나', '다', '갸'], true],
  [['나', '다', '가'], false],
])('a ballot with %j after a draw of 나, 다, 가: differs %s', (options, differs) => {
  expect(drawsOf([lot(1, 0, [2, 0, 1]), lot(2, 0, [1, 2, 0])], [ballot(...options)])[0]?.differs).toBe(differs);
});

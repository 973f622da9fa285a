import { expect, test } from 'vitest';
import type { Contest, ContestResult } from '../../../wasm/messages';
import { firstEntry } from './bundle';
import { countOf, parts } from './count';

const text = (ko: string): { ko: string; en: string } => ({ ko, en: '' });
const contest = (rules: Contest['rules'], decision: Contest['decision']): Contest => ({ title: text('안건'), options: [text('가'), text('나')], rules, decision, seats: 1 });
const result = (totals: number[], groups: ContestResult['groups']): ContestResult => ({ totals, groups, status: 'decided', winners: [0] });

test('votes of each district and of all, blank ballots among the ballots', () => {
  const count = countOf(contest({ kind: 'choose_one', blank: true }, 'majority'), result([5, 2], [{ units: [0], ballots: 5, values: [4, 1] }, { units: [1, 2], ballots: 3, values: [1, 1] }]));
  expect(count).toEqual({ rows: [{ units: [0], ballots: 5, points: [4, 1] }, { units: [1, 2], ballots: 3, points: [1, 1] }], points: [5, 2], ballots: 8, answered: null, ranks: null });
});

test('scores are the sums that were decrypted, with how many answered', () => {
  const count = countOf(contest({ kind: 'score', maximum: 5, total: null, total_exact: false, unanswered: true }, 'mean'), result([9, 4, 3, 2], [{ units: [0], ballots: 3, values: [9, 4, 3, 2] }]));
  expect(count).toMatchObject({ points: [9, 4], answered: [3, 2], rows: [{ points: [9, 4] }] });
});

test('ranks are shown one by one, points as the rule has them', () => {
  const count = countOf(contest({ kind: 'rank', min: 1, max: 2 }, 'borda'), result([3, 1, 1, 2], []));
  expect(count).toMatchObject({ points: [3, 1], ranks: [[3, 1], [1, 2]] });
});

test('what was not decrypted has no figures', () => {
  expect(countOf(contest({ kind: 'choose_one', blank: false }, 'majority'), { totals: [], groups: [{ units: [0], ballots: 5, values: [] }], status: 'not_counted', winners: [] })).toBeNull();
});

test('lists are cut into parts, none lost', () => {
  expect(parts([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
  expect(parts([], 2)).toEqual([]);
});

test('the first entry of a bundle', () => {
  expect([...firstEntry(new Uint8Array([0, 2, 7, 8, 0, 1, 9]))]).toEqual([7, 8]);
  expect(() => firstEntry(new Uint8Array([0, 3, 7, 8]))).toThrow('no first entry');
  expect(() => firstEntry(new Uint8Array())).toThrow('no first entry');
});

import { expect, test } from 'vitest';
import type { ContestRules } from '../../../wasm/messages';
import { assess, emptyMark, type Mark, toSelection } from './marks';
import { contest } from './testing';

const verdict = (rules: ContestRules, mark: Mark, options = 3) => {
  const found = assess(contest(rules, options), mark);
  return found.verdict === 'complete' ? 'complete' : `${found.verdict} ${found.why}`;
};
const score = (...scores: (number | null)[]): Mark => ({ kind: 'score', scores });
const scoring = (change: Partial<Extract<ContestRules, { kind: 'score' }>> = {}): ContestRules => ({ kind: 'score', maximum: 5, total: null, total_exact: false, unanswered: false, ...change });

test.each<[string, ContestRules, Mark, string]>([
  ['one', { kind: 'choose_one', blank: false }, { kind: 'choose_one', option: 0 }, 'complete'],
  ['blank', { kind: 'choose_one', blank: true }, { kind: 'choose_one', option: 'blank' }, 'complete'],
  ['none, blank allowed', { kind: 'choose_one', blank: true }, { kind: 'choose_one', option: null }, 'undervote nothing'],
  ['none, blank not allowed', { kind: 'choose_one', blank: false }, { kind: 'choose_one', option: null }, 'blocked choose_one'],
  ['too few', { kind: 'choose', min: 2, max: 3 }, { kind: 'choose', options: [1] }, 'blocked too_few'],
  ['fewer', { kind: 'choose', min: 1, max: 3 }, { kind: 'choose', options: [1] }, 'undervote fewer'],
  ['nobody', { kind: 'choose', min: 0, max: 3 }, { kind: 'choose', options: [] }, 'undervote nothing'],
  ['as many as allowed', { kind: 'choose', min: 1, max: 2 }, { kind: 'choose', options: [1, 2] }, 'complete'],
  ['ranks missing', { kind: 'rank', min: 2, max: 3 }, { kind: 'rank', options: [1] }, 'blocked too_few'],
  ['fewer ranks', { kind: 'rank', min: 1, max: 3 }, { kind: 'rank', options: [2, 1] }, 'undervote fewer'],
  ['scores missing', scoring(), score(1, null, 2), 'blocked unanswered'],
  ['unanswered allowed', scoring({ unanswered: true }), score(1, null, 2), 'undervote unanswered'],
  ['no score at all', scoring({ unanswered: true }), score(null, null, null), 'undervote nothing'],
  ['over the total', scoring({ total: 5 }), score(3, 3, 0), 'blocked total_over'],
  ['over the total, others open', scoring({ total: 5 }), score(3, 3, null), 'blocked total_over'],
  ['below the total', scoring({ total: 5 }), score(1, 1, 0), 'undervote points_left'],
  ['not the exact total', scoring({ total: 5, total_exact: true }), score(1, 1, 0), 'blocked total_not_exact'],
  ['the exact total', scoring({ total: 5, total_exact: true }), score(5, 0, 0), 'complete'],
])('%s', (_, rules, mark, expected) => {
  expect(verdict(rules, mark)).toBe(expected);
});

test('marks of another kind are a fault', () => {
  expect(() => assess(contest({ kind: 'rank', min: 1, max: 2 }), emptyMark({ kind: 'choose_one', blank: true }, 3))).toThrow('rank');
});

test('selections', () => {
  expect(toSelection({ kind: 'choose_one', option: 'blank' })).toEqual({ kind: 'choose_one', option: null });
  expect(toSelection({ kind: 'choose', options: [2, 0, 1] })).toEqual({ kind: 'choose', options: [0, 1, 2] });
  expect(toSelection({ kind: 'rank', options: [2, 0, 1] })).toEqual({ kind: 'rank', options: [2, 0, 1] });
  expect(toSelection(score(0, null, 5))).toEqual({ kind: 'score', scores: [0, null, 5] });
});

import { describe, expect, test } from 'vitest';
import type { Contest, Draft } from '../election/draft';
import { check } from './check';
import { earlyVoting } from './dates';
import { newDraft } from './defaults';
import { findings, stepOf, valueAt } from './explain';
import { PROFILES, profileOf } from './profiles';
import { adminWizard } from '../../../i18n/admin-wizard';
import { translator } from '../../../i18n/catalogue';

const TODAY = '2026-11-22';
const referendum = profileOf('kr-resident-vote-2022');
if (referendum === null) throw new Error('no such profile');
const key = (digit: string): string => digit.repeat(64);
const fresh = newDraft(referendum, { ko: '도서관', en: 'Library' }, false, TODAY);
/** A draft with nothing left to fill in. */
const whole: Draft = {
  ...fresh,
  roles: { authorities: [{ name: 'A', key: key('1') }], trustees: ['2', '3', '4'].map((digit) => ({ name: digit, key: key(digit) })), quorum: 2, tally: key('5') },
};
const withContest = (change: Partial<Contest>): Draft => ({ ...whole, contests: whole.contests.map((contest) => ({ ...contest, ...change })) });

test('what a new election of any profile begins with breaks no rule', () => {
  for (const profile of PROFILES) {
    const draft = newDraft(profile, { ko: '제목', en: 'Title' }, false, TODAY);
    // Elections by charter have options that only their authors know.
    expect(check(draft), profile.id).toEqual([]);
  }
  expect(check(whole)).toEqual([]);
});

describe('each rule names its place', () => {
  const cases: [string, Draft, string[]][] = [
    ['two days of twelve hours that are not before a Wednesday', { ...whole, schedule: { ...whole.schedule, windows: earlyVoting('2026-12-12'), override_reason: null } }, ['schedule.override_reason']],
    ['closing before opening', { ...whole, schedule: { ...whole.schedule, windows: [{ opens: 100, closes: 100 }], override_reason: 'x' } }, ['schedule.windows[0].closes']],
    ['windows that overlap', { ...whole, schedule: { ...whole.schedule, windows: [{ opens: 0, closes: 200 }, { opens: 100, closes: 300 }], override_reason: 'x' } }, ['schedule.windows[1].opens']],
    ['another length without a reason', { ...whole, schedule: { ...whole.schedule, windows: [{ opens: 0, closes: 200 }] } }, ['schedule.override_reason']],
    ['a legal length on other days without a reason', { ...whole, schedule: { ...whole.schedule, windows: [{ opens: 0, closes: 86_400 }] } }, ['schedule.override_reason']],
    ['two options of one name', withContest({ options: [{ ko: '가', en: '' }, { ko: '가', en: '' }] }), ['contests[0].options[1].ko']],
    ['more choices than options', withContest({ kind: { type: 'choose', min: 0, max: 3 }, rule: 'plurality' }), ['contests[0].kind']],
    ['more at least than at most', withContest({ kind: { type: 'rank', min: 2, max: 1 }, rule: 'borda' }), ['contests[0].kind']],
    ['a sum that cannot be reached', withContest({ kind: { type: 'score', max: 2, total: { exactly: 5 }, unanswered: false }, rule: 'mean' }), ['contests[0].kind']],
    ['two seats by majority', withContest({ seats: 2 }), ['contests[0].seats']],
    ['a contest on no style', { ...whole, styles: [{ title: { ko: '가', en: '' }, contests: [] }] }, ['styles[0].contests', 'styles']],
    ['a district that belongs to a later one', { ...whole, units: [{ title: { ko: '가', en: '' }, parent: 1 }, { title: { ko: '나', en: '' }, parent: null }] }, ['units[0].parent']],
    ['a low floor', { ...whole, counting: { ...whole.counting, floor: 4 } }, ['counting.floor']],
    ['all trustees needed', { ...whole, roles: { ...whole.roles, quorum: 3 } }, ['roles.quorum']],
    ['one trustee enough', { ...whole, roles: { ...whole.roles, quorum: 1 } }, ['roles.quorum']],
    ['one key twice, once in capitals', { ...whole, roles: { ...whole.roles, authorities: [{ name: 'A', key: key('a') }], tally: key('A') } }, ['roles.tally']],
  ];
  test.each(cases)('%s', (_, draft, places) => expect(check(draft)).toEqual(places));
  test('a low floor is allowed in a test', () => expect(check({ ...whole, counting: { ...whole.counting, floor: 1 }, test: true })).toEqual([]));
});

test('problems of the server are said in words, in the step where they are written', () => {
  const t = translator(adminWizard, 'en');
  const draft: Draft = { ...whole, title: { ko: '', en: 'x' }, roles: { ...whole.roles, tally: 'abc' } };
  const said = findings(draft, [
    { field: 'title.ko', reason: 'has 0 bytes' },
    { field: 'roles.tally', reason: '64 hex digits are expected' },
    { field: 'contests[0].options[1]', reason: 'same name' },
    { field: 'something.new', reason: 'reasons of its own' },
  ]);
  expect(said.map(({ field, step }) => [field, step])).toEqual([
    ['title.ko', 'basics'],
    ['roles.tally', 'officers'],
    ['contests[0].options[1].ko', 'contests'],
    ['something.new', 'basics'],
  ]);
  expect(said.map(({ say }) => say(t))).toEqual([t('problem.missing'), t('problem.key'), t('problem.same-option'), t('problem.other', { place: 'something.new', reason: 'reasons of its own' })]);
  expect(['schedule.windows', 'styles[0].contests', 'counting.floor', 'witnesses.policy', 'notice.en'].map(stepOf)).toEqual(['schedule', 'districts', 'districts', 'officers', 'basics']);
  expect(valueAt(whole, 'roles.trustees[1].key')).toBe(key('3'));
  expect(valueAt(whole, 'no.such[3].place')).toBeUndefined();
});

import { expect, test } from 'vitest';
import { catalogue, NOTHING, translator } from './catalogue';
import { formatFor } from './format';

const base = catalogue(NOTHING, { yes: '예' }, { yes: 'Yes' });
const votes = catalogue(base, { count: '{n}표, {who}' }, { count: { one: '{n} vote by {who}', other: '{n} votes by {who}' } });

test('parameters, plurals and numbers follow the language', () => {
  const ko = translator(votes, 'ko');
  const en = translator(votes, 'en');
  expect(ko('count', { n: 12345, who: '모두' })).toBe('12,345표, 모두');
  expect(en('count', { n: 1, who: 'Kim' })).toBe('1 vote by Kim');
  expect(en('count', { n: 2, who: '{n}' })).toBe('2 votes by {n}');
  expect(en('yes')).toBe('Yes');
});

test('the compiler refuses wrong keys and parameters', () => {
  const ko = translator(votes, 'ko');
  // @ts-expect-error no such text
  expect(() => ko('missing')).toThrow();
  // @ts-expect-error a parameter is missing
  expect(ko('count', { n: 1 })).toBe('1표, {who}');
});

test('times are Korean whatever the device says', () => {
  const ko = formatFor('ko');
  const en = formatFor('en');
  expect(ko.dateTime('2011-08-23T21:00:00Z')).toBe('2011년 8월 24일 (수) 06:00');
  expect(en.date('2011-08-23T15:00:00Z')).toBe('Wed, 24 August 2011');
  expect(ko.clock('2011-08-24T03:04:05Z')).toBe('12:04:05');
  expect(ko.dayTime('2011-08-23T21:00:00Z')).toBe('8. 24. 06:00');
  expect(en.dayTime('2011-08-23T21:00:00Z')).toBe('24 Aug, 06:00');
  expect(ko.percent(2157744, 8387278)).toBe('25.7%');
  expect(ko.percent(0, 0)).toBe('–');
  expect(ko.duration(200)).toBe('3분 20초');
  expect(en.duration(3725)).toBe('1 hr 2 mins');
});

import { createHash } from 'node:crypto';
import { afterEach, expect, test, vi } from 'vitest';
import { englishReady, keepApart } from './apart';
import { catalogue, NOTHING, translator } from './catalogue';

const texts = JSON.stringify({ yes: 'Yes', count: { one: '{n} vote', other: '{n} votes' } });
const file = { url: '/assets/en.json', sha256: createHash('sha256').update(texts).digest('hex') };

/** As a page has them: the catalogues are there, their English texts are not. */
function make() {
  const base = catalogue(NOTHING, { yes: '예' }, { yes: '' });
  const votes = catalogue(base, { count: '{n}표' }, { count: '' });
  for (const { en } of [base, votes]) for (const key of Object.keys(en)) Reflect.deleteProperty(en, key);
  keepApart(file, [base, votes]);
  return { base, votes };
}

const answer = (body: string, status = 200) => vi.fn(() => Promise.resolve(new Response(body, { status })));

afterEach(() => {
  vi.unstubAllGlobals();
  keepApart(null, []);
});

test('each catalogue gets its own texts, with one request', async () => {
  const { base, votes } = make();
  const fetched = answer(texts);
  vi.stubGlobal('fetch', fetched);
  expect(await Promise.all([englishReady(), englishReady()])).toEqual([true, true]);
  expect(await englishReady()).toBe(true);
  expect(fetched).toHaveBeenCalledTimes(1);
  expect(base.en).toEqual({ yes: 'Yes' });
  expect(translator(votes, 'en')('count', { n: 2 })).toBe('2 votes');
  expect(translator(votes, 'en')('yes')).toBe('Yes');
});

test.each([
  ['no connection', vi.fn(() => Promise.reject(new TypeError('Failed to fetch')))],
  ['no such file', answer('', 404)],
  ['another file', answer(texts.replace('Yes', 'No'))],
])('%s: nothing is taken, and it can be asked for again', async (_, fetched) => {
  const { base, votes } = make();
  vi.stubGlobal('fetch', fetched);
  expect(await englishReady()).toBe(false);
  expect([base.en, votes.en]).toEqual([{}, {}]);
  vi.stubGlobal('fetch', answer(texts));
  expect(await englishReady()).toBe(true);
  expect(base.en).toEqual({ yes: 'Yes' });
});

test('a page with both languages in its script fetches nothing', async () => {
  keepApart(null, []);
  const fetched = answer(texts);
  vi.stubGlobal('fetch', fetched);
  expect(await englishReady()).toBe(true);
  expect(fetched).not.toHaveBeenCalled();
});

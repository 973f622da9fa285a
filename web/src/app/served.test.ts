import { expect, test } from 'vitest';
import { servedPages } from './served';

test('what is served is named by the hash of its manifest', async () => {
  const asked: string[] = [];
  const found = await servedPages((path) => {
    asked.push(path);
    return Promise.resolve(new Response('abc'));
  });
  // FIPS 180-2, appendix B.1.
  expect(found).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  expect(asked).toEqual(['/assets.json']);
});

test('a server that sends none, or does not answer, is no other hash', async () => {
  expect(await servedPages(() => Promise.resolve(new Response('gone', { status: 404 })))).toBeNull();
  expect(await servedPages(() => Promise.reject(new TypeError('Failed to fetch')))).toBeNull();
});

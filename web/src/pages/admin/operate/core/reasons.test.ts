import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { adminOperate } from '../../../../i18n/admin-operate';
import { translator } from '../../../../i18n/catalogue';
import { REASONS, sayReason } from './reasons';

const SERVER = resolve(import.meta.dirname, '../../../../../../server/src');
const sources = readdirSync(SERVER, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.rs'))
  .map((name) => readFileSync(join(SERVER, name), 'utf8'))
  .join('\n')
  .replaceAll('\\"', '"');

/** The words of a pattern between its groups. */
const words = (pattern: RegExp): string[] =>
  pattern.source
    .replace(/^\^|\$$/g, '')
    .split(/"?\([^)]*\)"?|\.\+/)
    .map((part) => part.replaceAll(/\\(.)/g, '$1').replace(/^\}|\{$/g, '').trim())
    .filter((part) => part.length > 1);

test.each(REASONS.map(({ pattern }) => [pattern.source, pattern] as const))('the server says %s', (_, pattern) => {
  for (const part of words(pattern)) {
    // Two kinds of titles are put into one sentence.
    const asWritten = part.replace(/^no (reporting unit|ballot style) of/, 'no {what} of').replace('4294967295', '4294967295');
    expect(sources.includes(asWritten), asWritten).toBe(true);
  }
});

test('reasons are said in the reader’s language, and unknown ones as they came', () => {
  const ko = translator(adminOperate, 'ko');
  expect(sayReason(ko, 'occurs twice; first in line 12')).toContain('12');
  expect(sayReason(ko, 'unknown column "동네"; expected voter_id,name')).toContain('동네');
  for (const text of ['occurs twice; first in line 12', 'is empty', 'not UTF-8; save the file as "CSV UTF-8"', 'expected 3 to 254 characters, found 1']) expect(sayReason(ko, text)).toMatch(/\p{Script=Hangul}/u);
  expect(sayReason(ko, 'something new')).toBe('something new');
});

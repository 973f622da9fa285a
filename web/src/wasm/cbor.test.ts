import { describe, expect, test } from 'vitest';
import { CborError, type Value, decode, encode } from './cbor';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));

describe('messages', () => {
  // RFC 8949 appendix A, as far as messages have such values.
  test.each<[string, Value]>([
    ['8100', [0]], ['8117', [23]], ['811818', [24]], ['8118ff', [255]], ['81190100', [256]], ['811a000f4240', [1_000_000]],
    ['811b000000e8d4a51000', [1_000_000_000_000]], ['811b001fffffffffffff', [Number.MAX_SAFE_INTEGER]],
    ['81f4', [false]], ['81f5', [true]], ['81f6', [null]], ['814401020304', [Uint8Array.of(1, 2, 3, 4)]],
    ['816449455446', ['IETF']], ['8162c3bc', ['ü']], ['8163e6b0b4', ['水']], ['83010203', [1, 2, 3]],
    ['a26161016162820203', { a: 1, b: [2, 3] }], ['a0', {}], ['80', []],
  ])('%s', (text, value) => {
    expect(hex(encode(value as object))).toBe(text);
    expect(decode(bytes(text))).toEqual(value);
  });

  test.each([
    ['cut off', '8201'], ['bytes after it', '0000'], ['a long head', '1817'], ['a longer head', '1900ff'], ['an indefinite length', '9f01ff'],
    ['a negative number', '20'], ['a tag', 'c000'], ['a float', 'f93c00'], ['undefined', 'f7'], ['a key twice', 'a2616101616102'],
    ['a key that is no text', 'a10102'], ['text that is not UTF-8', '61ff'], ['a number above 2^53', '1b0020000000000000'],
    ['a length beyond the end', '5affffffff00'], ['nesting without end', '81'.repeat(100) + '00'],
  ])('%s is refused', (_, text) => {
    expect(() => decode(bytes(text))).toThrow();
  });

  test('what a message cannot hold is refused', () => {
    for (const value of [[1.5], [-1], [2 ** 53], [Number.NaN], [undefined], [1n]]) expect(() => encode(value)).toThrow(CborError);
  });

  test('a key named __proto__ is only a key', () => {
    const map = decode(encode(JSON.parse('{"__proto__":1,"constructor":2}') as object)) as Record<string, Value>;
    expect(Object.keys(map)).toEqual(['__proto__', 'constructor']);
  });
});

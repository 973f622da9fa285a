import { expect, test } from 'vitest';
import type { RecordEvent } from '../../../wasm/messages';
import { storyOf } from './story';

const event = (entry: number, entry_type: string, more: Partial<RecordEvent> = {}): RecordEvent => ({ entry, entry_type, attempt: null, trustee: null, authority: null, credential: null, contest: null, time: null, reason: null, ...more });

test('times that entries state are kept apart from those of the server', () => {
  const story = storyOf([event(3, 'joint-key', { attempt: 2 }), event(9, 'open', { time: 100 })], [{ index: 2, last_index: 4, kind: 'joint-key', at: '2026-11-22T00:00:00Z' }]);
  expect(story.jointKey).toEqual({ entry: 3, stated: null, placed: Date.UTC(2026, 10, 22) });
  expect(story.attempt).toBe(2);
  expect(story.opened).toEqual({ entry: 9, stated: 100_000, placed: null });
  expect(story.closed).toBeNull();
});

test('only who decrypted every contest has decrypted', () => {
  const of = (entry: number, trustee: number, contest: number): RecordEvent => event(entry, 'partial-decryption', { trustee, contest });
  const { decrypted } = storyOf([of(1, 3, 0), of(2, 1, 0), of(3, 3, 1), of(4, 2, 1), of(5, 3, 1)], []);
  expect(decrypted.map(({ trustee, last }) => [trustee, last.entry])).toEqual([[3, 5]]);
});

test('what is counted and what is told one by one', () => {
  const story = storyOf([event(1, 'revocation', { reason: 'lost' }), event(2, 're-issue'), event(3, 'revocation'), event(4, 'paper-strike'), event(5, 're-dating', { time: 7, reason: 'storm' }), event(6, 'drill', { trustee: 2 }), event(7, 'drill', { trustee: 1 }), event(8, 'drill', { trustee: 2 })], []);
  expect([story.revoked, story.reissued, story.struck]).toEqual([2, 1, 1]);
  expect(story.closes).toBe(7000);
  expect(story.drilled).toEqual([1, 2]);
  expect(story.happenings).toEqual([{ entry: 5, stated: 7000, placed: null, kind: 're-dating', reason: 'storm' }]);
});

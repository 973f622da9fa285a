/** Pure parts: evidence, memory, texts with checkpoints, timeline, comparison with what is published. */
import { describe, expect, test } from 'vitest';
import type { RecordEvent } from '../../../wasm/messages';
import type { Results, Turnout } from '../../booth/core/server';
import { type Evidence, evidenceFile, EvidenceStore, type Keep, signedSide } from './evidence';
import { Memory } from './memory';
import { milestonesBetween } from './milestones';
import { checkpointIn, isRoot, readNote, rootBase64, rootHex } from './note';
import { compareTurnout, differences } from './published';
import { timeline } from './timeline';

const ROOT = `${'A'.repeat(43)}=`;
const OTHER = `${'B'.repeat(42)}A=`;
const note = (size: number, root = ROOT): string => `host/city/meals\n${String(size)}\n${root}\n\n— host/city/meals AAAA\n`;

const map = (): Keep & { full: boolean; values: Map<string, string> } => {
  const values = new Map<string, string>();
  return {
    full: false,
    values,
    getItem: (key) => values.get(key) ?? null,
    setItem(key, value) {
      if (this.full) throw new Error('full');
      values.set(key, value);
    },
    removeItem: (key) => void values.delete(key),
  };
};

const evidence = (size: number): Evidence => ({ kind: 'rolled_back', at: 0, vkey: 'host/city/meals+00000000+AAAA', board: 'https://host/board/city/meals/', first: { size, root: ROOT, note: note(size) }, second: { size: 1, root: OTHER, note: note(1, OTHER) }, detail: 'smaller' });

test('checkpoints are found by themselves and in receipts, nothing else is taken for one', () => {
  expect(readNote(note(12))).toEqual({ origin: 'host/city/meals', size: 12, root: ROOT });
  expect(checkpointIn(`\n${note(12).replaceAll('\n', '\r\n')}\n`)).toBe(note(12));
  expect(checkpointIn(`c2sp.org/tlog-proof@v1\nextra AAAA\nindex 3\n${ROOT}\n\n${note(12)}`)).toBe(note(12));
  for (const text of ['', 'c2sp.org/tlog-proof@v1\nindex 3\n', note(12).replace('12', '012'), note(12).replace(ROOT, 'short'), 'a\nb\nc\n']) expect(checkpointIn(text)).toBeNull();
});

test('roots in both ways of writing', () => {
  const hex = rootHex(OTHER);
  expect(hex).toMatch(/^[0-9a-f]{64}$/);
  expect(rootBase64(hex.toUpperCase())).toBe(OTHER);
  expect(rootBase64(OTHER)).toBe(OTHER);
  expect([isRoot(hex), isRoot(OTHER), isRoot(hex.slice(1)), isRoot('')]).toEqual([true, true, false, false]);
});

describe('evidence', () => {
  test('stays from one visit to the next, once each, until it is removed', () => {
    const keep = map();
    const store = new EvidenceStore(keep, 'board');
    expect([store.add(evidence(9)), store.add({ ...evidence(9), at: 5 }), store.add(evidence(8))]).toEqual([true, false, true]);
    const later = new EvidenceStore(keep, 'board');
    expect(later.list.map(({ first }) => first.size)).toEqual([9, 8]);
    later.remove(evidence(9));
    expect(new EvidenceStore(keep, 'board').list.map(({ first }) => first.size)).toEqual([8]);
    expect(new EvidenceStore(keep, 'other').list).toEqual([]);
  });

  test('what another page of this browser found is not overwritten', () => {
    const keep = map();
    const [one, two] = [new EvidenceStore(keep, 'board'), new EvidenceStore(keep, 'board')];
    one.add(evidence(9));
    two.add(evidence(8));
    expect(new EvidenceStore(keep, 'board').list).toHaveLength(2);
  });

  test('without storage it stays on the page, which says so; spoilt storage is no evidence', () => {
    const keep = map();
    keep.full = true;
    const store = new EvidenceStore(keep, 'board');
    store.add(evidence(9));
    store.add(evidence(8));
    expect([store.isKept, store.list.length]).toEqual([false, 2]);
    keep.values.set('hanpyo.observer.evidence board', '[{"kind":"forked"},7,null]');
    expect(new EvidenceStore(keep, 'board').list).toEqual([]);
    keep.values.set('hanpyo.observer.evidence board', '{');
    expect(new EvidenceStore(keep, 'board').list).toEqual([]);
  });

  test('as a file: both checkpoints as they were signed, and the key', () => {
    const { name, text } = evidenceFile(evidence(9));
    expect(name).toBe('hanpyo-evidence-host-city-meals-9-1.json');
    expect(JSON.parse(text)).toMatchObject({ format: 'hanpyo-evidence-1', kind: 'rolled_back', vkey: evidence(9).vkey, first: { size: 9, checkpoint: note(9) }, second: { checkpoint: note(1, OTHER) } });
  });
});

test('memory keeps the largest checkpoint of each key, unless told otherwise', () => {
  const memory = new Memory(map(), 'board');
  expect([memory.vkey, memory.checkpoint('key')]).toEqual([null, null]);
  memory.vkey = { vkey: 'key', given: true };
  expect(memory.vkey).toEqual({ vkey: 'key', given: true });
  memory.remember('key', note(9));
  memory.remember('key', note(8));
  memory.remember('key', note(9, OTHER));
  expect(memory.checkpoint('key')).toEqual(signedSide(note(9)));
  memory.remember('key', note(8), { instead: true });
  expect(memory.checkpoint('key')?.size).toBe(8);
  expect(memory.checkpoint('other')).toBeNull();
});

const event = (entry: number, entry_type: string, more: Partial<RecordEvent> = {}): RecordEvent => ({ entry, entry_type, attempt: null, trustee: null, authority: null, credential: null, contest: null, time: null, reason: null, ...more });

test('the timeline: runs as one line, roll and ballots between events, milestones and objections in their places', () => {
  const events = [event(0, 'manifest'), event(1, 'drill', { trustee: 1 }), event(2, 'drill', { trustee: 2 }), event(5, 'roll-sealed'), event(6, 'open'), event(10, 're-dating')];
  const objections = [
    { number: 2, at: '2026-11-22T12:00:00Z', replies: [] },
    { number: 1, at: '2026-11-22T09:30:00Z', replies: [{}] },
  ];
  const times = new Map([
    [6, '2026-11-22T09:00:00Z'],
    [10, '2026-11-22T10:00:00Z'],
  ]);
  const items = timeline(events, 13, [{ read: 9, counted: 3, percent: 10 }], objections, times);
  const told = items.map((item) => (item.kind === 'event' ? `${item.event.entry_type} ${String(item.event.entry)}-${String(item.last)} x${String(item.count)}` : item.kind === 'objection' ? `objection ${String(item.number)} ${String(item.answered)}` : item.kind === 'milestone' ? `${String(item.milestone.percent)}%` : `${item.kind} ${String(item.first)}-${String(item.last)}`));
  expect(told).toEqual(['manifest 0-0 x1', 'drill 1-2 x2', 'roll 3-4', 'roll-sealed 5-5 x1', 'open 6-6 x1', 'ballots 7-9', '10%', 'objection 1 true', 're-dating 10-10 x1', 'ballots 11-12', 'objection 2 false']);
  expect(new Set(items.map(({ key }) => key)).size).toBe(items.length);
});

test('milestones: every tenth once, the highest of several, none without a roll', () => {
  expect(milestonesBetween(9, 10, 100, 7)).toEqual([{ read: 7, counted: 10, percent: 10 }]);
  expect(milestonesBetween(10, 19, 100, 7)).toEqual([]);
  expect(milestonesBetween(0, 2, 3, 7).map(({ percent }) => percent)).toEqual([60]);
  expect(milestonesBetween(0, 5, 0, 7)).toEqual([]);
});

test('turnout is compared at one size of the record only', () => {
  const recomputed: Turnout = { electorate: 9, counted: 3, paper: 1, percent: 44.44, log_size: 20, units: [{ unit: 0, title: { ko: '가', en: '' }, electorate: 9, counted: 3, paper: 1 }] };
  const [unit] = recomputed.units;
  if (unit === undefined) throw new Error('a unit is there');
  // Titles and the rounding of a percentage are no figures.
  expect(compareTurnout({ ...recomputed, percent: 44.4, units: [{ ...unit, title: { ko: '나', en: '' } }] }, recomputed)).toBe('same');
  for (const wrong of [{ electorate: 8 }, { counted: 4 }, { paper: 0 }, { units: [] }, { units: [{ ...unit, counted: 2 }] }, { units: [{ ...unit, electorate: 1 }] }, { units: [{ ...unit, paper: 2 }] }]) expect(compareTurnout({ ...recomputed, ...wrong }, recomputed), JSON.stringify(wrong)).toBe('other');
  for (const size of [19, 21]) expect(compareTurnout({ ...recomputed, counted: 4, log_size: size }, recomputed)).toBe('apart');
});

test('a published result that differs anywhere is told', () => {
  const titled = { title: { ko: '', en: '' }, options: [] };
  const result = (): Results => ({ phase: 'finished', ballots: 10, paper: 1, electorate: 20, contests: [{ contest: 0, ...titled, groups: [], totals: [6, 4], status: 0, winners: [0] }] });
  expect(differences(result(), result())).toEqual([]);
  const changed = (change: (results: Results) => void): string[] => {
    const theirs = result();
    change(theirs);
    return differences(theirs, result()).map(({ what }) => what);
  };
  expect(changed((one) => (one.ballots = 9))).toEqual(['ballots']);
  expect(changed((one) => one.contests.forEach((contest) => (contest.totals = [4, 6])))).toEqual(['totals']);
  expect(changed((one) => one.contests.forEach((contest) => (contest.winners = [1])))).toEqual(['winners']);
  expect(changed((one) => one.contests.forEach((contest) => (contest.status = 2)))).toEqual(['status']);
  expect(changed((one) => (one.contests = []))).toEqual(['missing']);
});

/** The real module under node: a whole vote, attacks on it, and a record followed to its result. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { hasScores } from '../pages/booth/core/open';
import { complete } from './complete';
import { type FetchFile, Follower } from './follow';
import type { Failure } from './messages';
import { type Operation, OperationError, type Response, WasmModule } from './module';
import type { Operator, PageRequest } from './ops';

const web = resolve(import.meta.dirname, '../..');
type Files = Record<string, string>;
interface Fixture {
  vkey: string;
  manifest_hash: string;
  voter: number;
  style: number;
  codes: string[];
  other_codes: string[];
  ballot: string;
  ballot_code: string;
  acknowledgement: string;
  early_size: number;
  early_root: string;
  early: Files;
  forked: Files;
  board: Files;
}
const fixture = JSON.parse(readFileSync(join(web, 'tests/unit/wasm-election.json'), 'utf8')) as Fixture;

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));
const flipped = (of: Uint8Array, at: number): Uint8Array => of.map((byte, place) => (place === at ? byte ^ 1 : byte));
const bundle = (files: Files): Uint8Array => {
  const path = Object.keys(files).find((name) => name.startsWith('tile/entries/000'));
  if (path === undefined) throw new Error('the fixture has no entries');
  return bytes(files[path] ?? '');
};

/** The module at hand, completed as the worker does. */
class Here implements Operator {
  constructor(private readonly module: WasmModule) {}
  call<K extends Operation>(operation: K, request: PageRequest<K>): Promise<Response<K>> {
    return new Promise((done) => done(this.module.call(operation, complete(operation, request))));
  }
}

async function start(name: 'booth' | 'booth-score' | 'observer'): Promise<Here> {
  const path = join(web, `dist-wasm/${name}.wasm`);
  if (!existsSync(path)) throw new Error(`${path} is missing: run \`make wasm\``);
  return new Here(await WasmModule.start(readFileSync(path)));
}

async function failure(of: Promise<unknown>): Promise<Failure> {
  const error: unknown = await of.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof OperationError)) throw error instanceof Error ? error : new Error('not an error');
  return error.failure;
}

describe('a vote', () => {
  let booth: Here;
  let election: number;
  const expected = bytes(fixture.manifest_hash);
  const open = (entries: Uint8Array, hash: Uint8Array | null = expected) => booth.call('open_election', { bundles: [entries], expected: hash });
  const enter = (codes: string[], index = fixture.voter, style = fixture.style) =>
    booth.call('enter_credential', { election, codes, index, style, roll: [bundle(fixture.board)] });

  beforeAll(async () => {
    booth = await start('booth-score');
    ({ election } = await open(bundle(fixture.board)));
  });

  test.each(['booth', 'booth-score', 'observer'])('the module %s imports nothing', async (name) => {
    const module = await WebAssembly.compile(readFileSync(join(web, `dist-wasm/${name}.wasm`)));
    expect(WebAssembly.Module.imports(module)).toEqual([]);
    expect(WebAssembly.Module.exports(module).map(({ name }) => name)).toEqual(expect.arrayContaining(['memory', 'alloc', 'free', 'call']));
  });

  test('the manifest is shown whole, and no other than the expected one', async () => {
    const { manifest } = await open(bundle(fixture.board));
    expect(Buffer.from(manifest.hash).toString('hex')).toBe(fixture.manifest_hash);
    expect(manifest.contests.map(({ rules }) => rules.kind)).toEqual(['choose_one', 'choose', 'rank', 'score']);
    expect(manifest.authorities).toHaveLength(2);
    expect(manifest.trustees).toHaveLength(5);
    const other = await failure(open(bundle(fixture.board), flipped(expected, 0)));
    expect(other.code).toBe('other_manifest');
    expect(other.found).toBe(fixture.manifest_hash);
  });

  test('the module without range proofs reads the manifest, and leaves an election with scores to the other', async () => {
    const small = await start('booth');
    const entries = bundle(fixture.board);
    const length = ((entries[0] ?? 0) << 8) | (entries[1] ?? 0);
    const manifest = await small.call('read_manifest', { entry: entries.subarray(2, 2 + length), expected });
    expect(Buffer.from(manifest.hash).toString('hex')).toBe(fixture.manifest_hash);
    expect((await failure(small.call('open_election', { bundles: [entries], expected }))).code).toBe('needs_scores');
  });

  test('which module is needed is told from the manifest entry, before anything is verified', () => {
    const entries = bundle(fixture.board);
    const entry = entries.slice(2, 2 + (((entries[0] ?? 0) << 8) | (entries[1] ?? 0)));
    expect(hasScores(entry)).toBe(true);
    // [title, options, [3, maximum 10, 0, flags]]: the only score contest becomes another kind.
    const score = entry.findIndex((byte, at) => byte === 0x84 && entry[at + 1] === 3 && entry[at + 2] === 10);
    expect(score).toBeGreaterThan(0);
    expect(hasScores(entry.map((byte, at) => (at === score + 1 ? 2 : byte)))).toBe(false);
    for (let length = 0; length < entry.length; length += 7) expect(hasScores(entry.slice(0, length))).toBe(false);
  });

  test('a beginning of the record that ends before the joint key asks for more', async () => {
    const entries = bundle(fixture.board);
    const manifest = 2 + (((entries[0] ?? 0) << 8) | (entries[1] ?? 0));
    expect((await failure(open(entries.subarray(0, manifest + 200)))).code).toBe('no_joint_key');
  });

  test('a forged confirmation of the joint key is noticed', async () => {
    // Each byte of the trustees' confirmations and of the joint key, one in forty of them.
    const entries = bundle(fixture.board);
    let at = 0;
    const codes = new Set<string>();
    while (at < entries.length) {
      const length = ((entries[at] ?? 0) << 8) | (entries[at + 1] ?? 0);
      const type = entries[at + 3];
      if (type === 5 || type === 8) {
        for (let place = at + 5; place < at + 2 + length; place += 40) codes.add((await failure(open(flipped(entries, place)))).code);
      }
      at += 2 + length;
    }
    expect([...codes].sort()).toEqual(expect.arrayContaining(['signature', 'unconfirmed']));
    expect(codes.has('no_joint_key')).toBe(false);
  });

  test('typing errors in a voting code are found where they are', async () => {
    const [code = ''] = fixture.codes;
    await expect(booth.call('check_voting_code', { code: code.toLowerCase().replaceAll('-', ' ') })).resolves.toBeNull();
    const wrong = await failure(booth.call('check_voting_code', { code: `${code.slice(0, 5)}#${code.slice(6)}` }));
    expect(wrong).toMatchObject({ code: 'code_character', position: 5, found: '#' });
    expect((await failure(booth.call('check_voting_code', { code: code.slice(0, -2) }))).code).toBe('code_length');
    const swapped = code.startsWith('0') ? `1${code.slice(1)}` : `0${code.slice(1)}`;
    expect((await failure(booth.call('check_voting_code', { code: swapped }))).code).toBe('code_check_symbol');
  });

  test('codes of somebody else, too few codes and another style are refused', async () => {
    expect((await failure(enter(fixture.other_codes))).code).toBe('other_credential');
    expect((await failure(enter(fixture.codes.slice(0, 1)))).code).toBe('code_count');
    expect((await failure(enter(fixture.codes, fixture.voter, 0))).code).toBe('style');
    expect((await failure(enter(fixture.codes, 4000))).code).toBe('not_in_roll');
  });

  test('encrypt and cast: a ballot is decided about once', async () => {
    const { credential, in_roll } = await enter(fixture.codes);
    expect(in_roll).toBe(true);
    const selections = [
      { kind: 'choose_one' as const, option: 1 },
      { kind: 'rank' as const, options: [2, 0] },
    ];
    const { ballot, code } = await booth.call('encrypt', { credential, selections });
    expect(code).toMatch(/^[0-9A-Z]{4}(-[0-9A-Z]{2,4}){6}$/);
    const cast = await booth.call('cast', { ballot });
    expect(cast.code).toBe(code);
    expect(cast.entry.length).toBeGreaterThan(1000);
    expect((await failure(booth.call('cast', { ballot }))).code).toBe('handle');
    const again = await booth.call('encrypt', { credential, selections });
    expect(again.code).not.toBe(code);
    const overvote = booth.call('encrypt', { credential, selections: [{ kind: 'choose_one', option: 7 }, { kind: 'rank', options: [0] }] });
    expect(await failure(overvote)).toMatchObject({ code: 'selection', position: 0 });
  });

  test('a challenge shows on another device what was encrypted, and nothing else', async () => {
    const { credential } = await enter(fixture.codes);
    const selections = [
      { kind: 'choose_one' as const, option: 0 },
      { kind: 'rank' as const, options: [1] },
    ];
    const { ballot, code } = await booth.call('encrypt', { credential, selections });
    const { opening } = await booth.call('challenge', { ballot });
    const device = await start('booth-score');
    const other = await device.call('open_election', { bundles: [bundle(fixture.board)], expected });
    const check = (of: Uint8Array, with_code: string) => device.call('check_opening', { election: other.election, code: with_code, opening: of });
    const opened = await check(opening, code.toLowerCase());
    expect(opened.selections).toEqual(selections);
    expect(opened).toMatchObject({ style: fixture.style, index: fixture.voter });
    // The opening of another choice under the code that was shown.
    const second = await booth.call('encrypt', { credential, selections: [{ kind: 'choose_one', option: 1 }, { kind: 'rank', options: [1] }] });
    const cheating = await booth.call('challenge', { ballot: second.ballot });
    expect((await failure(check(cheating.opening, code))).code).toBe('opening_mismatch');
    for (let at = 0; at < opening.length; at += 23) {
      expect(['opening', 'opening_mismatch', 'style']).toContain((await failure(check(flipped(opening, at), code))).code);
    }
  });

  test('an acknowledgement binds the server to this very ballot', async () => {
    const [entry, acknowledgement] = [bytes(fixture.ballot), bytes(fixture.acknowledgement)];
    const verify = (sent: Uint8Array, answer: Uint8Array) => booth.call('verify_acknowledgement', { election, entry: sent, acknowledgement: answer });
    expect((await verify(entry, acknowledgement)).deadline).toBeGreaterThan(1_700_000_000);
    for (let at = 0; at < acknowledgement.length; at += 7) {
      expect(['acknowledgement', 'other_ballot']).toContain((await failure(verify(entry, flipped(acknowledgement, at)))).code);
    }
    const { credential } = await enter(fixture.codes);
    const { ballot } = await booth.call('encrypt', { credential, selections: [{ kind: 'choose_one', option: 0 }, { kind: 'rank', options: [0] }] });
    const mine = await booth.call('cast', { ballot });
    expect((await failure(verify(mine.entry, acknowledgement))).code).toBe('other_ballot');
  });

  test('a destroyed handle stands for nothing', async () => {
    const { credential } = await enter(fixture.codes);
    await booth.call('destroy', { handle: credential });
    expect((await failure(booth.call('encrypt', { credential, selections: [] }))).code).toBe('handle');
    expect((await failure(booth.call('destroy', { handle: credential }))).code).toBe('handle');
  });
});

describe('an observer', () => {
  const board = (files: Files): FetchFile => (path) => Promise.resolve(path in files ? bytes(files[path] ?? '') : null);

  test.each([0, 2])('follows a growing record to its result with %d helpers', async (count) => {
    const main = await start('observer');
    const helpers = await Promise.all(Array.from({ length: count }, () => start('observer')));
    let files = fixture.early;
    const follower = await Follower.start(main, helpers, (path) => board(files)(path), { vkey: fixture.vkey, codes: [fixture.ballot_code] });
    const early = await follower.refresh();
    expect(early).toMatchObject({ read: fixture.early_size, root: fixture.early_root, phase: 'voting', up_to_date: true, fatal: false });
    files = fixture.board;
    const late = await follower.refresh();
    expect(late).toMatchObject({ phase: 'finished', up_to_date: true, alarm: null });
    expect(await follower.compare(fixture.early_size, fixture.early_root)).toBe(true);
    expect(await follower.compare(fixture.early_size, late.root ?? '')).toBe(false);
    const report = await main.call('observer_report', { observer: follower.handle });
    expect(report.verdict).toBe('pass');
    expect(report.checks.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(report.codes.map(({ kind }) => kind)).toEqual(['counted']);
    const results = await main.call('observer_results', { observer: follower.handle });
    expect(results.counted).toBe(late.counted);
    expect(results.contests.every(({ status }) => status !== null)).toBe(true);
    const { events } = await main.call('observer_events', { observer: follower.handle, skip: 0 });
    expect(events[0]?.entry_type).toBe('manifest');
    expect(events.at(-1)?.entry_type).toBe('result');
  });

  test('a spoilt file fails check 1, a fork is an alarm with evidence', async () => {
    const main = await start('observer');
    const [path = ''] = Object.keys(fixture.board).filter((name) => name.startsWith('tile/entries/'));
    const spoilt = { ...fixture.board, [path]: (fixture.board[path] ?? '').replace(/.$/, (digit) => (digit === '0' ? '1' : '0')) };
    const follower = await Follower.start(main, [], board(spoilt), { vkey: fixture.vkey });
    expect((await follower.refresh()).stopped).not.toBeNull();
    const report = await main.call('observer_report', { observer: follower.handle });
    expect(report.verdict).toBe('fail');
    expect(report.checks[0]?.outcome).toBe('fail');

    let files = fixture.early;
    const second = await Follower.start(main, [], (name) => board(files)(name), { vkey: fixture.vkey });
    await second.refresh();
    files = fixture.forked;
    const { alarm } = await second.refresh();
    expect(alarm?.reason).toBe('forked');
    expect(Buffer.from(alarm?.found ?? []).toString('hex')).toBe(fixture.forked['checkpoint']);
  });
});

/** Visits of an observer with the real module and boards that were really signed: grown, forked, rolled back. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { complete } from '../../../wasm/complete';
import { type Operation, type Response, WasmModule } from '../../../wasm/module';
import type { Operator, PageRequest } from '../../../wasm/ops';
import { EvidenceStore, type Keep } from './evidence';
import { Memory } from './memory';
import { Watch, type WatchOptions } from './watch';

// Whole records are verified, some of them several times.
vi.setConfig({ testTimeout: 60_000 });

const web = resolve(import.meta.dirname, '../../../..');
type Files = Record<string, string>;
const fixture = JSON.parse(readFileSync(join(web, 'tests/unit/wasm-election.json'), 'utf8')) as { vkey: string; early_size: number; early_root: string; early: Files; forked: Files; board: Files };
const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));
const checkpointOf = (files: Files): string => Buffer.from(files['checkpoint'] ?? '', 'hex').toString();

class Here implements Operator {
  constructor(private readonly module: WasmModule) {}
  call<K extends Operation>(operation: K, request: PageRequest<K>): Promise<Response<K>> {
    return new Promise((done) => done(this.module.call(operation, complete(operation, request))));
  }
}

async function start(): Promise<{ main: Operator; helpers: Operator[]; stop: () => void }> {
  const path = join(web, 'dist-wasm/observer.wasm');
  if (!existsSync(path)) throw new Error(`${path} is missing: run \`make wasm\``);
  return { main: new Here(await WasmModule.start(readFileSync(path))), helpers: [], stop: () => undefined };
}

/** A browser: what it keeps, and what the board shows it. */
class Browser {
  files: Files = fixture.early;
  broken = false;
  readonly #values = new Map<string, string>();
  readonly #keep: Keep = { getItem: (key) => this.#values.get(key) ?? null, setItem: (key, value) => void this.#values.set(key, value), removeItem: (key) => void this.#values.delete(key) };

  visit(options: Partial<WatchOptions> = {}): Watch {
    const fetchFile = (path: string): Promise<Uint8Array | null> => (this.broken ? Promise.reject(new TypeError('Failed to fetch')) : Promise.resolve(path in this.files ? bytes(this.files[path] ?? '') : null));
    return new Watch({ vkey: fixture.vkey, board: 'https://host/board/', fetchFile, start, memory: new Memory(this.#keep, 'board'), evidence: new EvidenceStore(this.#keep, 'board'), ...options });
  }
}

const kinds = (watch: Watch): string[] => watch.state.get().evidence.map(({ kind }) => kind);

describe('a visit', () => {
  test('follows to the result and describes what it verified', async () => {
    const browser = new Browser();
    const watch = browser.visit();
    await watch.look();
    expect(watch.state.get()).toMatchObject({ stage: 'following', trouble: null, shown: { size: fixture.early_size, root: fixture.early_root }, evidence: [] });
    browser.files = fixture.board;
    await watch.look();
    const { report, manifest, results, events } = watch.state.get();
    expect(report?.verdict).toBe('pass');
    expect(manifest?.contests).toHaveLength(4);
    expect(results?.contests.every(({ status }) => status !== null)).toBe(true);
    expect(events.map(({ entry }) => entry)).toEqual([...new Set(events.map(({ entry }) => entry))].sort((a, b) => a - b));
    expect(events.at(-1)?.entry_type).toBe('result');
  });

  test('a network that breaks is trouble, not failure', async () => {
    const browser = new Browser();
    const watch = browser.visit();
    await watch.look();
    browser.broken = true;
    await watch.look();
    expect(watch.state.get()).toMatchObject({ stage: 'following', trouble: { why: 'unreachable' }, report: { verdict: 'incomplete' } });
    browser.broken = false;
    await watch.look();
    expect(watch.state.get().trouble).toBeNull();
  });

  test('a key that did not sign the board shows nothing', async () => {
    const [name = '', id = '', key = ''] = fixture.vkey.split('+');
    const other = new Browser().visit({ vkey: `${name}+${id}+${key.replace(/.(?=..$)/, (digit) => (digit === 'A' ? 'B' : 'A'))}` });
    await other.look();
    expect(['bad-key', 'not-signed']).toContain(other.state.get().trouble?.why);
    expect(other.state.get().report).toBeNull();
  });

  test('a large record waits for the visitor; watching the log verifies no ballots', async () => {
    const browser = new Browser();
    const watch = browser.visit({ limit: 10 });
    await watch.look();
    expect(watch.state.get()).toMatchObject({ stage: 'large', shown: { size: fixture.early_size }, report: null });
    await watch.choose('log');
    expect(watch.state.get()).toMatchObject({ stage: 'following', depth: 'log' });
    browser.files = fixture.forked;
    await watch.look();
    expect(kinds(watch)).toEqual(['forked']);
    browser.files = fixture.early;
    const whole = browser.visit({ limit: 10 });
    await whole.look();
    await whole.choose('all');
    expect(whole.state.get().progress?.up_to_date).toBe(true);
  });
});

describe('evidence', () => {
  test('of a board that shrinks, and stays when it is well again and on the next visit', async () => {
    const browser = new Browser();
    browser.files = fixture.board;
    const watch = browser.visit();
    await watch.look();
    browser.files = fixture.early;
    await watch.look();
    expect(watch.state.get()).toMatchObject({ behind: { size: fixture.early_size }, evidence: [{ kind: 'rolled_back', first: { note: checkpointOf(fixture.board) }, second: { note: checkpointOf(fixture.early) } }] });
    browser.files = fixture.board;
    await watch.look();
    expect(watch.state.get()).toMatchObject({ behind: null, report: { verdict: 'pass' } });
    const next = browser.visit();
    await next.look();
    expect(kinds(next)).toEqual(['rolled_back']);
    const [one] = next.state.get().evidence;
    if (one) next.dismiss(one);
    expect(kinds(browser.visit())).toEqual([]);
  });

  test('of a board that is smaller than on the last visit, until the visitor forgets that', async () => {
    const browser = new Browser();
    browser.files = fixture.board;
    await browser.visit().look();
    browser.files = fixture.early;
    const watch = browser.visit();
    await watch.look();
    expect(kinds(watch)).toEqual(['rolled_back']);
    // What the board shows now is verified all the same.
    expect(watch.state.get()).toMatchObject({ stage: 'following', report: { verdict: 'incomplete' } });
    const again = browser.visit();
    await again.look();
    expect(kinds(again)).toEqual(['rolled_back']);
    const [one] = again.state.get().evidence;
    if (one) again.dismiss(one);
    const last = browser.visit();
    await last.look();
    expect(kinds(last)).toEqual([]);
  });

  test('of a fork, during a visit and between two', async () => {
    const browser = new Browser();
    const watch = browser.visit();
    await watch.look();
    browser.files = fixture.forked;
    await watch.look();
    expect(kinds(watch)).toEqual(['forked']);
    expect(watch.state.get().report?.checks[0]?.outcome).toBe('fail');

    const other = new Browser();
    await other.visit().look();
    other.files = fixture.forked;
    const next = other.visit();
    await next.look();
    expect(next.state.get().evidence).toMatchObject([{ kind: 'forked', first: { note: checkpointOf(fixture.early) }, second: { note: checkpointOf(fixture.forked) } }]);
  });

  test('of a record that does not extend the one of the last visit', async () => {
    const browser = new Browser();
    browser.files = fixture.forked;
    await browser.visit().look();
    browser.files = fixture.board;
    const watch = browser.visit();
    await watch.look();
    expect(watch.state.get().evidence).toMatchObject([{ kind: 'inconsistent', first: { note: checkpointOf(fixture.forked) }, second: { note: checkpointOf(fixture.board) } }]);
    // It never counts as seen: the next visit says so again even if the evidence was lost.
    const next = browser.visit({ evidence: new EvidenceStore({ getItem: () => null, setItem: () => undefined, removeItem: () => undefined }, 'board') });
    await next.look();
    expect(kinds(next)).toEqual(['inconsistent']);
  });
});

describe('what others saw', () => {
  test('equal, extended, ahead and split', async () => {
    const browser = new Browser();
    const watch = browser.visit();
    await watch.look();
    expect((await watch.compareNote(checkpointOf(fixture.early))).outcome).toBe('equal');
    expect((await watch.compareNote(checkpointOf(fixture.board))).outcome).toBe('ahead');
    browser.files = fixture.board;
    await watch.look();
    // Compared again as the record grew.
    expect(watch.state.get().comparisons.map(({ outcome }) => outcome)).toEqual(['extends', 'equal']);
    expect((await watch.compare({ size: fixture.early_size, root: fixture.early_root, note: null })).outcome).toBe('extends');
    expect(kinds(watch)).toEqual([]);
    expect((await watch.compareNote(checkpointOf(fixture.forked))).outcome).toBe('split');
    expect((await watch.compare({ size: fixture.early_size, root: watch.state.get().shown?.root ?? '', note: null })).outcome).toBe('split');
    expect(kinds(watch)).toEqual(['inconsistent', 'elsewhere']);
    const forged = checkpointOf(fixture.early).replace(`\n${String(fixture.early_size)}\n`, `\n${String(fixture.early_size - 1)}\n`);
    await expect(watch.compareNote(forged)).rejects.toMatchObject({ code: 'checkpoint' });
  });
});

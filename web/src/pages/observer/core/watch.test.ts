/** Visits of an observer with the real module and boards that were really signed: grown, forked, rolled back. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { complete } from '../../../wasm/complete';
import { BoardRefused } from '../../../wasm/follow';
import { type Operation, OperationError, type Response, WasmModule } from '../../../wasm/module';
import type { Operator, PageRequest } from '../../../wasm/ops';
import { evidenceFile, EvidenceStore, type Keep } from './evidence';
import { Memory } from './memory';
import { NotReadable, Watch, type WatchOptions } from './watch';

// Whole records are verified, some of them several times.
vi.setConfig({ testTimeout: 60_000 });

const web = resolve(import.meta.dirname, '../../../..');
type Files = Record<string, string>;
const fixture = JSON.parse(readFileSync(join(web, 'tests/unit/wasm-election.json'), 'utf8')) as { vkey: string; early_size: number; early_root: string; early: Files; forked: Files; board: Files; ballot_code: string; acknowledgement: string };
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
  /** Whether the board shows its checkpoint and no file under it: refused, or said not to be there. */
  withheld: 'refused' | 'denied' | null = null;
  readonly #values = new Map<string, string>();
  readonly #keep: Keep = { getItem: (key) => this.#values.get(key) ?? null, setItem: (key, value) => void this.#values.set(key, value), removeItem: (key) => void this.#values.delete(key) };

  visit(options: Partial<WatchOptions> = {}): Watch {
    const fetchFile = (path: string): Promise<Uint8Array | null> => {
      if (path !== 'checkpoint' && this.withheld === 'refused') return Promise.reject(new BoardRefused(path, 503));
      if (path !== 'checkpoint' && this.withheld === 'denied') return Promise.resolve(null);
      return this.broken ? Promise.reject(new TypeError('Failed to fetch')) : Promise.resolve(path in this.files ? bytes(this.files[path] ?? '') : null);
    };
    return new Watch({ vkey: fixture.vkey, board: 'https://host/board/', fetchFile, start, memory: new Memory(this.#keep, 'board'), evidence: new EvidenceStore(this.#keep, 'board'), ...options });
  }
}

interface Consistency {
  old_size: number;
  old_root_signed: string;
  old_root_here: string;
  new_size: number;
  new_root: string;
  proof: string[];
}

/** What a third person does with the evidence: RFC 9162, section 2.1.4.2, written from its text. */
function holds({ old_size: old, new_size: size, new_root: newRoot, proof }: Consistency, oldRoot: string): boolean {
  const hash = (left: Buffer, right: Buffer): Buffer => createHash('sha256').update(Buffer.concat([Buffer.of(1), left, right])).digest();
  const path = proof.map((one) => Buffer.from(one, 'base64'));
  if ((old & (old - 1)) === 0) path.unshift(Buffer.from(oldRoot, 'base64'));
  let [fn, sn] = [old - 1, size - 1];
  while (fn & 1) [fn, sn] = [fn >> 1, sn >> 1];
  let [fr, sr]: [Buffer, Buffer] = [path[0] ?? Buffer.alloc(0), path[0] ?? Buffer.alloc(0)];
  for (const one of path.slice(1)) {
    if (sn === 0) return false;
    if (fn & 1 || fn === sn) {
      [fr, sr] = [hash(one, fr), hash(one, sr)];
      while (!(fn & 1) && fn !== 0) [fn, sn] = [fn >> 1, sn >> 1];
    } else sr = hash(sr, one);
    [fn, sn] = [fn >> 1, sn >> 1];
  }
  return fr.toString('base64') === oldRoot && sr.toString('base64') === newRoot && sn === 0;
}

/** The part of an evidence file that proves that the larger tree begins otherwise. */
const consistencyOf = (watch: Watch): Consistency | undefined => {
  const [one] = watch.state.get().evidence;
  return one ? (JSON.parse(evidenceFile(one).text) as { consistency?: Consistency }).consistency : undefined;
};

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

  test('a board that shows the same again does not look new', async () => {
    const browser = new Browser();
    let now = 1_000;
    const watch = browser.visit({ now: () => now });
    await watch.look();
    now = 900_000;
    await watch.look();
    expect(watch.state.get().shown).toMatchObject({ at: 900_000, since: 1_000 });
    browser.files = fixture.board;
    await watch.look();
    expect(watch.state.get().shown).toMatchObject({ at: 900_000, since: 900_000 });
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
    const proof = consistencyOf(watch);
    if (!proof) throw new Error('the evidence has no proof');
    expect([proof.old_root_signed, proof.old_root_here]).toEqual([watch.state.get().evidence[0]?.first.root, fixture.early_root]);
    expect(holds(proof, proof.old_root_here)).toBe(true);
    expect(holds(proof, proof.old_root_signed)).toBe(false);
    // It never counts as seen: the next visit says so again even if the evidence was lost.
    const next = browser.visit({ evidence: new EvidenceStore({ getItem: () => null, setItem: () => undefined, removeItem: () => undefined }, 'board') });
    await next.look();
    expect(kinds(next)).toEqual(['inconsistent']);
  });
});

describe('a fork whose files are withheld', () => {
  const split = [{ kind: 'inconsistent', first: { note: checkpointOf(fixture.forked) }, second: { note: checkpointOf(fixture.board) } }];
  /** A visit to which only the fork's checkpoint was shown. */
  const shownFork = async (browser: Browser, options: Partial<WatchOptions> = {}): Promise<Watch> => {
    browser.files = fixture.forked;
    browser.withheld = 'refused';
    const watch = browser.visit(options);
    await watch.look();
    expect(watch.state.get()).toMatchObject({ unconfirmed: { notes: [checkpointOf(fixture.forked)], dropped: 0 }, evidence: [] });
    return watch;
  };
  const showHonest = (browser: Browser): void => {
    browser.withheld = null;
    browser.files = fixture.board;
  };

  test('is compared with the record that the same visit sees next', async () => {
    const browser = new Browser();
    const watch = await shownFork(browser);
    expect(watch.state.get().trouble).toEqual({ why: 'unreachable' });
    showHonest(browser);
    await watch.look();
    expect(watch.state.get()).toMatchObject({ evidence: split, report: { verdict: 'fail' } });
    const proof = consistencyOf(watch);
    if (!proof) throw new Error('the evidence has no proof');
    expect([holds(proof, proof.old_root_here), holds(proof, proof.old_root_signed)]).toEqual([true, false]);
  });

  test('is compared on the next visit, also where the board denied its files or was watched only', async () => {
    const browser = new Browser();
    await shownFork(browser);
    showHonest(browser);
    const next = browser.visit();
    await next.look();
    expect(next.state.get()).toMatchObject({ evidence: split, report: { verdict: 'fail' } });
    // Evidence stands until it is removed; what the board shows is then verified by itself.
    const third = browser.visit();
    await third.look();
    expect(third.state.get()).toMatchObject({ evidence: split, report: { verdict: 'pass' } });

    const denied = new Browser();
    denied.files = fixture.forked;
    denied.withheld = 'denied';
    const stopped = denied.visit();
    await stopped.look();
    expect(stopped.state.get().stage).toBe('stopped');
    showHonest(denied);
    const again = denied.visit({ limit: 10 });
    await again.look();
    await again.choose('log');
    expect(again.state.get().evidence).toMatchObject(split);

    // The visitor never decided to read it.
    const undecided = new Browser();
    await shownFork(undecided, { limit: 10 });
    showHonest(undecided);
    const last = undecided.visit();
    await last.look();
    expect(last.state.get().evidence).toMatchObject(split);
  });

  test('is an alarm at once when another tree of its size is shown', async () => {
    const browser = new Browser();
    const watch = await shownFork(browser);
    browser.files = fixture.early;
    await watch.look();
    expect(watch.state.get().evidence).toMatchObject([{ kind: 'forked', first: { note: checkpointOf(fixture.forked) }, second: { note: checkpointOf(fixture.early) } }]);
  });

  test('stays with the evidence until the visitor removes it', async () => {
    const browser = new Browser();
    await shownFork(browser);
    // It cannot be compared with less than it has; the alarm is of the record that shrank.
    const watch = browser.visit();
    browser.files = fixture.board;
    await watch.look();
    browser.withheld = null;
    browser.files = fixture.early;
    await watch.look();
    const { evidence, unconfirmed } = watch.state.get();
    const [one] = evidence;
    if (!one) throw new Error('there is no evidence');
    const saved = JSON.parse(evidenceFile(one, unconfirmed.notes).text) as { unconfirmed: string[] };
    expect(saved.unconfirmed).toContain(checkpointOf(fixture.forked));
    for (const found of evidence) watch.dismiss(found);
    expect(watch.state.get().unconfirmed.notes).toEqual([]);
    const next = browser.visit();
    await next.look();
    expect(kinds(next)).toEqual([]);
  });

  test('too many of them are counted until the visitor has read it, also on the next visit', async () => {
    const browser = new Browser();
    const workers = await start();
    const honest = workers.main.call.bind(workers.main);
    // web/wasm/tests/observer.rs floods an observer with hundreds of them.
    workers.main.call = async (operation, request) => {
      const response = await honest(operation, request);
      return operation === 'observer_unconfirmed' ? { ...(response as object), dropped: 3 } as typeof response : response;
    };
    const watch = browser.visit({ start: () => Promise.resolve(workers) });
    await watch.look();
    await watch.look();
    expect(watch.state.get().unconfirmed).toEqual({ notes: [], dropped: 3 });
    const next = browser.visit();
    expect(next.state.get().unconfirmed.dropped).toBe(3);
    next.dismissDropped();
    expect([next, browser.visit()].map((one) => one.state.get().unconfirmed.dropped)).toEqual([0, 0]);
  });

  test('an honest board that did not answer for a while is confirmed and leaves nothing behind', async () => {
    const browser = new Browser();
    browser.withheld = 'refused';
    const watch = browser.visit();
    await watch.look();
    browser.files = fixture.board;
    await watch.look();
    expect(watch.state.get().unconfirmed.notes).toEqual([checkpointOf(fixture.early), checkpointOf(fixture.board)]);
    browser.withheld = null;
    await watch.look();
    expect(watch.state.get()).toMatchObject({ unconfirmed: { notes: [], dropped: 0 }, evidence: [], report: { verdict: 'pass' } });
    expect(browser.visit().state.get().unconfirmed.notes).toEqual([]);
  });
});

describe('what is looked for', () => {
  const acknowledgement = { name: 'ack', bytes: bytes(fixture.acknowledgement) };

  test('a code and an acknowledgement that are in the record, and a code that is not', async () => {
    const browser = new Browser();
    const watch = browser.visit();
    await watch.look();
    expect(watch.state.get().report?.checks[11]?.outcome).toBe('not_checked');
    await watch.lookFor({ codes: [fixture.ballot_code], acknowledgements: [acknowledgement] });
    expect(watch.state.get()).toMatchObject({ stage: 'following', report: { codes: [{ kind: 'counted' }], acknowledged: [true] } });
    // Of the very same form, and of nobody's ballot.
    const other = fixture.ballot_code.replace(/^./, (digit) => (digit === '0' ? '1' : '0'));
    await watch.lookFor({ codes: [other], acknowledgements: [] });
    browser.files = fixture.board;
    await watch.look();
    const { report } = watch.state.get();
    expect(report?.codes).toEqual([{ kind: 'not_found' }]);
    expect(report?.checks[11]?.outcome).toBe('fail');
    expect(kinds(watch)).toEqual([]);
  });

  test('what cannot be read is named, and the reading goes on', async () => {
    const watch = new Browser().visit();
    await watch.look();
    await expect(watch.lookFor({ codes: [fixture.ballot_code, 'no-code'], acknowledgements: [] })).rejects.toEqual(new NotReadable('no-code'));
    await expect(watch.lookFor({ codes: [], acknowledgements: [{ name: 'note.txt', bytes: new Uint8Array(3) }] })).rejects.toEqual(new NotReadable('note.txt'));
    expect(watch.state.get()).toMatchObject({ stage: 'following', given: { codes: [] }, report: { verdict: 'incomplete' } });
  });

  test('a board that shrinks while it is read anew is a rollback all the same', async () => {
    const browser = new Browser();
    browser.files = fixture.board;
    const watch = browser.visit();
    await watch.look();
    browser.files = fixture.early;
    await watch.lookFor({ codes: [fixture.ballot_code], acknowledgements: [] });
    expect(kinds(watch)).toEqual(['rolled_back']);
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

  test('a file that is spoilt while roots are compared is no difference', async () => {
    const workers = await start();
    const honest = workers.main.call.bind(workers.main);
    let spoilt = false;
    // A record of less than 256 entries has no files that only comparisons read: web/wasm/tests/observer.rs has one.
    workers.main.call = (operation, request) => (spoilt && operation === 'observer_compare' ? Promise.reject(new OperationError(operation, { code: 'spoilt', detail: 'tile/0/001', place: null, position: null, expected: null, found: null })) : honest(operation, request));
    const watch = new Browser().visit({ start: () => Promise.resolve(workers) });
    await watch.look();
    spoilt = true;
    expect((await watch.compareNote(checkpointOf(fixture.early))).outcome).toBe('spoilt');
    expect(kinds(watch)).toEqual([]);
  });

  test('a root as words: one for each byte, in both languages', async () => {
    const watch = new Browser().visit();
    await watch.look();
    const { shown } = watch.state.get();
    expect([shown?.words.ko.length, shown?.words.en.length]).toEqual([32, 32]);
    // The first byte of the root is the place of the first word in the list.
    const lists = readFileSync(join(web, '../ledger/src/words.rs'), 'utf8').split('const ENGLISH')[1] ?? '';
    const words = (/"([^"]+)"/.exec(lists)?.[1] ?? '').replace(/\\\n/g, '').split(/\s+/);
    expect(shown?.words.en).toEqual([...Buffer.from(fixture.early_root, 'base64')].map((byte) => words[byte]));
  });
});

/** What the runner sends, takes over and refuses: the whole booth, with a server and a worker that the tests play. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { encode } from '../../../wasm/cbor';
import type { Manifest } from '../../../wasm/messages';
import { WorkerBroken } from '../../../wasm/client';
import { OperationError } from '../../../wasm/ops';
import { nextCounter } from './counter';
import type { PersonalLink } from './link';
import { type Event, type Stage } from './machine';
import { Booth, type Crypto, PATIENCE } from './run';
import { Server } from './server';
import { CLOSES, manifest, NOW, OPENS, session } from './testing';

beforeEach(() => vi.stubGlobal('Worker', vi.fn()));

/** Contest 0 for style 0, contest 1 for style 1: their selections have the same form. */
const question: Manifest['contests'][number] = { ...manifest().contests[0], title: { ko: '', en: '' }, options: [{ ko: '찬성', en: '' }, { ko: '반대', en: '' }], rules: { kind: 'choose_one', blank: true }, decision: 'majority', seats: 1 };
const record = manifest({ contests: [question, question], styles: [0, 1].map((contest) => ({ title: { ko: '', en: '' }, contests: [contest] })) });

type Reply = (path: string, init: RequestInit) => unknown;
type Operation = (request: never) => unknown;

const token = (change: object = {}) => ({ token: 'T', expires_at: new Date((NOW + 1800) * 1000).toISOString(), credential_index: session.credential, style: 0, unit: 0, has_cast: false, last_counter: 0, ...change });

/** An honest server and worker. */
const HONEST: Record<string, Reply> = {
  '/public': () => ({ manifest_hash: '07'.repeat(32), phase: 'open', schedule: { opens: 0, closes: CLOSES } }),
  '/booth?credential=': () => ({ manifest_hash: '', manifest: 0, confirmations: [], credential: { credential: session.credential, index: 5 } }),
  '/booth': () => ({ manifest_hash: '', manifest: 0, joint_key: 3, confirmations: [] }),
  '/entries/': () => encode([2, []]),
  '/voter/identify': () => ({}),
  '/voter/session/extend': () => token(),
  '/voter/session': () => token(),
};
const WORKER: Record<string, Operation> = {
  open_election: () => ({ election: 1, manifest: record, joint_key: new Uint8Array(32) }),
  enter_credential: ({ style }: { style: number }) => ({ credential: 2, public: new Uint8Array(32), style, in_roll: true, weight: 1, unit: 0 }),
  encrypt: () => ({ ballot: 3, code: 'CODE', full_code: 'CODE-WHOLE' }),
  destroy: () => null,
};

function open(replies: Record<string, Reply> = {}, operations: Record<string, Operation> = {}, { link = null, kept = null }: { link?: PersonalLink | null; kept?: string | null } = {}) {
  const calls: { operation: string; request: object }[] = [];
  const workers = { started: 0, stopped: 0 };
  const server = new Server('city', 'meals', {
    fetch: (address, init = {}) => {
      const path = typeof address === 'string' ? address : '';
      // The tests' own answers first, then the longest path that fits.
      const reply = [replies, HONEST].flatMap((of) => Object.entries(of)).find(([part]) => path.includes(part))?.[1];
      if (reply === undefined) return Promise.reject(new TypeError(`nobody answers ${path}`));
      let body: unknown;
      try {
        body = reply(path, init);
      } catch (error) {
        return Promise.reject(error instanceof Error ? error : new Error(String(error)));
      }
      const headers = { date: new Date(NOW * 1000).toUTCString(), 'content-type': 'application/json' };
      return Promise.resolve(body instanceof Response ? body : new Response(body instanceof Uint8Array ? new Uint8Array(body) : JSON.stringify(body), { headers }));
    },
  });
  // As the browser's: one that broke answers nothing any more.
  const start = (): Crypto => {
    workers.started += 1;
    let broken: WorkerBroken | null = null;
    const call = async (operation: string, request: object): Promise<unknown> => {
      if (broken) throw broken;
      calls.push({ operation, request });
      const answer = operations[operation] ?? WORKER[operation];
      if (answer === undefined) throw new Error(`${operation} is not expected`);
      try {
        return await answer(request as never);
      } catch (error) {
        if (error instanceof WorkerBroken) broken = error;
        throw error;
      }
    };
    return { stop: () => (workers.stopped += 1), call } as unknown as Crypto;
  };
  const storage = { getItem: () => kept, setItem: () => undefined, removeItem: () => undefined };
  const booth = new Booth({ tenant: 'city', election: 'meals', server, crypto: () => Promise.resolve().then(start), storage, link });
  const at = (stage: Stage['at']) => vi.waitFor(() => expect(booth.state.get().stage).toMatchObject({ at: stage }));
  const go = async (event: Event, stage: Stage['at']) => {
    booth.dispatch(event);
    await at(stage);
  };
  return { booth, calls, workers, go, at, state: () => booth.state.get() };
}
type Opened = ReturnType<typeof open>;

async function toMarking({ at, go }: Opened): Promise<void> {
  await at('notice');
  await go({ event: 'begin' }, 'identify');
  await go({ event: 'identify', voter: 'V1' }, 'one-time-code');
  await go({ event: 'one-time-code', code: '123456' }, 'voting-code');
  await go({ event: 'voting-codes', codes: ['TYPED'] }, 'mark');
}

async function toReview(opened: Opened): Promise<void> {
  await toMarking(opened);
  await opened.go({ event: 'mark', mark: { kind: 'choose_one', option: 0 } }, 'mark');
  await opened.go({ event: 'next' }, 'review');
}

async function toSubmit(opened: Opened): Promise<void> {
  await toReview(opened);
  await opened.go({ event: 'confirm' }, 'submit');
}

const sent = ({ calls }: Opened, operation: string) => calls.filter((call) => call.operation === operation).map(({ request }) => request);

test('an honest extension gives time and nothing else', async () => {
  const later = new Date((NOW + 3600) * 1000).toISOString();
  const opened = open({ '/voter/session/extend': () => token({ expires_at: later, has_cast: true }) });
  await toMarking(opened);
  const before = opened.state();
  expect(await opened.booth.extend()).toBe('more');
  // The server's limit: the same end again.
  expect(await opened.booth.extend()).toBe('limit');
  expect(opened.state()).toEqual({ ...before, session: { ...before.session, expires: NOW + 3600 } });
});

test.each([429, 503])('an extension that is refused for now (%i) gives no time and ends nothing', async (status) => {
  const opened = open({ '/voter/session/extend': () => new Response('{}', { status }) });
  await toMarking(opened);
  const before = opened.state();
  expect(await opened.booth.extend()).toBe('unanswered');
  expect(opened.state()).toEqual(before);
});

test('a server that extends the session with another ballot style gets no vote', async () => {
  const opened = open({ '/voter/session/extend': () => token({ style: 1 }) });
  await toMarking(opened);
  await opened.booth.extend();
  expect(opened.state()).toMatchObject({ stage: { at: 'stopped', stop: { why: 'bad-record' } }, session: null, marks: {} });
  await vi.waitFor(() => expect(sent(opened, 'destroy')).toEqual([{ handle: 2 }]));
});

test('marks of other contests than the credential’s are never encrypted', async () => {
  const opened = open();
  await toMarking(opened);
  // However the page came to show another style.
  opened.booth.state.set({ ...opened.state(), style: 1 });
  await opened.go({ event: 'mark', mark: { kind: 'choose_one', option: 0 } }, 'mark');
  await opened.go({ event: 'next' }, 'review');
  opened.booth.dispatch({ event: 'confirm' });
  await vi.waitFor(() => expect(opened.state().stage).toMatchObject({ at: 'review', trouble: { kind: 'failed' } }));
  expect(sent(opened, 'encrypt')).toEqual([]);
});

test('the marks of the credential’s contests are encrypted', async () => {
  const opened = open();
  await toSubmit(opened);
  expect(sent(opened, 'encrypt')).toMatchObject([{ credential: 2, selections: [{ kind: 'choose_one', option: 0 }] }]);
});

/** Breaks the worker as often as told, then answers as the honest one does. */
function breaking(operation: string, times: number, text = 'RuntimeError: unreachable executed'): Operation {
  let left = times;
  return (request) => {
    left -= 1;
    if (left >= 0) throw new WorkerBroken(text);
    return WORKER[operation]?.(request);
  };
}

describe('a worker that breaks', () => {
  test('while the record is opened is started anew at the next attempt', async () => {
    const opened = open({}, { open_election: breaking('open_election', 1, 'TypeError: Failed to fetch') });
    await opened.at('stopped');
    expect(opened.state().stage).toMatchObject({ stop: { why: 'unreachable' } });
    await opened.go({ event: 'again' }, 'notice');
    expect(opened.workers).toEqual({ started: 2, stopped: 1 });
  });

  test('while a ballot is settled keeps nobody from settling it', async () => {
    const manifest = '07'.repeat(32);
    const ballots = { '/ballots/': () => new Response('receipt') };
    const receipts = { index: 42, kind: 'cast', full_code: 'CODE-WHOLE' };
    let proofs = 0;
    const verify: Operation = () => {
      proofs += 1;
      if (proofs === 1) throw new WorkerBroken('RuntimeError: unreachable executed');
      return receipts;
    };
    // It breaks at the proof, and the one after it while it opens the record again.
    const record = breaking('open_election', 1);
    const opened = open(ballots, { verify_receipt: verify, open_election: (request) => (proofs === 1 ? record : WORKER['open_election'])?.(request) }, { kept: JSON.stringify({ manifest, code: 'CODE', entry: btoa('entry') }) });
    await vi.waitFor(() => expect(opened.state().stage).toEqual({ at: 'settling', tries: 1 }));
    opened.booth.dispatch({ event: 'retry' });
    await vi.waitFor(() => expect(opened.state().stage).toEqual({ at: 'settling', tries: 2 }));
    await opened.go({ event: 'retry' }, 'recorded');
    expect(opened.workers).toEqual({ started: 3, stopped: 2 });
  });
});

describe('a worker that crashes with the credential', () => {
  const MARKS = { 0: { kind: 'choose_one', option: 0 } };
  const enterAgain = async ({ go, state }: Opened): Promise<void> => {
    expect(state()).toMatchObject({ stage: { busy: false, trouble: { kind: 'crashed' } }, codes: [false], marks: MARKS, ballot: null });
    await go({ event: 'voting-codes', codes: ['TYPED'] }, 'review');
    expect(state().marks).toEqual(MARKS);
    await go({ event: 'confirm' }, 'submit');
  };

  test.each(['encrypt', 'cast', 'challenge'] as const)('at %s has the code typed again, and the marks are kept', async (operation) => {
    const opened = open({}, { [operation]: breaking(operation, 1) });
    if (operation === 'encrypt') await toReview(opened);
    else await toSubmit(opened);
    await opened.go({ event: operation === 'encrypt' ? 'confirm' : operation }, 'voting-code');
    await enterAgain(opened);
    expect(opened.workers).toEqual({ started: 2, stopped: 1 });
  });

  test('noticed when the choices are changed: likewise', async () => {
    const opened = open({}, { destroy: breaking('destroy', 1) });
    await toSubmit(opened);
    await opened.go({ event: 'reconsider' }, 'review');
    await opened.at('voting-code');
    await enterAgain(opened);
  });

  test('while a challenge is posted: at the next ballot', async () => {
    const challenge = () => ({ code: 'CODE', opening: new Uint8Array(1), entry: new Uint8Array([9]) });
    const opened = open({ '/challenges': () => ({}), '/ballots/': () => new Response('receipt') }, { challenge, verify_receipt: () => { throw new WorkerBroken('gone'); } });
    await toSubmit(opened);
    await opened.go({ event: 'challenge' }, 'challenged');
    opened.booth.dispatch({ event: 'post' });
    await vi.waitFor(() => expect(opened.state().stage).toMatchObject({ posting: 'failed' }));
    await opened.go({ event: 'reconsider' }, 'review');
    await opened.go({ event: 'confirm' }, 'voting-code');
    await enterAgain(opened);
  });

  test('while the code is entered is no fault of the record', async () => {
    const opened = open({}, { enter_credential: breaking('enter_credential', 1) });
    const { at, go, state } = opened;
    await at('notice');
    await go({ event: 'begin' }, 'identify');
    await go({ event: 'identify', voter: 'V1' }, 'one-time-code');
    await go({ event: 'one-time-code', code: '123456' }, 'voting-code');
    opened.booth.dispatch({ event: 'voting-codes', codes: ['TYPED'] });
    await vi.waitFor(() => expect(state().stage).toMatchObject({ at: 'voting-code', busy: false, trouble: { kind: 'crashed' } }));
    await go({ event: 'voting-codes', codes: ['TYPED'] }, 'mark');
  });
});

describe('the voting code', () => {
  const LINK: PersonalLink = { manifest: '07'.repeat(32), authority: 1, index: session.credential, code: 'LINKED' };
  const CHECKED = { check_voting_code: () => null };
  const again = async ({ go }: Opened): Promise<void> => {
    await go({ event: 'again' }, 'identify');
    await go({ event: 'identify', voter: 'V1' }, 'one-time-code');
    await go({ event: 'one-time-code', code: '654321' }, 'voting-code');
  };

  test('of a link is entered once; after the session’s end it is typed', async () => {
    const opened = open({}, CHECKED, { link: LINK });
    const { at, go, booth, state } = opened;
    await at('notice');
    expect(state().codes).toEqual([true]);
    await go({ event: 'begin' }, 'identify');
    await go({ event: 'identify', voter: 'V1' }, 'one-time-code');
    await go({ event: 'one-time-code', code: '123456' }, 'mark');
    expect(state().codes).toEqual([false]);
    booth.dispatch({ event: 'session-over' });
    await again(opened);
    await vi.waitFor(() => expect(state().stage).toEqual({ at: 'voting-code', busy: false, trouble: null }));
    expect(sent(opened, 'enter_credential')).toMatchObject([{ codes: ['LINKED'] }]);
    // Nor is an empty one entered in its place.
    await go({ event: 'voting-codes', codes: ['TYPED'] }, 'mark');
    expect(sent(opened, 'enter_credential')).toMatchObject([{ codes: ['LINKED'] }, { codes: ['TYPED'] }]);
  });

  test('is kept where the network and not the worker failed', async () => {
    let down = true;
    const roll: Reply = () => {
      if (down) throw new TypeError('Failed to fetch');
      return HONEST['/entries/']?.('', {});
    };
    const opened = open({ '/entries/5': roll }, CHECKED, { link: LINK });
    const { at, go, state } = opened;
    await at('notice');
    await go({ event: 'begin' }, 'identify');
    await go({ event: 'identify', voter: 'V1' }, 'one-time-code');
    await go({ event: 'one-time-code', code: '123456' }, 'voting-code');
    await vi.waitFor(() => expect(state().stage).toMatchObject({ busy: false, trouble: { kind: 'unreachable' } }));
    expect(state().codes).toEqual([true]);
    down = false;
    await go({ event: 'voting-codes', codes: [null] }, 'mark');
    expect(sent(opened, 'enter_credential')).toMatchObject([{ codes: ['LINKED'] }]);
  });

  test('makes no credential for a session that is over', async () => {
    let ready: (answer: unknown) => void = () => undefined;
    const opened = open({}, { enter_credential: () => new Promise((resolve) => (ready = resolve)) });
    const { at, go, booth } = opened;
    await at('notice');
    await go({ event: 'begin' }, 'identify');
    await go({ event: 'identify', voter: 'V1' }, 'one-time-code');
    await go({ event: 'one-time-code', code: '123456' }, 'voting-code');
    booth.dispatch({ event: 'voting-codes', codes: ['TYPED'] });
    await vi.waitFor(() => expect(sent(opened, 'enter_credential')).toHaveLength(1));
    await go({ event: 'session-over' }, 'stopped');
    ready(WORKER['enter_credential']?.({ style: 0 } as never));
    await vi.waitFor(() => expect(sent(opened, 'destroy')).toEqual([{ handle: 2 }]));
  });
});

describe('the counter', () => {
  const counterWith = async (last: number) => {
    const opened = open({ '/voter/session': () => token({ last_counter: last }) });
    await toSubmit(opened);
    return (sent(opened, 'encrypt') as { counter: number }[])[0]?.counter;
  };

  test('is the time, or above the last one', async () => {
    const now = await counterWith(NOW - 100);
    expect(now).toBeGreaterThanOrEqual(NOW);
    expect(now).toBeLessThan(NOW + 60);
    expect(await counterWith(NOW + 5000)).toBe(NOW + 5001);
  });

  test.each([0xffff_fffe, 0xffff_ffff, 2 ** 53])('that would leave no room for later ballots is not used: %d', async (last) => {
    const opened = open({ '/voter/session': () => token({ last_counter: last }) });
    await toReview(opened);
    opened.booth.dispatch({ event: 'confirm' });
    await opened.at('stopped');
    expect(opened.state().stage).toMatchObject({ stop: { why: 'bad-record' } });
    expect(sent(opened, 'encrypt')).toEqual([]);
  });

  test('does not leave the signed hours with the server’s clock', () => {
    expect(nextCounter(record, 0xffff_ffff, 0)).toBe(CLOSES + record.grace_seconds);
    expect(nextCounter(record, 0, 0)).toBe(OPENS);
  });
});

describe('a posted challenge', () => {
  const entry = new Uint8Array([9]);
  const receipt = new Response('receipt');
  const posting = async (replies: Record<string, Reply>, verify: Operation) => {
    const opened = open(replies, { challenge: () => ({ code: 'CODE', opening: new Uint8Array(1), entry }), verify_receipt: verify });
    await toSubmit(opened);
    await opened.go({ event: 'challenge' }, 'challenged');
    opened.booth.dispatch({ event: 'post' });
    const outcome = await vi.waitFor(() => {
      const { stage } = opened.state();
      if (stage.at !== 'challenged' || stage.posting === 'busy') throw new Error('not yet');
      return stage.posting;
    }, 10_000);
    return { outcome, opened };
  };

  test('is on the board once its receipt is verified', async () => {
    const { outcome, opened } = await posting({ '/challenges': () => ({}), '/ballots/CODE-WHOLE': () => receipt.clone() }, () => ({ kind: 'challenged' }));
    expect(outcome).toBe('posted');
    expect(sent(opened, 'verify_receipt')).toMatchObject([{ code: 'CODE-WHOLE', entry }]);
  });

  test('with a receipt that proves nothing is not', async () => {
    const { outcome } = await posting({ '/challenges': () => ({}), '/ballots/': () => receipt.clone() }, () => {
      throw new OperationError('verify_receipt', { code: 'receipt_refused', detail: '', place: null, position: null, expected: null, found: null });
    });
    expect(outcome).toBe('unproven');
  });

  test('that the server does not take failed, as does one that never reached it', async () => {
    expect((await posting({ '/challenges': () => new Response('{}', { status: 409 }) }, () => null)).outcome).toBe('failed');
    expect((await posting({}, () => null)).outcome).toBe('failed');
  });

  test('that nobody finds is not said to be posted', async () => {
    const real = performance.now.bind(performance);
    let passed = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => real() + passed);
    const { outcome } = await posting({ '/challenges': () => ({}), '/ballots/': () => {
      passed = 60_000;
      return new Response('{"code":"not-found"}', { status: 404 });
    } }, () => null);
    clock.mockRestore();
    expect(outcome).toBe('late');
  });
});

test('a ballot is late by the device’s own clock, however far its deadline', async () => {
  const entry = new Uint8Array([1]);
  const opened = open({ '/ballots/': () => new Response('{}', { status: 503 }), '/ballots': () => new Uint8Array([2]) }, { cast: () => ({ entry, code: 'CODE' }), verify_acknowledgement: () => ({ deadline: NOW + 1e9 }) });
  await toSubmit(opened);
  const before = performance.now();
  await opened.go({ event: 'cast' }, 'recording');
  opened.booth.close();
  const { alarm } = opened.state();
  expect(alarm).toBeGreaterThanOrEqual(before + PATIENCE * 1000);
  expect(alarm).toBeLessThanOrEqual(performance.now() + PATIENCE * 1000);
});

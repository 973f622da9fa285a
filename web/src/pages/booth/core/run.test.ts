/** What the runner sends, takes over and refuses: the whole booth, with a server and a worker that the tests play. */
import { beforeEach, expect, test, vi } from 'vitest';
import { encode } from '../../../wasm/cbor';
import type { Manifest } from '../../../wasm/messages';
import { type Event, type Stage } from './machine';
import { Booth, type Crypto } from './run';
import { Server } from './server';
import { CLOSES, manifest, NOW, session } from './testing';

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

function open(replies: Record<string, Reply> = {}, operations: Record<string, Operation> = {}) {
  const calls: { operation: string; request: object }[] = [];
  const server = new Server('city', 'meals', {
    fetch: (address, init = {}) => {
      const path = typeof address === 'string' ? address : '';
      // The tests' own answers first, then the longest path that fits.
      const reply = [replies, HONEST].flatMap((of) => Object.entries(of)).find(([part]) => path.includes(part))?.[1];
      if (reply === undefined) return Promise.reject(new TypeError(`nobody answers ${path}`));
      const body = reply(path, init);
      const headers = { date: new Date(NOW * 1000).toUTCString() };
      return Promise.resolve(body instanceof Response ? body : new Response(body instanceof Uint8Array ? new Uint8Array(body) : JSON.stringify(body), { headers }));
    },
  });
  const worker = {
    stop: () => undefined,
    call: (operation: string, request: object) => {
      calls.push({ operation, request });
      const answer = operations[operation] ?? WORKER[operation];
      return answer === undefined ? Promise.reject(new Error(`${operation} is not expected`)) : Promise.resolve().then(() => answer(request as never));
    },
  } as unknown as Crypto;
  const storage = { getItem: () => null, setItem: () => undefined, removeItem: () => undefined };
  const booth = new Booth({ tenant: 'city', election: 'meals', server, crypto: () => Promise.resolve(worker), storage, link: null });
  const at = (stage: Stage['at']) => vi.waitFor(() => expect(booth.state.get().stage).toMatchObject({ at: stage }));
  const go = async (event: Event, stage: Stage['at']) => {
    booth.dispatch(event);
    await at(stage);
  };
  return { booth, calls, go, at, state: () => booth.state.get() };
}
type Opened = ReturnType<typeof open>;

async function toMarking({ at, go }: Opened): Promise<void> {
  await at('notice');
  await go({ event: 'begin' }, 'identify');
  await go({ event: 'identify', voter: 'V1' }, 'one-time-code');
  await go({ event: 'one-time-code', code: '123456' }, 'voting-code');
  await go({ event: 'voting-codes', codes: ['TYPED'] }, 'mark');
}

async function toSubmit(opened: Opened): Promise<void> {
  await toMarking(opened);
  await opened.go({ event: 'mark', mark: { kind: 'choose_one', option: 0 } }, 'mark');
  await opened.go({ event: 'next' }, 'review');
  await opened.go({ event: 'confirm' }, 'submit');
}

const sent = ({ calls }: Opened, operation: string) => calls.filter((call) => call.operation === operation).map(({ request }) => request);

test('an honest extension gives time and nothing else', async () => {
  const later = new Date((NOW + 3600) * 1000).toISOString();
  const opened = open({ '/voter/session/extend': () => token({ expires_at: later, has_cast: true }) });
  await toMarking(opened);
  const before = opened.state();
  await opened.booth.extend();
  expect(opened.state()).toEqual({ ...before, session: { ...before.session, expires: NOW + 3600 } });
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

import { beforeEach, expect, test } from 'vitest';
import { createApi, data } from './client';
import { NoAnswer, Problem } from './problem';
import { createStaff, type Staff, type Tabs, type Vault } from './staff';

/** A server that gives tokens, each refresh token once, and a list of tenants to whoever has a valid access token. */
class FakeServer {
  serial = 0;
  refresh = '';
  valid = new Set<string>();
  refreshes = 0;
  minutes = 10;
  down = false;
  /** The server's own clock. */
  now = (): number => Date.now();
  before: (path: string) => Promise<void> = () => Promise.resolve();

  send = async (request: Request): Promise<Response> => {
    if (this.down) throw new NoAnswer('no answer');
    const path = new URL(request.url).pathname;
    await this.before(path);
    if (path === '/api/v1/auth/login') return this.pair();
    if (path === '/api/v1/auth/refresh') {
      this.refreshes += 1;
      const { refresh_token } = (await request.json()) as { refresh_token: string };
      return refresh_token === this.refresh ? this.pair() : this.refuse();
    }
    const bearer = request.headers.get('authorization')?.replace('Bearer ', '') ?? '';
    if (!this.valid.has(bearer)) return this.refuse();
    if (path === '/api/v1/auth/logout') {
      this.valid.clear();
      return new Response(null, { status: 204 });
    }
    return Response.json([]);
  };

  private pair(): Response {
    this.serial += 1;
    this.refresh = `refresh-${String(this.serial)}`;
    this.valid.add(`access-${String(this.serial)}`);
    return Response.json({ access_token: `access-${String(this.serial)}`, token_type: 'Bearer', access_expires_at: new Date(this.now() + this.minutes * 60_000).toISOString(), refresh_token: this.refresh }, { headers: { date: new Date(this.now()).toUTCString() } });
  }

  private refuse(): Response {
    return new Response(JSON.stringify({ type: 'urn:hanpyo:problem:unauthorized', title: 'No.', status: 401, code: 'unauthorized' }), { status: 401, headers: { 'content-type': 'application/problem+json' } });
  }
}

const BASE = 'http://127.0.0.1';
let server: FakeServer;
let kept: ReturnType<Vault['read']>;
const vault: Vault = { read: () => kept, write: (value) => void (kept = value) };
const alone: Tabs = { alone: (act) => act(), tell: () => undefined, listen: () => undefined };
const make = (): Staff => createStaff(vault, server.send, BASE, alone);
const tenants = (staff: Staff): Promise<unknown> => data(createApi(staff.send, BASE).GET('/api/v1/tenants'));

beforeEach(() => {
  server = new FakeServer();
  kept = null;
});

test('log in, ask, log out: nothing is kept', async () => {
  const staff = make();
  await expect(tenants(staff)).rejects.toMatchObject({ code: 'unauthorized' });
  await staff.login('city', 'alice', 'secret');
  expect(staff.session.get()).toEqual({ tenant: 'city', login: 'alice' });
  expect(await tenants(staff)).toEqual([]);
  await staff.logout();
  expect(server.valid.size).toBe(0);
  expect(kept).toBeNull();
  expect(staff.session.get()).toBeNull();
});

test('a token about to end is replaced first, once for many requests', async () => {
  server.minutes = 0.1;
  const staff = make();
  await staff.login('city', 'alice', 'secret');
  server.minutes = 10;
  await Promise.all([tenants(staff), tenants(staff), tenants(staff)]);
  expect(server.refreshes).toBe(1);
});

test('a reload goes on with the kept tokens, and spends the refresh token only when its time has come', async () => {
  await make().login('city', 'alice', 'secret');
  const staff = make();
  expect(staff.session.get()?.login).toBe('alice');
  expect(await tenants(staff)).toEqual([]);
  expect(server.refreshes).toBe(0);
  server.minutes = 0.1;
  await make().login('city', 'alice', 'secret');
  const before = kept;
  expect(await tenants(make())).toEqual([]);
  expect(server.refreshes).toBe(1);
  expect(kept).not.toEqual(before);
});

test('a device whose clock is days wrong renews no more often', async () => {
  const device = Date.now;
  const staff = make();
  server.now = device;
  try {
    for (const days of [-3, 3]) {
      Date.now = () => device() + days * 86_400_000;
      await staff.login('city', 'alice', 'secret');
      await tenants(staff);
    }
  } finally {
    Date.now = device;
  }
  expect(server.refreshes).toBe(0);
});

test('a duplicated tab takes the tokens that the other one got, and waits for its turn', async () => {
  const hears: Parameters<Tabs['listen']>[0][] = [];
  let turn: Promise<unknown> = Promise.resolve();
  const tabs: Tabs = {
    alone: (act) => {
      const mine = turn.then(act);
      turn = mine.catch(() => undefined);
      return mine;
    },
    tell: (renewed) => hears.forEach((hear) => hear(renewed)),
    listen: (hear) => void hears.push(hear),
  };
  server.minutes = 0.1;
  const first = createStaff(vault, server.send, BASE, tabs);
  await first.login('city', 'alice', 'secret');
  let copied = kept;
  const second = createStaff({ read: () => copied, write: (value) => void (copied = value) }, server.send, BASE, tabs);
  server.minutes = 10;
  expect(await Promise.all([tenants(first), tenants(second)])).toEqual([[], []]);
  expect(server.refreshes).toBe(1);
  expect(copied).toEqual(kept);
});

test('what one person asked for is not asked again as the next', async () => {
  const staff = make();
  await staff.login('city', 'alice', 'secret');
  let answer = (): void => undefined;
  const held = new Promise<void>((done) => (answer = done));
  let asked = 0;
  server.before = async (path) => {
    if (path !== '/api/v1/tenants') return;
    asked += 1;
    if (asked === 1) await held;
  };
  const late = tenants(staff);
  while (asked === 0) await new Promise((done) => setTimeout(done));
  await staff.logout();
  await staff.login('city', 'bob', 'secret');
  answer();
  await expect(late).rejects.toMatchObject({ code: 'unauthorized' });
  expect(asked).toBe(1);
  expect(staff.session.get()?.login).toBe('bob');
});

test('a token refused early is replaced; a session refused for good ends', async () => {
  const staff = make();
  await staff.login('city', 'alice', 'secret');
  server.valid.clear();
  expect(await tenants(staff)).toEqual([]);
  server.valid.clear();
  server.refresh = 'used elsewhere';
  await expect(tenants(staff)).rejects.toBeInstanceOf(Problem);
  expect(staff.session.get()).toBeNull();
  expect(kept).toBeNull();
});

test('without a network the session stays for the next try', async () => {
  server.minutes = 0.1;
  await make().login('city', 'alice', 'secret');
  const staff = make();
  server.down = true;
  await expect(tenants(staff)).rejects.toBeInstanceOf(NoAnswer);
  expect(staff.session.get()).not.toBeNull();
  server.down = false;
  expect(await tenants(staff)).toEqual([]);
});

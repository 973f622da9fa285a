import { beforeEach, expect, test } from 'vitest';
import { createApi, data } from './client';
import { NoAnswer, Problem } from './problem';
import { createStaff, type Staff, type Vault } from './staff';

/** A server that gives tokens, each refresh token once, and a list of tenants to whoever has a valid access token. */
class FakeServer {
  serial = 0;
  refresh = '';
  valid = new Set<string>();
  refreshes = 0;
  minutes = 10;
  down = false;

  send = async (request: Request): Promise<Response> => {
    if (this.down) throw new NoAnswer('no answer');
    const path = new URL(request.url).pathname;
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
    return Response.json({ access_token: `access-${String(this.serial)}`, token_type: 'Bearer', access_expires_at: new Date(Date.now() + this.minutes * 60_000).toISOString(), refresh_token: this.refresh });
  }

  private refuse(): Response {
    return new Response(JSON.stringify({ type: 'urn:hanpyo:problem:unauthorized', title: 'No.', status: 401, code: 'unauthorized' }), { status: 401, headers: { 'content-type': 'application/problem+json' } });
  }
}

const BASE = 'http://127.0.0.1';
let server: FakeServer;
let kept: ReturnType<Vault['read']>;
const vault: Vault = { read: () => kept, write: (value) => void (kept = value) };
const make = (): Staff => createStaff(vault, server.send, BASE);
const tenants = (staff: Staff): Promise<unknown> => data(createApi(staff.send, BASE).GET('/api/v1/tenants'));

beforeEach(() => {
  server = new FakeServer();
  kept = null;
});

test('log in, ask, log out: the access token is never kept', async () => {
  const staff = make();
  await expect(tenants(staff)).rejects.toMatchObject({ code: 'unauthorized' });
  await staff.login('city', 'alice', 'secret');
  expect(staff.session.get()).toEqual({ tenant: 'city', login: 'alice' });
  expect(await tenants(staff)).toEqual([]);
  expect(JSON.stringify(kept)).not.toContain('access');
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

test('a reload goes on with the kept refresh token, and keeps the next one', async () => {
  await make().login('city', 'alice', 'secret');
  const before = kept;
  const staff = make();
  expect(staff.session.get()?.login).toBe('alice');
  expect(await tenants(staff)).toEqual([]);
  expect(kept).not.toEqual(before);
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
  await make().login('city', 'alice', 'secret');
  const staff = make();
  server.down = true;
  await expect(tenants(staff)).rejects.toBeInstanceOf(NoAnswer);
  expect(staff.session.get()).not.toBeNull();
  server.down = false;
  expect(await tenants(staff)).toEqual([]);
});

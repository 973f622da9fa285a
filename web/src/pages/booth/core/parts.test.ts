import { expect, test } from 'vitest';
import { codeAddress, openingAddress, readCheckLink } from '../../check/opening';
import { serverClock } from './clock';
import { readLink } from './link';
import { dropPending, keepPending, readPending } from './pending';
import { votingTime } from './schedule';
import { bundle, Refused, Server, Unreachable } from './server';
import { pending } from './testing';

const HASH = 'ab'.repeat(32);

test('a personal link is read whole or not at all', () => {
  for (const none of ['', '#', '#main', '#other&x=1', '#mc=1']) expect(readLink(none), none).toBeNull();
  expect(readLink(`#m=${HASH}&a=1&i=17&c=ABCD-EFGH-*`)).toEqual({ manifest: HASH, authority: 1, index: 17, code: 'ABCD-EFGH-*' });
  // The check symbol may be the sign that parts are joined with.
  expect(readLink(`#m=${HASH}&a=2&i=0&c=ABCD-=`)).toMatchObject({ authority: 2, index: 0, code: 'ABCD-=' });
  for (const broken of [`#m=${HASH}&a=1&i=17`, `#m=${HASH}&a=1&i=17&c=`, `#m=${HASH.slice(1)}&a=1&i=17&c=X`, `#m=${HASH}&a=3&i=17&c=X`, `#m=${HASH}&a=0&i=17&c=X`, `#m=${HASH}&a=1&i=4294967296&c=X`, `#m=${HASH}&a=1&i=-1&c=X`, '#c=X', `#m=${HASH}&a=1&i=1&c=%E0%A4%A`]) expect(readLink(broken), broken).toBe('broken');
});

test('addresses of the check page', () => {
  const opening = new Uint8Array([0xfb, 0xff, 0xfe, 0, 1]);
  const address = openingAddress('https://x/e/a/b/', HASH, 'CODE', opening);
  expect(address).toMatch(/^https:\/\/x\/e\/a\/b\/check#[A-Za-z0-9&=_-]+$/);
  expect(readCheckLink(new URL(address).hash)).toEqual({ manifest: HASH, code: 'CODE', opening });
  expect(readCheckLink(new URL(codeAddress('https://x/', HASH, 'CODE')).hash)).toEqual({ manifest: HASH, code: 'CODE', opening: null });
  expect(readCheckLink('#o=a!b')).toBe('broken');
  expect(readCheckLink('#o=')).toBe('broken');
  expect(readCheckLink('')).toEqual({ manifest: null, code: null, opening: null });
});

test('the server’s time does not follow the device’s clock', () => {
  let monotonic = 1000;
  let device = Date.parse('1999-01-01T00:00:00Z');
  const clock = serverClock(
    () => monotonic,
    () => device,
  );
  expect(clock.now()).toBeNull();
  clock.observe('not a date', 1000, 1000);
  expect(clock.now()).toBeNull();
  const stated = 'Sun, 22 Nov 2026 08:00:00 GMT';
  monotonic = 1200;
  clock.observe(stated, 1000, 1200);
  // Half of the 200 ms on the way, and half of the second that the header leaves open.
  expect(clock.now()).toBe(Date.parse(stated) + 500 + 100);
  device += 86_400_000 * 365;
  monotonic += 5000;
  expect(clock.now()).toBe(Date.parse(stated) + 600 + 5000);
  expect(clock.deviceAhead()).toBeLessThan(-86_400_000 * 365 * 26);
});

test('a slow answer neither moves the server’s time nor widens what is known of it', () => {
  let monotonic = 0;
  const clock = serverClock(
    () => monotonic,
    () => 0,
  );
  const start = Date.parse('Sun, 22 Nov 2026 08:00:00 GMT');
  /** An answer of an honest server with a true clock, written `written` and here at `arrived`. */
  const answer = (asked: number, written: number, arrived: number): void => {
    monotonic = arrived;
    clock.observe(new Date(start + written).toUTCString(), asked, arrived);
  };
  const error = (): number => Math.abs((clock.now() ?? 0) - (start + monotonic));
  // The first one took long: that is all there is.
  answer(0, 14_990, 15_000);
  expect(error()).toBeLessThanOrEqual(8000);
  answer(20_300, 20_350, 20_400);
  expect(error()).toBeLessThanOrEqual(550);
  const before = error();
  for (let asked = 30_000; asked < 300_000; asked += 16_000) answer(asked, asked + 14_990, asked + 15_000);
  expect(error()).toBeLessThanOrEqual(before);
  // Written at once and long on its way, it says no less of the time.
  answer(400_000, 400_010, 415_000);
  expect(error()).toBeLessThanOrEqual(before);
  // Quick ones narrow it further.
  for (let asked = 500_000; asked < 510_000; asked += 1130) answer(asked, asked + 20, asked + 40);
  expect(error()).toBeLessThanOrEqual(100);
});

test('a server cannot hold time up', () => {
  let monotonic = 0;
  const clock = serverClock(
    () => monotonic,
    () => 0,
  );
  const stated = 'Sun, 22 Nov 2026 08:00:00 GMT';
  clock.observe(stated, 0, 0);
  const first = clock.now() ?? 0;
  for (monotonic = 1000; monotonic <= 90_000; monotonic += 1000) clock.observe(stated, monotonic, monotonic);
  // But for the half second that its first answer left open.
  expect((clock.now() ?? 0) - first).toBe(monotonic - 500);
  clock.observe('Sun, 22 Nov 2026 08:05:00 GMT', monotonic, monotonic);
  expect(clock.now()).toBe(Date.parse(stated) + 300_000 + 500);
});

test('a pending cast comes back as it was, for its own election only', () => {
  const kept = new Map<string, string>();
  const storage = { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value), removeItem: (key: string) => void kept.delete(key) };
  keepPending(storage, 'city', 'meals', pending);
  expect(readPending(storage, 'city', 'meals')).toEqual(pending);
  expect(readPending(storage, 'city', 'other')).toBeNull();
  // Only what is documented: no index, no code, no session, no choice.
  expect(Object.keys(JSON.parse([...kept.values()][0] ?? '{}') as object).sort()).toEqual(['code', 'entry', 'manifest']);
  dropPending(storage, 'city', 'meals');
  expect(kept.size).toBe(0);
  kept.set('hanpyo.pending/city/meals', '{"entry":1}');
  expect(readPending(storage, 'city', 'meals')).toBeNull();
});

test('storage that is turned off stops nobody', () => {
  const off = (): never => {
    throw new DOMException('no', 'SecurityError');
  };
  const storage = { getItem: off, setItem: off, removeItem: off };
  keepPending(storage, 'a', 'b', pending);
  expect(readPending(storage, 'a', 'b')).toBeNull();
  dropPending(storage, 'a', 'b');
});

test('voting hours of two days, the last one re-dated', () => {
  const windows = [
    { opens: 100, closes: 200 },
    { opens: 300, closes: 400 },
  ];
  expect(votingTime(windows, 450, 99)).toEqual({ state: 'before', opens: 100 });
  expect(votingTime(windows, 450, 100)).toEqual({ state: 'open', until: 200 });
  expect(votingTime(windows, 450, 200)).toEqual({ state: 'pause', opens: 300 });
  expect(votingTime(windows, 450, 449)).toEqual({ state: 'open', until: 450 });
  expect(votingTime(windows, 450, 450)).toEqual({ state: 'over', closed: 450 });
});

test('entries are bundled behind their length', () => {
  expect([...bundle([new Uint8Array([7]), new Uint8Array(258)])].slice(0, 5)).toEqual([0, 1, 7, 1, 2]);
  expect(() => bundle([new Uint8Array(65536)])).toThrow('65536');
});

test('the time is taken from hanpyo-server’s answers alone', async () => {
  const [past, now, future] = [2001, 2026, 2031].map((year) => new Date(Date.UTC(year, 10, 22)).toUTCString());
  const answer = (body: string, type: string, status: number, date = future): Response => new Response(body, { status, headers: { date: date ?? '', 'content-type': type } });
  let next = answer('{}', 'application/json', 200, now);
  const server = new Server('a', 'b', { fetch: () => Promise.resolve(next) });
  const year = (): number => new Date(server.clock.now() ?? 0).getUTCFullYear();
  next = answer('<html>hotel network', 'text/html', 200);
  await expect(server.public()).rejects.toThrow();
  expect(server.clock.now()).toBeNull();
  next = answer('{}', 'application/json', 200, now);
  await server.public();
  expect(year()).toBe(2026);
  const strangers: [string, string, number][] = [
    ['<html>bad gateway', 'text/html', 502],
    ['{"message":"upstream"}', 'application/json', 503],
    ['{"type":"about:blank","code":"busy","status":503}', 'application/problem+json', 503],
    ['<html>hotel network', 'text/html', 200],
  ];
  for (const stranger of strangers) {
    next = answer(...stranger);
    await expect(server.public(), stranger[0]).rejects.toThrow();
    expect(year(), stranger[0]).toBe(2026);
  }
  next = answer('{"type":"urn:hanpyo:problem:busy","code":"busy","status":503}', 'application/problem+json', 503);
  await expect(server.public()).rejects.toThrow();
  expect(year()).toBe(2031);
  // Nor does any answer take it back.
  next = answer('{}', 'application/json', 200, past);
  await server.public();
  expect(year()).toBe(2031);
});

test('answers of the server as refusals, losses and places', async () => {
  const answers: (Response | Error)[] = [];
  const server = new Server('a b', 'c', {
    fetch: (address) => {
      expect(address).toContain('/api/v1/tenants/a%20b/elections/c/');
      const next = answers.shift();
      return next instanceof Response ? Promise.resolve(next) : Promise.reject(next ?? new Error('none left'));
    },
  });
  const entry = new Uint8Array([1]);
  answers.push(new Response(JSON.stringify({ code: 'busy', detail: 'x' }), { status: 503, headers: { 'retry-after': '7' } }));
  await expect(server.cast(entry, 't')).rejects.toMatchObject({ status: 503, code: 'busy', retryAfter: 7 });
  answers.push(new Response('<html>bad gateway', { status: 502 }));
  await expect(server.cast(entry, 't')).rejects.toMatchObject({ status: 502, code: 'unknown' });
  answers.push(new TypeError('Failed to fetch'));
  await expect(server.cast(entry, 't')).rejects.toBeInstanceOf(Unreachable);
  answers.push(new Response('{"code":"not-found"}', { status: 404 }));
  await expect(server.find('CODE')).resolves.toEqual({ state: 'unknown' });
  answers.push(new Response('<html>no such page', { status: 404 }));
  await expect(server.find('CODE')).rejects.toMatchObject({ status: 404, code: 'unknown' });
  answers.push(new Response('{"status":"pending"}', { status: 202 }));
  await expect(server.find('CODE')).resolves.toEqual({ state: 'pending' });
  answers.push(new Response('receipt'));
  await expect(server.find('CODE')).resolves.toMatchObject({ state: 'recorded' });
  answers.push(new Response('{}', { status: 400 }));
  await expect(server.find('CODE')).rejects.toBeInstanceOf(Refused);
});

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createApi, data } from './client';
import { isApiError, NoAnswer, StrangeAnswer } from './problem';

let server: Server | null = null;

/** A real server that answers with this status and the beginning of a body, and then breaks the connection. */
async function cutting(status: number, start: string, headers: Record<string, string>): Promise<string> {
  server = createServer((_, answer) => {
    answer.writeHead(status, headers);
    answer.write(start, () => answer.destroy());
  });
  await new Promise<void>((done) => server?.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}

afterEach(() => server?.close());

const LENGTH = { 'content-type': 'application/json', 'content-length': '4096' };
const CHUNKED = { 'content-type': 'application/json' };

test.each([
  ['json', 200, LENGTH],
  ['json', 200, CHUNKED],
  ['text', 200, LENGTH],
  ['blob', 200, CHUNKED],
  ['json', 422, { ...LENGTH, 'content-type': 'application/problem+json' }],
] as const)('a connection that breaks in the body (%s, %i) is an answer that did not come', async (parseAs, status, headers) => {
  const api = createApi(fetch, await cutting(status, '[{"slug": "ci', headers));
  const failed: unknown = await data(api.GET('/api/v1/tenants', { parseAs })).catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(NoAnswer);
  expect(isApiError(failed)).toBe(true);
});

test('a whole answer that is no JSON is a strange one, and a fault of the pages stays a fault', async () => {
  const api = createApi(() => Promise.resolve(new Response('<html>', { headers: { 'content-type': 'application/json' } })), 'http://127.0.0.1');
  await expect(data(api.GET('/api/v1/tenants'))).rejects.toBeInstanceOf(StrangeAnswer);
  const fault = new RangeError('a fault');
  await expect(data(Promise.reject(fault))).rejects.toBe(fault);
});

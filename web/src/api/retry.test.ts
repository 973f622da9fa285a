import { expect, test } from 'vitest';
import { NoAnswer, Problem, problemOf, retryAfter, StrangeAnswer } from './problem';
import { sendOnce, sendPatiently, wait } from './retry';

const QUICK = { attempts: 4, firstWait: 1, longestWait: 2_000 };
const request = (init?: RequestInit): Request => new Request('http://127.0.0.1/x', init);
const problem = (status: number, code: string, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify({ type: `urn:hanpyo:problem:${code}`, title: 'No.', status, code, errors: [{ field: 'a.b', reason: 'empty' }] }), {
    status,
    headers: { 'content-type': 'application/problem+json', ...headers },
  });

/** Answers in turn; a function throws or answers. Counts the requests and keeps their bodies. */
function script(...answers: (() => Response)[]): { send: typeof fetch; bodies: string[] } {
  const bodies: string[] = [];
  const send = async (input: RequestInfo | URL): Promise<Response> => {
    bodies.push(await (input as Request).text());
    const answer = answers[bodies.length - 1];
    if (!answer) throw new Error('asked once too often');
    return answer();
  };
  return { send, bodies };
}
const cut = (): Response => {
  throw new TypeError('Failed to fetch');
};

test('no answer and "not now" are tried again with the same body', async () => {
  const { send, bodies } = script(cut, () => problem(503, 'busy'), () => new Response('done'));
  const response = await sendPatiently(request({ method: 'PUT', body: 'ballot' }), QUICK, send);
  expect(await response.text()).toBe('done');
  expect(bodies).toEqual(['ballot', 'ballot', 'ballot']);
});

test('Retry-After is waited for, and handed on when it is too long', async () => {
  const waits: number[] = [];
  const soon = script(() => problem(503, 'busy', { 'retry-after': '1' }), () => new Response('done'));
  await sendPatiently(request(), { ...QUICK, onWait: (pause) => waits.push(pause) }, soon.send);
  expect(waits).toEqual([1000]);
  const later = script(() => problem(503, 'busy', { 'retry-after': '600' }));
  expect((await sendPatiently(request(), QUICK, later.send)).status).toBe(503);
});

test('the last failure is told as it is', async () => {
  await expect(sendPatiently(request(), QUICK, script(cut, cut, cut, cut).send)).rejects.toBeInstanceOf(NoAnswer);
  await expect(sendOnce(request(), script(cut).send)).rejects.toBeInstanceOf(NoAnswer);
  const refused = script(() => problem(409, 'already-voted'));
  expect((await sendPatiently(request(), QUICK, refused.send)).status).toBe(409);
  expect(refused.bodies).toHaveLength(1);
});

test('an aborted request is neither sent again nor waited for', async () => {
  const control = new AbortController();
  const sent = sendPatiently(request({ signal: control.signal }), { ...QUICK, firstWait: 60_000, longestWait: 60_000, onWait: () => control.abort() }, script(cut).send);
  await expect(sent).rejects.toThrow(/abort/i);
  await expect(wait(60_000, control.signal)).rejects.toThrow(/abort/i);
});

test('answers become typed errors', async () => {
  const refused = await problemOf(problem(422, 'invalid', { 'retry-after': 'Wed, 24 Aug 2011 11:00:00 GMT' }));
  expect(refused).toBeInstanceOf(Problem);
  expect(refused).toMatchObject({ code: 'invalid', status: 422, retryAfter: 0 });
  expect((refused as Problem).field('a.b')).toBe('empty');
  expect((refused as Problem).field('a')).toBeUndefined();
  expect(await problemOf(new Response('<html>', { status: 502, headers: { 'content-type': 'text/html' } }))).toBeInstanceOf(StrangeAnswer);
  expect(await problemOf(new Response('{}', { status: 500, headers: { 'content-type': 'application/problem+json' } }))).toBeInstanceOf(StrangeAnswer);
  const noted = new Response(null, { headers: { 'retry-after': 'Wed, 24 Aug 2011 11:00:10 GMT' } });
  expect(retryAfter(noted, Date.parse('2011-08-24T11:00:00Z'))).toBe(10);
  expect(retryAfter(new Response(null))).toBeNull();
  expect(retryAfter(new Response(null, { headers: { 'retry-after': 'soon' } }))).toBeNull();
});

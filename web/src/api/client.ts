/**
 * The API as functions with types from docs/openapi.json.
 *
 *   const election = await data(api.GET('/api/v1/tenants/{tenant}/elections/{election}/public', { params: { path } }));
 *
 * `data` gives the body or throws an `ApiError`. Reading and replacing (GET, PUT, DELETE) is tried again when nobody
 * answers or the server says "not now"; other requests are sent once. Binary bodies go through `postBytes` and `getAnswer`.
 */
import createClient, { type Client } from 'openapi-fetch';
import { NoAnswer, problemOf, StrangeAnswer } from './problem';
import { PATIENT, type RetryOptions, sendOnce, sendPatiently } from './retry';
import type { paths } from './schema';

/** Methods that give the same when they are sent twice (RFC 9110, 9.2.2). */
const IDEMPOTENT = new Set(['GET', 'HEAD', 'PUT', 'DELETE']);

/** How a request is sent; the staff's session puts its tokens in here. */
export type Send = (request: Request) => Promise<Response>;

export const sendFittingly: Send = (request) => (IDEMPOTENT.has(request.method) ? sendPatiently(request) : sendOnce(request));

/** A client that sends its requests in its own way. */
export const createApi = (send: Send = sendFittingly, baseUrl = ''): Client<paths> => createClient<paths>({ baseUrl, fetch: send });

/** The client for what needs no log-in. */
export const api = createApi();

export interface Answered<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/**
 * The body of an answer.
 * @throws Problem, NoAnswer or StrangeAnswer
 */
export async function data<T>(answer: Promise<Answered<T>>): Promise<Exclude<T, undefined>> {
  let answered: Answered<T>;
  try {
    answered = await answer;
  } catch (error) {
    // The body was announced as JSON of ours but could not be read as such.
    if (error instanceof SyntaxError) throw new StrangeAnswer(0, null);
    if (isCut(error)) throw new NoAnswer('the answer was cut off', { cause: error });
    throw error;
  }
  const { data: body, error, response } = answered;
  if (response.ok) return body as Exclude<T, undefined>;
  const type = response.headers.get('content-type') ?? 'application/json';
  // The client has read the body; it is put together again for the one place that reads problems.
  throw await problemOf(new Response(JSON.stringify(error), { status: response.status, headers: forward(response, type) }));
}

/** What browsers throw when the connection breaks after the headers, while a body is read as whatever was asked for. */
const isCut = (error: unknown): boolean => error instanceof TypeError || (error instanceof DOMException && error.name === 'AbortError');

function forward(response: Response, type: string): Headers {
  const headers = new Headers({ 'content-type': type });
  const after = response.headers.get('retry-after');
  if (after !== null) headers.set('retry-after', after);
  return headers;
}

export interface BytesOptions {
  token?: string | undefined;
  signal?: AbortSignal | undefined;
  /** For bodies that the server knows again, such as a ballot (idempotent by its hash). */
  retry?: RetryOptions | undefined;
}

/**
 * Posts bytes and gives the whole answer, since what is in it depends on its status.
 * @throws Problem for 4xx and 5xx, NoAnswer, StrangeAnswer
 */
export async function postBytes(path: string, body: Uint8Array<ArrayBuffer>, contentType: string, { token, signal, retry }: BytesOptions = {}): Promise<Response> {
  const request = new Request(new URL(path, location.href), {
    method: 'POST',
    body,
    headers: { 'content-type': contentType, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
    ...(signal ? { signal } : {}),
  });
  return checked(await (retry ? sendPatiently(request, retry) : sendOnce(request)));
}

/**
 * Gets something that is not JSON: a receipt, a tile, a checkpoint. 202 and other 2xx are for the caller to tell apart.
 * @throws Problem for 4xx and 5xx, NoAnswer, StrangeAnswer
 */
export async function getAnswer(path: string, { token, signal, retry = PATIENT }: BytesOptions = {}): Promise<Response> {
  const request = new Request(new URL(path, location.href), {
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    ...(signal ? { signal } : {}),
  });
  return checked(await sendPatiently(request, retry));
}

async function checked(response: Response): Promise<Response> {
  if (response.ok) return response;
  throw await problemOf(response);
}

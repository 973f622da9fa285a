/** What can go wrong with a request, as types: the server said no, nobody answered, or the answer made no sense. */
import type { components } from './schema';

export type ProblemBody = components['responses']['AnyProblem']['content']['application/problem+json'];

/** The server refused: its problem+json (RFC 9457). `code` is stable, texts for people are chosen by it. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: string;
  readonly status: number;

  constructor(
    readonly body: ProblemBody,
    /** When to try again, in seconds, if the server said so. */
    readonly retryAfter: number | null = null,
  ) {
    super(body.detail ? `${body.title} ${body.detail}` : body.title);
    this.code = body.code;
    this.status = body.status;
  }

  /** What was wrong with a field of the request, or nothing. */
  field(name: string): string | undefined {
    return this.body.errors?.find((error) => error.field === name)?.reason;
  }
}

/** Nobody answered: no network, no server, or cut in between. Whether the server did it is not known. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

/** An answer that is not of this API, such as a proxy's page. */
export class StrangeAnswer extends Error {
  override readonly name = 'StrangeAnswer';
  constructor(
    readonly status: number,
    readonly contentType: string | null,
  ) {
    super(`expected JSON of this API, found status ${String(status)} with ${contentType ?? 'no content type'}`);
  }
}

export type ApiError = Problem | NoAnswer | StrangeAnswer;

export const isApiError = (error: unknown): error is ApiError => error instanceof Problem || error instanceof NoAnswer || error instanceof StrangeAnswer;

/** The problem an answer carries, or that it carries none. */
export async function problemOf(response: Response): Promise<Problem | StrangeAnswer> {
  const type = response.headers.get('content-type');
  if (type?.startsWith('application/problem+json') === true) {
    const body: unknown = await response.json().catch(() => null);
    if (isProblemBody(body)) return new Problem(body, retryAfter(response));
  }
  return new StrangeAnswer(response.status, type);
}

function isProblemBody(value: unknown): value is ProblemBody {
  return typeof value === 'object' && value !== null && 'code' in value && typeof value.code === 'string' && 'title' in value && typeof value.title === 'string';
}

/** `Retry-After` in seconds, from either of its forms; null without one. */
export function retryAfter(response: Response, now = Date.now()): number | null {
  const value = response.headers.get('retry-after');
  if (value === null) return null;
  if (/^\d+$/.test(value)) return Number(value);
  const date = Date.parse(value);
  return Number.isNaN(date) ? null : Math.max(0, Math.ceil((date - now) / 1000));
}

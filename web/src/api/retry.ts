/** Requests that are tried again, where doing so twice does no harm. */
import { NoAnswer, retryAfter } from './problem';

export interface RetryOptions {
  /** How often at most, the first time included. */
  attempts: number;
  /** The first wait, in milliseconds; it doubles each time, with a random part so that clients do not come together. */
  firstWait: number;
  /** No wait is longer, in milliseconds; a longer `Retry-After` gives the answer to the caller instead. */
  longestWait: number;
  /** Called before each wait, in milliseconds: a page can show that it waits, and for how long. */
  onWait?: ((wait: number, attempt: number) => void) | undefined;
}

export const PATIENT: RetryOptions = { attempts: 4, firstWait: 300, longestWait: 10_000 };

/** Answers that say "not now": the server's queue is full, or a proxy does not reach it. */
const NOT_NOW = new Set([429, 502, 503, 504]);

/** Waits, unless `signal` is aborted before. */
export function wait(milliseconds: number, signal?: AbortSignal | null): Promise<void> {
  return new Promise((done, failed) => {
    const refuse = (): void => failed(signal?.reason instanceof Error ? signal.reason : new DOMException('aborted', 'AbortError'));
    if (signal?.aborted === true) {
      refuse();
      return;
    }
    const stop = (): void => {
      clearTimeout(timer);
      refuse();
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      done();
    }, milliseconds);
    signal?.addEventListener('abort', stop, { once: true });
  });
}

/**
 * Sends a request until there is an answer other than "not now". The caller vouches that sending it twice does no harm.
 * @throws NoAnswer when the last try had no answer; what the request's signal says when it is aborted
 */
export async function sendPatiently(request: Request, options: RetryOptions = PATIENT, send: typeof fetch = fetch): Promise<Response> {
  for (let attempt = 1; ; attempt += 1) {
    const doubled = options.firstWait * 2 ** (attempt - 1);
    let pause = Math.min(options.longestWait, doubled * (0.5 + Math.random() / 2));
    try {
      const response = await send(request.clone());
      if (!NOT_NOW.has(response.status) || attempt >= options.attempts) return response;
      const asked = retryAfter(response);
      if (asked !== null && asked * 1000 > options.longestWait) return response;
      if (asked !== null) pause = Math.max(pause, asked * 1000);
    } catch (error) {
      if (request.signal.aborted) throw error;
      if (attempt >= options.attempts) throw new NoAnswer('no answer', { cause: error });
    }
    options.onWait?.(pause, attempt);
    await wait(pause, request.signal);
  }
}

/** Sends a request once. */
export async function sendOnce(request: Request, send: typeof fetch = fetch): Promise<Response> {
  try {
    return await send(request);
  } catch (error) {
    if (request.signal.aborted) throw error;
    throw new NoAnswer('no answer', { cause: error });
  }
}

/** What the side that holds the module adds to a request: randomness and clocks. */
import type { Operation, Request } from './module';
import type { PageRequest } from './ops';

const SEED_BYTES = 32;
let attempts = 0;

function seed(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(SEED_BYTES));
}

/** Milliseconds since 1970, shifted to make room for ballots of one millisecond: below 2^53 until the year 2248. */
function nextAttempt(): number {
  attempts = (attempts + 1) % 1024;
  return Date.now() * 1024 + attempts;
}

export function complete<K extends Operation>(operation: K, request: PageRequest<K>): Request<K> {
  if (operation === 'observer_new' || operation === 'verifier_new') return { ...request, seed: seed() } as unknown as Request<K>;
  if (operation !== 'encrypt') return request as unknown as Request<K>;
  const marks = request as unknown as PageRequest<'encrypt'>;
  const whole: Request<'encrypt'> = {
    credential: marks.credential,
    selections: marks.selections,
    // Seconds rise from one vote of a voter to the next, as the counter must.
    counter: marks.counter ?? Math.floor(Date.now() / 1000),
    attempt: nextAttempt(),
    seed: seed(),
  };
  return whole;
}

/** What voters' pages ask the server: few requests, each with a time limit, answers typed, refusals named. */
import { serverClock, type ServerClock } from './clock';

export type Phase = 'ceremony' | 'drill' | 'roll' | 'sealed' | 'open' | 'closed' | 'tally' | 'finished' | 'void';

export interface Bilingual {
  ko: string;
  en: string;
}

export interface Amendment {
  index: number;
  hash: string;
  reason: string;
  at?: string | null | undefined;
}

export interface PublicElection {
  tenant: string;
  election: string;
  title: Bilingual;
  origin: string;
  board: string;
  vkey: string;
  manifest_hash: string;
  joint_key?: string | null | undefined;
  phase: Phase;
  log_size: number;
  schedule: { opens: number; closes: number };
  test: boolean;
  assets: { current?: string | null | undefined; announced?: string | null | undefined; amendments: Amendment[] };
}

export interface BoothEntries {
  manifest_hash: string;
  manifest: number;
  joint_key?: number | null | undefined;
  confirmations: { trustee: number; index: number }[];
  credential?: { credential: number; index: number; revoked?: number | null | undefined; struck?: number | null | undefined } | null | undefined;
}

export interface VoterSession {
  token: string;
  expires_at: string;
  credential_index: number;
  style: number;
  unit: number;
  has_cast?: boolean | undefined;
  last_counter?: number | undefined;
}

export interface UnitTurnout {
  unit: number;
  title: Bilingual;
  electorate: number;
  counted: number;
  paper: number;
}

export interface Turnout {
  electorate: number;
  counted: number;
  paper: number;
  percent: number;
  units: UnitTurnout[];
  log_size: number;
}

export interface TurnoutPoint {
  /** In seconds since 1970. */
  at: number;
  /** Voters with a counted online ballot then. */
  counted: number;
}

export interface TurnoutHistory {
  /** The reporting unit; null: all of them. */
  unit?: number | null | undefined;
  electorate: number;
  /** Figures are noted at most once in so many seconds. */
  interval: number;
  /** Oldest first, from the opening to now or to the end of voting. */
  points: TurnoutPoint[];
}

export interface ContestResult {
  contest: number;
  title: Bilingual;
  options: Bilingual[];
  groups: { units: number[]; values: number[] }[];
  totals: number[];
  /** 0 decided, 1 turnout quorum not met, 2 tied, 3 not counted, 4 withheld, 5 no majority. */
  status: number;
  winners: number[];
}

export interface Results {
  phase: Phase;
  contests: ContestResult[];
  ballots: number;
  paper: number;
  electorate: number;
}

export interface TimelineEvent {
  /** Entries of one kind that follow each other: the first, and the last. */
  index: number;
  last_index: number;
  kind: string;
  at?: string | null | undefined;
  time?: number | null | undefined;
  reason?: string | null | undefined;
}

/** What the trustees do next. */
export type TrusteeStep = 'commitment' | 'opening' | 'shares' | 'confirmation' | 'restart' | 'joint_key' | 'drill' | 'wait' | 'decryption' | 'finished';

interface Step {
  index: number;
  at?: string | null | undefined;
}

/** A draw of the order of options by lot; what it gave is null until it was done. */
export interface Lot {
  id: number;
  contest: number;
  /** Korean titles in the order before. */
  options: string[];
  commitment: string;
  seed?: string | null;
  contribution?: string | null;
  order?: number[] | null;
  made_at: string;
  drawn_at?: string | null;
  /** Log-in name of who drew; staff only. */
  drawn_by?: string | null;
}

export interface TrusteeStatus {
  number: number;
  name: string;
  commitment?: Step | null | undefined;
  opening?: Step | null | undefined;
  shares?: Step | null | undefined;
  confirmation?: Step | null | undefined;
  drill?: Step | null | undefined;
  decryption?: Step | null | undefined;
  decrypted: boolean;
}

export interface Trustees {
  quorum: number;
  attempt: number;
  step: TrusteeStep;
  waiting_for: number[];
  trustees: TrusteeStatus[];
  complaint?: { by: number; accused: number } | null | undefined;
  restarts: string[];
}

export interface ListedElection {
  tenant: string;
  tenant_name: string;
  election: string;
  title: Bilingual;
  phase: Phase;
  opens: number;
  closes: number;
  test: boolean;
}

export interface ElectionList {
  elections: ListedElection[];
  more: boolean;
}

/** Where a ballot stands. */
export type Found = { state: 'recorded'; receipt: Uint8Array } | { state: 'pending' } | { state: 'unknown' };

/** The server answered, and said no. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    /** Stable name of the problem, such as `already-voted`. */
    readonly code: string,
    readonly detail: string,
    /** Seconds to wait, if it said so. */
    readonly retryAfter: number | null,
    /** Requests that are served before this one, where a queue is full. */
    readonly ahead: number | null = null,
  ) {
    super(`${String(status)} ${code}: ${detail}`);
  }
}

/** No answer came: no network, no server, or the time limit passed. Whether the request arrived is not known. */
export class Unreachable extends Error {}

/** Time limits in milliseconds: of a question, and of a long poll beyond the seconds it asks for. */
const LIMIT = 15_000;
/** A ballot's upload may be slow; it is safe to send again. */
const CAST_LIMIT = 30_000;

/** A refusal, and whether it is hanpyo-server's own. */
const problem = async (answer: Response): Promise<{ refused: Refused; own: boolean }> => {
  const seconds = Number(answer.headers.get('retry-after') ?? NaN);
  const retryAfter = Number.isFinite(seconds) ? Math.max(1, seconds) : null;
  let body: { type?: unknown; code?: unknown; detail?: unknown; waiting?: { ahead?: unknown } | null } = {};
  try {
    const parsed: unknown = await answer.json();
    if (typeof parsed === 'object' && parsed !== null) body = parsed;
  } catch {
    // A proxy answered, not hanpyo-server: the status says all there is.
  }
  const ahead = body.waiting?.ahead;
  const refused = new Refused(answer.status, typeof body.code === 'string' ? body.code : 'unknown', typeof body.detail === 'string' ? body.detail : '', retryAfter, typeof ahead === 'number' ? ahead : null);
  return { refused, own: String(body.type).startsWith('urn:hanpyo:problem:') };
};

export interface Options {
  fetch?: typeof fetch;
  clock?: ServerClock;
}

interface Ask {
  method?: 'GET' | 'POST';
  body?: Uint8Array<ArrayBuffer> | object;
  token?: string | undefined;
  limit?: number;
  /** May be answered from the browser's cache: what never changes. */
  fixed?: boolean;
}

/** The API of one election, or of the server where `election` is not used. */
export class Server {
  readonly clock: ServerClock;
  readonly #fetch: typeof fetch;
  readonly #election: string;

  constructor(tenant: string, election: string, options: Options = {}) {
    this.clock = options.clock ?? serverClock();
    this.#fetch = options.fetch ?? ((...request) => fetch(...request));
    this.#election = `/tenants/${encodeURIComponent(tenant)}/elections/${encodeURIComponent(election)}`;
  }

  async #ask(path: string, { method = 'GET', body, token, limit = LIMIT, fixed = false }: Ask = {}): Promise<Response> {
    const headers: Record<string, string> = {};
    if (body !== undefined) headers['content-type'] = body instanceof Uint8Array ? 'application/cbor' : 'application/json';
    if (token !== undefined) headers['authorization'] = `Bearer ${token}`;
    const asked = performance.now();
    let answer: Response;
    try {
      answer = await this.#fetch(`/api/v1${path}`, {
        method,
        headers,
        body: body === undefined ? null : body instanceof Uint8Array ? body : JSON.stringify(body),
        signal: AbortSignal.timeout(limit),
        credentials: 'omit',
        cache: fixed ? 'default' : 'no-store',
        redirect: 'error',
      });
    } catch (error) {
      throw new Unreachable(String(error));
    }
    const arrived = performance.now();
    const observe = (): void => this.clock.observe(answer.headers.get('date'), asked, arrived);
    if (!answer.ok) {
      const { refused, own } = await problem(answer);
      if (own) observe();
      throw refused;
    }
    // The date of an answer from the cache is of long ago; that of anything that stands before the server, anyone's.
    if (!fixed && answer.headers.get('content-type')?.startsWith('application/json')) observe();
    return answer;
  }

  /** Reads the body; a connection that breaks in it is as good as no answer. */
  async #read<T>(answer: Promise<Response>, how: (answer: Response) => Promise<T>): Promise<T> {
    const response = await answer;
    try {
      return await how(response);
    } catch (error) {
      throw new Unreachable(String(error));
    }
  }

  #json<T>(path: string, ask?: Ask): Promise<T> {
    return this.#read(this.#ask(path, ask), (answer) => answer.json() as Promise<T>);
  }

  async #bytes(path: string, ask?: Ask): Promise<Uint8Array> {
    return new Uint8Array(await this.#read(this.#ask(path, ask), (answer) => answer.arrayBuffer()));
  }

  list(offset = 0): Promise<ElectionList> {
    return this.#json(`/elections?offset=${String(offset)}`);
  }

  public(): Promise<PublicElection> {
    return this.#json(`${this.#election}/public`);
  }

  turnout(): Promise<Turnout> {
    return this.#json(`${this.#election}/turnout`);
  }

  turnoutHistory(): Promise<TurnoutHistory> {
    return this.#json(`${this.#election}/turnout/history`);
  }

  /** The result; null until there is one. */
  async results(): Promise<Results | null> {
    try {
      return await this.#json<Results>(`${this.#election}/results`);
    } catch (error) {
      if (error instanceof Refused && error.status === 404) return null;
      throw error;
    }
  }

  /** Every draw by lot, oldest first. */
  lots(): Promise<Lot[]> {
    return this.#json(`${this.#election}/lots`);
  }

  timeline(): Promise<TimelineEvent[]> {
    return this.#json(`${this.#election}/timeline`);
  }

  trustees(): Promise<Trustees> {
    return this.#json(`${this.#election}/trustees`);
  }

  booth(credential?: number): Promise<BoothEntries> {
    return this.#json(`${this.#election}/booth${credential === undefined ? '' : `?credential=${String(credential)}`}`);
  }

  /** An entry of the log. It never changes. */
  entry(index: number): Promise<Uint8Array> {
    return this.#bytes(`${this.#election}/entries/${String(index)}`, { fixed: true });
  }

  /** Asks for a one-time code; the answer is the same whether or not the voter is in the roll. */
  async identify(voter: string): Promise<void> {
    await this.#ask(`${this.#election}/voter/identify`, { method: 'POST', body: { voter_id: voter } });
  }

  session(voter: string, otp: string): Promise<VoterSession> {
    return this.#json(`${this.#election}/voter/session`, { method: 'POST', body: { voter_id: voter, otp } });
  }

  extend(token: string): Promise<VoterSession> {
    return this.#json(`${this.#election}/voter/session/extend`, { method: 'POST', token });
  }

  /** Casts; gives the acknowledgement. The same entry may be sent any number of times. */
  cast(entry: Uint8Array, token: string): Promise<Uint8Array> {
    return this.#bytes(`${this.#election}/ballots`, { method: 'POST', body: new Uint8Array(entry), token, limit: CAST_LIMIT });
  }

  /** Finds a ballot by its confirmation code, waiting up to `wait` seconds (at most 20) while it is pending. */
  async find(code: string, wait = 0): Promise<Found> {
    try {
      const path = `${this.#election}/ballots/${encodeURIComponent(code)}?wait=${String(wait)}`;
      const answer = await this.#ask(path, { limit: LIMIT + wait * 1000 });
      if (answer.status === 202) return { state: 'pending' };
      const receipt = await this.#read(Promise.resolve(answer), (one) => one.arrayBuffer());
      return { state: 'recorded', receipt: new Uint8Array(receipt) };
    } catch (error) {
      // Another 404 is of something that stands before the server, and says nothing of the ballot.
      if (error instanceof Refused && error.status === 404 && error.code === 'not-found') return { state: 'unknown' };
      throw error;
    }
  }

  /** Posts a challenged ballot with its opening: everyone may read it from then on. */
  async challenge(entry: Uint8Array): Promise<void> {
    await this.#ask(`${this.#election}/challenges`, { method: 'POST', body: new Uint8Array(entry), limit: CAST_LIMIT });
  }
}

/** Entries as the worker reads them: each behind its length in two bytes. */
export function bundle(entries: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(entries.reduce((sum, entry) => sum + 2 + entry.length, 0));
  let at = 0;
  for (const entry of entries) {
    if (entry.length > 0xffff) throw new Error(`an entry has ${String(entry.length)} bytes, at most 65535 are allowed`);
    whole[at] = entry.length >> 8;
    whole[at + 1] = entry.length & 0xff;
    whole.set(entry, at + 2);
    at += 2 + entry.length;
  }
  return whole;
}

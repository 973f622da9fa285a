/**
 * The page's side of `hanpyo-trustee ui` and `hanpyo-authority ui`: what the program says, and what it is asked to do.
 * The token comes in the address's fragment, is taken out of the address bar at once, and is kept in memory only.
 */
import { createStore, type Store } from '../app/store';
import type { Answer, Begun, State } from './messages';

export type Loaded<View> =
  | { at: 'loading' }
  /** The page was opened without the token, or reloaded. */
  | { at: 'no-token' }
  /** `away`: the program does not answer, and this is the last it said. */
  | { at: 'ready'; state: State<View>; away: boolean }
  | { at: 'away' };

/** Milliseconds between two looks while a job is under way, and while none is. */
const BUSY_PACE = 400;
const IDLE_PACE = 3000;

const isUnderWay = (state: string | undefined): boolean => state === 'running' || state === 'waiting' || state === 'asking';

/** Takes the token out of the address. */
export function takeToken(): string | null {
  const token = /^#t=([0-9a-f]{64})$/.exec(location.hash)?.[1] ?? null;
  if (token !== null) history.replaceState(null, '', location.pathname);
  return token;
}

export class Desk<View, Request extends { kind: string }> {
  readonly loaded: Store<Loaded<View>> = createStore<Loaded<View>>({ at: 'loading' });
  #token: string | null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;

  constructor(token: string | null) {
    this.#token = token;
  }

  /** Follows the program until the returned function is called. */
  follow(): () => void {
    this.#stopped = false;
    // The address is opened once more in the same tab: only its fragment changes, nothing is loaded.
    const again = (): void => {
      this.#token = takeToken() ?? this.#token;
      void this.#look();
    };
    addEventListener('hashchange', again);
    if (this.#token === null) this.loaded.set({ at: 'no-token' });
    else void this.#look();
    return () => {
      this.#stopped = true;
      removeEventListener('hashchange', again);
      clearTimeout(this.#timer);
    };
  }

  /** Asks for a job; another one under way is answered by showing that one. */
  async begin(request: Request): Promise<void> {
    const answer = await this.#ask('jobs', request);
    if (answer?.ok === true) {
      const { number } = (await answer.json()) as Begun;
      const before = this.loaded.get();
      // Until the program says so itself, so that nothing can be pressed twice.
      if (before.at === 'ready') this.loaded.set({ ...before, state: { ...before.state, job: { number, action: request.kind, state: 'running', progress: null, log: [], refusal: null } } });
    }
    await this.#look();
  }

  async answer(number: number, yes: boolean): Promise<void> {
    const body: Answer = { yes };
    await this.#ask(`jobs/${String(number)}/answer`, body);
    await this.#look();
  }

  async stop(number: number): Promise<void> {
    await this.#ask(`jobs/${String(number)}/stop`, {});
    await this.#look();
  }

  /** Sends a file as it is. */
  async send(path: string, file: Blob): Promise<boolean> {
    return (await this.#fetch(path, { method: 'PUT', body: file }))?.ok === true;
  }

  async #look(): Promise<void> {
    clearTimeout(this.#timer);
    const answer = await this.#fetch('state', {});
    const before = this.loaded.get();
    if (answer?.ok === true) this.loaded.set({ at: 'ready', state: (await answer.json()) as State<View>, away: false });
    // Another program has taken the port: this page's token is of the one before.
    else if (answer?.status === 403) this.loaded.set({ at: 'no-token' });
    else this.loaded.set(before.at === 'ready' ? { ...before, away: true } : { at: 'away' });
    if (this.#stopped) return;
    const now = this.loaded.get();
    const busy = now.at === 'ready' && !now.away && isUnderWay(now.state.job?.state);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#look(), busy ? BUSY_PACE : IDLE_PACE);
  }

  #ask(path: string, body: object): Promise<Response | null> {
    return this.#fetch(path, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
  }

  async #fetch(path: string, { headers, ...init }: Omit<RequestInit, 'headers'> & { headers?: Record<string, string> }): Promise<Response | null> {
    try {
      return await fetch(`/api/${path}`, { ...init, headers: { ...headers, authorization: `Bearer ${this.#token ?? ''}` }, cache: 'no-store', credentials: 'omit', redirect: 'error' });
    } catch {
      return null;
    }
  }
}

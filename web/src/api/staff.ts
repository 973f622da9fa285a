/**
 * The staff's session. Its tokens must outlive a reload, so they are in sessionStorage: of this tab alone, gone when the
 * tab is closed. The refresh token works once; each use brings the next one, and a stolen one that is used ends the
 * session (the server notices the second use). The access token (minutes) is beside it, so that a reload, which may be
 * cut off by the next one, does not spend the refresh token each time. Whoever can run a script in the page could use the
 * session anyway; the policy (no inline, no eval, nothing from elsewhere) is what stands against that.
 *
 * A duplicated tab has the same tokens: tabs renew one after the other, and tell each other the new ones.
 */
import { createStore, type Store } from '../app/store';
import { type Answered, createApi, data, type Send, sendFittingly } from './client';
import { isApiError, Problem } from './problem';
import type { components } from './schema';

type TokenPair = components['schemas']['TokenPair'];

export interface StaffSession {
  /** Slug of the tenant. */
  tenant: string;
  login: string;
}

const KEY = 'hanpyo.staff';
/** A token that ends within this time is replaced before it is used, in milliseconds. */
const MARGIN = 20_000;

interface Access {
  token: string;
  /** By the clock of this device, which may be wrong: counted from the server's time at its answer. */
  ends: number;
}

interface Kept extends StaffSession {
  refresh: string;
  access?: Access;
}

/** Where the tokens are between reloads. */
export interface Vault {
  read: () => Kept | null;
  write: (kept: Kept | null) => void;
}

/** sessionStorage; without it (some browsers refuse it) a reload asks for the password again. */
export const tabVault: Vault = {
  read: () => {
    try {
      const value: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? 'null');
      return typeof value === 'object' && value !== null && 'refresh' in value && 'tenant' in value && 'login' in value ? (value as Kept) : null;
    } catch {
      return null;
    }
  },
  write: (kept) => {
    try {
      if (kept === null) sessionStorage.removeItem(KEY);
      else sessionStorage.setItem(KEY, JSON.stringify(kept));
    } catch {
      // The session then ends with the page.
    }
  },
};

/** What one tab tells the others: the refresh token that it spent, and what it got for it. */
interface Renewed {
  spent: string;
  kept: Kept;
}

/** The tabs of this browser. */
export interface Tabs {
  /** Does it while no other tab does. */
  alone: <T>(act: () => Promise<T>) => Promise<T>;
  tell: (renewed: Renewed) => void;
  listen: (hear: (renewed: Renewed) => void) => void;
}

/** Locks and messages of the browser; a browser without them has each tab on its own. */
export function browserTabs(): Tabs {
  const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(KEY);
  return {
    alone: async (act) => ('locks' in navigator ? await navigator.locks.request(KEY, act) : await act()),
    tell: (renewed) => channel?.postMessage(renewed),
    listen: (hear) => channel?.addEventListener('message', (event: MessageEvent<Renewed>) => hear(event.data)),
  };
}

export interface Staff {
  /** Null when nobody is logged in; follow it with `useStore`. */
  session: Store<StaffSession | null>;
  login: (tenant: string, login: string, password: string) => Promise<void>;
  logout: () => Promise<void>;
  /** Sends with a fresh access token; 401 ends the session. For `createApi(staff.send)`. */
  send: Send;
  /** A fresh access token, for uploads that go around the client. */
  token: () => Promise<string>;
}

export function createStaff(vault: Vault = tabVault, send: Send = sendFittingly, baseUrl = '', tabs: Tabs = browserTabs()): Staff {
  const plain = createApi(send, baseUrl);
  const kept = vault.read();
  const session = createStore<StaffSession | null>(kept && { tenant: kept.tenant, login: kept.login });
  let refresh = kept?.refresh ?? null;
  let access: Access | null = kept?.access ?? null;
  let refreshing: Promise<string> | null = null;

  const take = (next: Kept): void => {
    access = next.access ?? null;
    refresh = next.refresh;
    vault.write(next);
  };
  const end = (): void => {
    access = null;
    refresh = null;
    refreshing = null;
    vault.write(null);
    session.set(null);
  };
  tabs.listen(({ spent, kept: next }) => {
    if (spent === refresh) take(next);
  });
  const nobody = (): Problem => new Problem({ type: 'urn:hanpyo:problem:unauthorized', title: 'Log in first.', status: 401, code: 'unauthorized' });
  const atHand = (): string | null => (access !== null && Date.now() < access.ends - MARGIN ? access.token : null);

  const renew = async (who: StaffSession): Promise<string> => {
    // Another tab may have told its new tokens while this one waited for its turn.
    const told = atHand();
    if (told !== null) return told;
    const spent = refresh;
    if (spent === null || session.get() !== who) throw nobody();
    try {
      const next = keptOf(who, await withDate(plain.POST('/api/v1/auth/refresh', { body: { refresh_token: spent } })));
      // Logged out meanwhile: the answer is of nobody any more.
      if (session.get() !== who) throw nobody();
      take(next);
      tabs.tell({ spent, kept: next });
      return next.access.token;
    } catch (error) {
      // Refused for good; a network that fails leaves the session for the next try.
      if (session.get() === who && error instanceof Problem && (error.status === 401 || error.status === 403)) end();
      throw error;
    }
  };
  const token = (): Promise<string> => {
    const who = session.get();
    if (who === null) return Promise.reject(nobody());
    const known = atHand();
    if (known !== null) return Promise.resolve(known);
    if (refreshing !== null) return refreshing;
    // The refresh token works once, so requests at the same time share one renewal.
    const mine = tabs
      .alone(() => renew(who))
      .finally(() => {
        if (refreshing === mine) refreshing = null;
      });
    refreshing = mine;
    return mine;
  };
  const sendAs = async (request: Request): Promise<Response> => {
    const who = session.get();
    const attempt = async (): Promise<Response> => {
      const copy = request.clone();
      copy.headers.set('authorization', `Bearer ${await token()}`);
      return send(copy);
    };
    const response = await attempt();
    // What one person asked for is never asked again as another who logged in meanwhile.
    if (response.status !== 401 || session.get() !== who) return response;
    // The clock here may be wrong, or the token was revoked: once more with a new one.
    access = null;
    const again = await attempt();
    if (again.status === 401 && session.get() === who) end();
    return again;
  };

  return {
    session,
    token,
    send: sendAs,
    login: async (tenant, login, password) => {
      const who = { tenant, login };
      take(keptOf(who, await withDate(plain.POST('/api/v1/auth/login', { body: { tenant, login, password } }))));
      session.set(who);
    },
    logout: async () => {
      try {
        if (refresh !== null) await data(createApi(sendAs, baseUrl).POST('/api/v1/auth/logout'));
      } catch (error) {
        // Gone here in any case; the server's side ends by itself.
        if (!isApiError(error)) throw error;
      } finally {
        end();
      }
    },
  };
}

interface Dated {
  pair: TokenPair;
  /** The server's time of its answer, in milliseconds since 1970; the device's where the server says none. */
  date: number;
}

async function withDate(answer: Promise<Answered<TokenPair>>): Promise<Dated> {
  const pair = await data(answer);
  const date = Date.parse((await answer).response.headers.get('date') ?? '');
  return { pair, date: Number.isNaN(date) ? Date.now() : date };
}

function keptOf(who: StaffSession, { pair, date }: Dated): Kept & { access: Access } {
  const lasts = Date.parse(pair.access_expires_at) - date;
  return { ...who, refresh: pair.refresh_token, access: { token: pair.access_token, ends: Date.now() + lasts } };
}

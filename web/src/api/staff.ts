/**
 * The staff's session. The access token (minutes) is only in memory. The refresh token must outlive a reload, so it is
 * in sessionStorage: of this tab alone, gone when the tab is closed. It works once; each use brings the next one, and
 * a stolen one that is used ends the session (the server notices the second use). Whoever can run a script in the page
 * could use the session anyway; the policy (no inline, no eval, nothing from elsewhere) is what stands against that.
 */
import { createStore, type Store } from '../app/store';
import { createApi, data, type Send, sendFittingly } from './client';
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

interface Kept extends StaffSession {
  refresh: string;
}

/** Where the refresh token is between reloads. */
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

export function createStaff(vault: Vault = tabVault, send: Send = sendFittingly, baseUrl = ''): Staff {
  const plain = createApi(send, baseUrl);
  const kept = vault.read();
  const session = createStore<StaffSession | null>(kept && { tenant: kept.tenant, login: kept.login });
  let refresh = kept?.refresh ?? null;
  let access: { token: string; ends: number } | null = null;
  let refreshing: Promise<string> | null = null;

  const take = (who: StaffSession, pair: TokenPair): string => {
    access = { token: pair.access_token, ends: Date.parse(pair.access_expires_at) };
    refresh = pair.refresh_token;
    vault.write({ ...who, refresh: pair.refresh_token });
    return pair.access_token;
  };
  const end = (): void => {
    access = null;
    refresh = null;
    vault.write(null);
    session.set(null);
  };
  const renew = async (): Promise<string> => {
    const who = session.get();
    if (who === null || refresh === null) throw new Problem({ type: 'urn:hanpyo:problem:unauthorized', title: 'Log in first.', status: 401, code: 'unauthorized' });
    try {
      return take(who, await data(plain.POST('/api/v1/auth/refresh', { body: { refresh_token: refresh } })));
    } catch (error) {
      // Refused for good; a network that fails leaves the session for the next try.
      if (error instanceof Problem && (error.status === 401 || error.status === 403)) end();
      throw error;
    }
  };
  const token = (): Promise<string> => {
    if (access !== null && Date.now() < access.ends - MARGIN) return Promise.resolve(access.token);
    // The refresh token works once, so requests at the same time share one renewal.
    refreshing ??= renew().finally(() => {
      refreshing = null;
    });
    return refreshing;
  };
  const sendAs = async (request: Request): Promise<Response> => {
    const attempt = async (): Promise<Response> => {
      const copy = request.clone();
      copy.headers.set('authorization', `Bearer ${await token()}`);
      return send(copy);
    };
    const response = await attempt();
    if (response.status !== 401) return response;
    // The clock here may be wrong, or the token was revoked: once more with a new one.
    access = null;
    const again = await attempt();
    if (again.status === 401) end();
    return again;
  };

  return {
    session,
    token,
    send: sendAs,
    login: async (tenant, login, password) => {
      const pair = await data(plain.POST('/api/v1/auth/login', { body: { tenant, login, password } }));
      const who = { tenant, login };
      take(who, pair);
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

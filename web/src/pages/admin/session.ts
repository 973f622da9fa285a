/** Who is logged in: the staff's session of this tab, the API through it, and the account behind it. */
import { createStore, useStore } from '../../app/store';
import { createApi, data, sendFittingly } from '../../api/client';
import { type ApiError, isApiError, Problem } from '../../api/problem';
import type { components } from '../../api/schema';
import { createStaff, tabVault } from '../../api/staff';
import { serverClock } from '../booth/core/clock';
import { dayOf } from './wizard/dates';

export type Account = components['schemas']['Me'];
export type Role = components['schemas']['Role'];

/** The server's time: what is due is never judged by the clock of this computer. */
export const clock = serverClock();

export const staff = createStaff(tabVault, async (request) => {
  const response = await sendFittingly(request);
  // Taken as of now: how long it was tried before is not in the answer.
  clock.observe(response.headers.get('date'), performance.now());
  return response;
});

/** The day in Korea, by the server. */
export function today(): string {
  const now = clock.now();
  // Whoever is logged in had an answer of the server.
  if (now === null) throw new Error('the server has not said its time');
  return dayOf(Math.floor(now / 1000));
}

/** The API as the one who is logged in. */
export const api = createApi(staff.send);

export type AccountState =
  | { state: 'nobody' }
  | { state: 'loading' }
  /** An administrator chose the password: until it is changed, the server refuses everything else. */
  | { state: 'must-change-password' }
  | { state: 'failed'; error: ApiError }
  | { state: 'ready'; account: Account };

const account = createStore<AccountState>({ state: staff.session.get() === null ? 'nobody' : 'loading' });
staff.session.subscribe((session) => {
  if (session === null) account.set({ state: 'nobody' });
});

/** Asks the server who is logged in. */
export async function loadAccount(): Promise<void> {
  const who = staff.session.get();
  if (who === null) return;
  account.set({ state: 'loading' });
  try {
    const found = await data(api.GET('/api/v1/auth/me'));
    // Someone else may be logged in by now, and is asked about by a call of their own.
    if (staff.session.get() === who) account.set({ state: 'ready', account: found });
  } catch (error) {
    if (!isApiError(error)) throw error;
    // A refused session is over, which `staff.session` said already.
    if (staff.session.get() !== who) return;
    account.set(error instanceof Problem && error.code === 'password-change-required' ? { state: 'must-change-password' } : { state: 'failed', error });
  }
}
if (staff.session.get() !== null) void loadAccount();

export async function logIn(tenant: string, login: string, password: string): Promise<void> {
  await staff.login(tenant, login, password);
  await loadAccount();
}

/** Changes one's own password, which ends all sessions of the account, and logs in with the new one. */
export async function changePassword(current: string, next: string): Promise<void> {
  const who = staff.session.get();
  if (who === null) return;
  await data(api.POST('/api/v1/auth/password', { body: { current, new: next } }));
  await logIn(who.tenant, who.login, next);
}

export const useAccountState = (): AccountState => useStore(account);

/** The account; inside pages, which are shown only to someone who is logged in. */
export function useAccount(): Account {
  const found = useAccountState();
  if (found.state !== 'ready') throw new Error('a page of the console is shown to nobody');
  return found.account;
}

/**
 * What the console's pages keep in the page's memory while its staff go from one page to another. Several people use one
 * browser, and two organisations may use one short name: everything kept has an owner, and is seen by that owner alone.
 */
import { createStore, type Store } from '../../app/store';
import { staff } from './session';

export interface Owned<T> {
  /** As `ownerOf` names it. */
  owner: string;
  value: T;
}

/** The owner of what is kept of an election: organisation and account that are logged in, and the election. */
export function ownerOf(slug: string): string {
  const who = staff.session.get();
  return JSON.stringify([who?.tenant, who?.login, slug]);
}

const forgets: (() => void)[] = [];

/**
 * A store for something of an election. It is emptied at log-out and when someone else logs in. A session that only ran
 * out keeps it, so that whoever was writing logs in again and goes on.
 */
export function createOwnStore<T>(): Store<Owned<T> | null> {
  const store = createStore<Owned<T> | null>(null);
  forgets.push(() => store.set(null));
  return store;
}

/** Empties every store of this kind. */
export function forgetAll(): void {
  for (const forget of forgets) forget();
}

let last = staff.session.get();
staff.session.subscribe((next) => {
  if (next === null) return;
  if (last !== null && (last.tenant !== next.tenant || last.login !== next.login)) forgetAll();
  last = next;
});

/** Ends the session and forgets what was looked at and written in it. */
export async function logOut(): Promise<void> {
  forgetAll();
  await staff.logout();
  // What was on its way meanwhile is of nobody any more.
  forgetAll();
}

/** The admin console. */
import type { Route } from '../../app/router';
import { Dashboard } from './dashboard';
import { inElection } from './election/frame';
import { Overview } from './election/overview';
import { pages } from './operate';
import { PasswordPage } from './password';

/** The routes of this group of pages. */
export const routes: readonly Route[] = [
  { path: '/admin', page: Dashboard },
  { path: '/admin/account', page: () => <PasswordPage /> },
  { path: '/admin/e/:election', page: inElection(Overview) },
  ...pages.map(({ path, page }) => ({ path: `/admin/e/:election/${path}`, page: inElection(page) })),
];

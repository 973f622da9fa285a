/** The admin console. */
import type { Route } from '../../app/router';
import { Dashboard } from './dashboard';
import { inElection } from './election/frame';
import { Overview } from './election/overview';
import { pages } from './operate';
import { OfficialPaper } from './operate/papers';
import { PasswordPage } from './password';
import { PeoplePage } from './people/page';
import { PreviewPage } from './preview/page';
import { CreatePage } from './wizard/create';
import { WizardPage } from './wizard/page';

/** The routes of this group of pages. */
export const routes: readonly Route[] = [
  { path: '/admin', page: Dashboard },
  { path: '/admin/account', page: () => <PasswordPage /> },
  { path: '/admin/people', page: PeoplePage },
  { path: '/admin/new', page: CreatePage },
  { path: '/admin/e/:election', page: inElection(Overview) },
  { path: '/admin/e/:election/edit/:step', page: inElection(WizardPage) },
  { path: '/admin/e/:election/preview', page: inElection(PreviewPage) },
  { path: '/admin/e/:election/papers/:paper', page: inElection(OfficialPaper) },
  ...pages.map(({ path, page }) => ({ path: `/admin/e/:election/${path}`, page: inElection(page) })),
];

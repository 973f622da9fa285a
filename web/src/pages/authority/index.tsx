import type { Route } from '../../app/router';
import { AuthorityPage } from './page';

/** The routes of this group of pages. */
export const routes: readonly Route[] = [{ path: '/', page: AuthorityPage }];

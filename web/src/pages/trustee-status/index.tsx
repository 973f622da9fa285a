import type { Route } from '../../app/router';
import { TrusteeStatusPage } from './page';

/** The routes of this group of pages. */
export const routes: readonly Route[] = [{ path: '/e/:tenant/:election/trustees', page: TrusteeStatusPage }];

import type { Route } from '../../app/router';
import { BoothPage } from './page';

/** The routes of this group of pages. */
export const routes: readonly Route[] = [{ path: '/e/:tenant/:election/vote', page: BoothPage }];

import type { Route } from '../../app/router';
import { CheckPage } from './page';

/** The routes of this group of pages. */
export const routes: readonly Route[] = [{ path: '/e/:tenant/:election/check', page: CheckPage }];

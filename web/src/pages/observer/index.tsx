import type { Route } from '../../app/router';
import { ObserverPage } from './page';

/** The routes of this group of pages. */
export const routes: readonly Route[] = [{ path: '/e/:tenant/:election/observe', page: ObserverPage }];

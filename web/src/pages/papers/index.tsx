import type { Route } from '../../app/router';
import { PublicPaper } from './page';

/** The routes of this group of pages. */
export const routes: readonly Route[] = [{ path: '/e/:tenant/:election/papers/:paper', page: PublicPaper }];

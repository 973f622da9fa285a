import type { Route } from '../../app/router';
import { ElectionPage } from './election';
import { ListPage } from './list';

/** The routes of this group of pages. */
export const routes: readonly Route[] = [
  { path: '/', page: ListPage },
  { path: '/e/:tenant/:election', page: ElectionPage },
];

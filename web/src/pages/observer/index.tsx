import type { Route } from '../../app/router';

/** The routes of this group of pages. */
export const routes: readonly Route[] = [];

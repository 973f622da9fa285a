import type { Route } from '../../app/router';
import { TrusteePage } from './page';

/** The routes of this group of pages. */
export const routes: readonly Route[] = [{ path: '/', page: TrusteePage }];

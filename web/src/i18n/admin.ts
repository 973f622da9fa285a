/** Texts of the pages in src/pages/admin. */
import { catalogue } from './catalogue';
import { common } from './common';

export const admin = catalogue(common, {}, {});

/** Texts of the pages in src/pages/check. */
import { catalogue } from './catalogue';
import { common } from './common';

export const check = catalogue(common, {}, {});

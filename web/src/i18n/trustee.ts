/** Texts of the pages in src/pages/trustee. */
import { catalogue } from './catalogue';
import { common } from './common';

export const trustee = catalogue(common, {}, {});

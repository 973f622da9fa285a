/** Texts of the pages in src/pages/home. */
import { catalogue } from './catalogue';
import { common } from './common';

export const home = catalogue(common, {}, {});

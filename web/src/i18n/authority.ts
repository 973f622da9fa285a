/** Texts of the pages in src/pages/authority. */
import { catalogue } from './catalogue';
import { common } from './common';

export const authority = catalogue(common, {}, {});

/** Texts of the pages in src/pages/observer. */
import { catalogue } from './catalogue';
import { common } from './common';

export const observer = catalogue(common, {}, {});

/** Texts of the pages in src/pages/booth. */
import { catalogue } from './catalogue';
import { common } from './common';

export const booth = catalogue(common, {}, {});

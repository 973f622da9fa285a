/** Texts of the pages in src/ui/examples. */
import { catalogue } from './catalogue';
import { common } from './common';

export const examples = catalogue(common, {}, {});

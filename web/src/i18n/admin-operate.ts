/** Texts of the pages in src/pages/admin/operate. Names of pages in an election's navigation are `nav.*`. */
import { catalogue } from './catalogue';
import { common } from './common';

export const adminOperate = catalogue(common, {}, {});

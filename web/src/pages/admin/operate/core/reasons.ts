/**
 * What the server says about a row of a file, a field of a form or a proposal, in the reader's language. The server speaks English; what
 * is not known here is shown as it came. A test compares these patterns with the server's sources.
 */
import type { adminOperate } from '../../../../i18n/admin-operate';
import type { Translate } from '../../../../i18n';

export type Say = Translate<(typeof adminOperate)['ko']>;

interface Reason {
  pattern: RegExp;
  say: (t: Say, found: readonly string[]) => string;
}

const number = (text: string | undefined): number => Number(text ?? '0');

export const REASONS: readonly Reason[] = [
  { pattern: /^occurs twice; first in line (\d+)$/, say: (t, [n]) => t('reason.twice', { line: number(n) }) },
  { pattern: /^is in the stored roll already$/, say: (t) => t('reason.stored') },
  { pattern: /^this column occurs twice$/, say: (t) => t('reason.column-twice') },
  { pattern: /^this column is missing$/, say: (t) => t('reason.column-missing') },
  { pattern: /^unknown column "(.*)"; expected (.+)$/, say: (t, [name, columns]) => t('reason.column-unknown', { name: name ?? '', columns: columns ?? '' }) },
  { pattern: /^expected (\d+) fields, found (\d+)$/, say: (t, [expected, found]) => t('reason.fields', { expected: number(expected), found: number(found) }) },
  { pattern: /^the row is longer than (\d+) bytes; is a closing quote missing before\?$/, say: (t) => t('reason.long-row') },
  { pattern: /^the file is empty; expected (.+)$/, say: (t, [columns]) => t('reason.empty-file', { columns: columns ?? '' }) },
  { pattern: /^the file has no rows$/, say: (t) => t('reason.no-rows') },
  { pattern: /^not UTF-8; save the file as "CSV UTF-8"$/, say: (t) => t('reason.utf8') },
  { pattern: /^contains a control character, a line break for example$/, say: (t) => t('reason.control') },
  { pattern: /^is empty$/, say: (t) => t('reason.empty') },
  { pattern: /^is empty, and the election has several ballot styles$/, say: (t) => t('reason.style-empty') },
  { pattern: /^expected (\d+) to (\d+) characters, found (\d+)$/, say: (t, [least, most, found]) => t('reason.length', { least: number(least), most: number(most), found: number(found) }) },
  { pattern: /^expected 1 to (\d+) characters without control characters or outer spaces$/, say: (t, [most]) => t('reason.text', { most: number(most) }) },
  { pattern: /^begins with one of = \+ - @, which a spreadsheet would compute$/, say: (t) => t('reason.formula') },
  { pattern: /^expected an e-mail address or a telephone number of 7 to 15 digits$/, say: (t) => t('reason.contact') },
  { pattern: /^no reporting unit of the manifest has this title$/, say: (t) => t('reason.no-unit') },
  { pattern: /^no ballot style of the manifest has this title$/, say: (t) => t('reason.no-style') },
  { pattern: /^more than one .+ of the manifest has this title$/, say: (t) => t('reason.many-titles') },
  { pattern: /^expected a whole number from 1 to 4294967295$/, say: (t) => t('reason.weight') },
  { pattern: /^expected at least 1$/, say: (t) => t('reason.least-one') },
  { pattern: /^the file is no \.xlsx workbook: (.+)$/, say: (t) => t('reason.no-workbook') },
  { pattern: /^expected one sheet with cells, found (\d+)$/, say: (t, [found]) => t('reason.sheets', { found: number(found) }) },
  { pattern: /^is a number, which may have lost leading zeros; format the column as text and type it again$/, say: (t) => t('reason.number') },
  { pattern: /^is a date or a time; format the column as text$/, say: (t) => t('reason.date') },
  { pattern: /^is a truth value; format the column as text$/, say: (t) => t('reason.truth') },
  { pattern: /^is an error of the spreadsheet: (.+)$/, say: (t, [error]) => t('reason.sheet-error', { error: error ?? '' }) },
  { pattern: /^contains a line break$/, say: (t) => t('reason.line-break') },
  // What a proposal says in one line.
  { pattern: /^roll chunk: (\d+) credentials from (\d+)$/, say: (t, [n, first]) => t('proposal.says.chunk', { n: number(n), first: first ?? '' }) },
  { pattern: /^seal the roll with (\d+) credentials$/, say: (t, [n]) => t('proposal.says.seal', { n: number(n) }) },
  { pattern: /^revoke credential (\d+): ([\s\S]+)$/, say: (t, [credential, reason]) => t('proposal.says.revoke', { credential: credential ?? '', reason: reason ?? '' }) },
  { pattern: /^re-issue credential (\d+) as (\d+)$/, say: (t, [before, after]) => t('proposal.says.re-issue', { before: before ?? '', after: after ?? '' }) },
  { pattern: /^expected a whole number from 0 to 4294967295$/, say: (t) => t('reason.credential') },
  { pattern: /^voter "(.*)" of the roll is not in the file$/, say: (t, [voter]) => t('reason.voter-missing', { voter: voter ?? '' }) },
  { pattern: /^is not in the roll$/, say: (t) => t('reason.no-voter') },
  { pattern: /^no such voter in the roll$/, say: (t) => t('reason.no-voter') },
  { pattern: /^there is no placeholder \{(.*)\}$/, say: (t, [name]) => t('reason.placeholder', { name: `{${name ?? ''}}` }) },
];

/** The server's reason in the reader's language, or as it came. */
export function sayReason(t: Say, reason: string): string {
  for (const { pattern, say } of REASONS) {
    const found = pattern.exec(reason);
    if (found) return say(t, found.slice(1));
  }
  return reason;
}

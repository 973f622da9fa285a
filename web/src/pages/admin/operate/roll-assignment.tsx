import type { JSX } from 'preact';
import { data } from '../../../api/client';
import { adminOperate as texts } from '../../../i18n/admin-operate';
import { useText } from '../../../i18n';
import { Notice } from '../../../ui/notice';
import { api } from '../session';
import { E, type Office } from './core/office';
import { type Report, TableFile } from './table-file';

/** The authority's clerk hands in whose credential is whose; it can be replaced until the roll is sealed. */
export function RollAssignment({ office, assigned, onDone }: { office: Office; assigned: number; onDone: () => void }): JSX.Element {
  const t = useText(texts);
  const { path } = office;
  const send = async (file: File, type: string, dry: boolean): Promise<Report> => data(api.PUT(`${E}/roll/assignment`, { params: { path, query: { dry_run: dry } }, headers: { 'content-type': type }, body: '', bodySerializer: () => file }));
  return (
    <div class="card stack">
      <p>{t('assign.lead')}</p>
      {assigned > 0 && <Notice>{t('assign.again', { n: assigned })}</Notice>}
      <TableFile id="assignment-file" label={t('assign.file')} hint={t('assign.hint')} send={send} take={(n) => t('assign.take', { n })} taken={(n) => t('assign.done', { n })} onDone={onDone} />
    </div>
  );
}

import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { data } from '../../../api/client';
import { adminOperate as texts } from '../../../i18n/admin-operate';
import { useText } from '../../../i18n';
import { Button } from '../../../ui/button';
import { FileDrop } from '../../../ui/file-drop';
import { Notice } from '../../../ui/notice';
import { toast } from '../../../ui/toast';
import { api } from '../session';
import { useAct } from './core/load';
import { E, type Office, type Schemas } from './core/office';
import { Problems, reportOf, TABLES, typeOf } from './roll-import';
import { Trouble } from './trouble';

type Report = Schemas['Report'];

/** The authority's clerk hands in whose credential is whose: checked first, taken as a whole, replaced until the roll is sealed. */
export function RollAssignment({ office, assigned, onDone }: { office: Office; assigned: number; onDone: () => void }): JSX.Element {
  const t = useText(texts);
  const [file, setFile] = useState<File | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const [report, setReport] = useState<Report | null>(null);
  const check = useAct();
  const take = useAct();
  const { path } = office;
  const send = async (of: File, dry: boolean) => api.PUT(`${E}/roll/assignment`, { params: { path, query: { dry_run: dry } }, headers: { 'content-type': await typeOf(of) }, body: '', bodySerializer: () => of });

  const choose = (next: File | null): void => {
    setFile(next);
    setWrong(null);
    setReport(null);
    check.clear();
    take.clear();
  };
  const examine = (): void =>
    void check.run(async () => {
      setReport(null);
      if (file === null) setWrong(t('import.none'));
      else setReport(await data(send(file, true)));
    });
  const store = (): void =>
    void take.run(async () => {
      if (file === null || report === null) return;
      await data(send(file, false));
      toast(t('assign.done', { n: report.rows }));
      choose(null);
      onDone();
    });

  const shown = reportOf(take.error) ?? report;
  const clean = shown !== null && shown.problems_total === 0;
  return (
    <div class="card stack">
      <p>{t('assign.lead')}</p>
      {assigned > 0 && <Notice>{t('assign.again', { n: assigned })}</Notice>}
      <FileDrop label={t('assign.file')} hint={t('assign.hint')} accept={TABLES} file={file} onFile={choose} error={wrong} id="assignment-file" />
      <div class="row">
        <Button kind={clean ? 'secondary' : 'primary'} busy={check.busy} onClick={examine}>
          {t('import.check')}
        </Button>
        {clean && (
          <Button kind="primary" busy={take.busy} onClick={store}>
            {t('assign.take', { n: shown.rows })}
          </Button>
        )}
      </div>
      <Trouble error={check.error} />
      <Trouble error={reportOf(take.error) === null ? take.error : null} />
      {clean && <Notice kind="success" title={t('import.clean', { n: shown.rows })} live="status" />}
      {shown !== null && !clean && <Problems report={shown} file={file?.name ?? ''} />}
    </div>
  );
}

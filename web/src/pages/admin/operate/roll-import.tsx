import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { data } from '../../../api/client';
import { type ApiError, Problem } from '../../../api/problem';
import { adminOperate as texts } from '../../../i18n/admin-operate';
import { usePick, useText } from '../../../i18n';
import { Button } from '../../../ui/button';
import { FileDrop } from '../../../ui/file-drop';
import { Notice } from '../../../ui/notice';
import { Table } from '../../../ui/table';
import { Disclosure } from '../../../ui/timeline';
import { toast } from '../../../ui/toast';
import { api } from '../session';
import { csv, saveFile } from './core/csv';
import { useAct } from './core/load';
import { E, type Office, type Schemas } from './core/office';
import { sayReason } from './core/reasons';
import { Trouble } from './trouble';

type Report = Schemas['Report'];
type Unit = Schemas['UnitView'];

const WORKBOOK = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
/** Files to choose from. */
export const TABLES = `.csv,.xlsx,text/csv,${WORKBOOK}`;
/** What every workbook (.xlsx) begins with, being a zip archive. Names and the browser's guess of a type do not say what a file is. */
const ZIP = [0x50, 0x4b, 0x03, 0x04];

export async function typeOf(file: File): Promise<string> {
  const start = new Uint8Array(await file.slice(0, ZIP.length).arrayBuffer());
  return ZIP.every((byte, place) => start[place] === byte) ? WORKBOOK : 'text/csv';
}

/** The report that a refused import carries. */
export const reportOf = (error: ApiError | null): Report | null => (error instanceof Problem ? (error.body.report ?? null) : null);

/** A file of voters: checked first, every problem with its line, then taken as a whole or not at all. */
export function RollImport({ office, units, onDone }: { office: Office; units: readonly Unit[]; onDone: () => void }): JSX.Element {
  const t = useText(texts);
  const [file, setFile] = useState<File | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const [report, setReport] = useState<Report | null>(null);
  const check = useAct();
  const take = useAct();
  const { path } = office;
  const send = async (of: File, dry: boolean) => api.POST(`${E}/roll`, { params: { path, query: { dry_run: dry } }, headers: { 'content-type': await typeOf(of) }, body: '', bodySerializer: () => of });

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
      if (file === null) {
        setWrong(t('import.none'));
        return;
      }
      setReport((await data(send(file, true))) as Report);
    });
  const store = (): void =>
    void take.run(async () => {
      if (file === null || report === null) return;
      await data(send(file, false));
      toast(t('import.done', { n: report.rows }));
      choose(null);
      onDone();
    });

  const shown = reportOf(take.error) ?? report;
  const clean = shown !== null && shown.problems_total === 0;
  return (
    <div class="card stack">
      <p>{t('import.lead')}</p>
      <Columns units={units} />
      <FileDrop label={t('import.file')} hint={t('import.hint')} accept={TABLES} file={file} onFile={choose} error={wrong} id="roll-file" />
      <div class="row">
        <Button kind={clean ? 'secondary' : 'primary'} busy={check.busy} onClick={examine}>
          {t('import.check')}
        </Button>
        {clean && (
          <Button kind="primary" busy={take.busy} onClick={store}>
            {t('import.take', { n: shown.rows })}
          </Button>
        )}
      </div>
      <Trouble error={check.error} />
      <Trouble error={reportOf(take.error) === null ? take.error : null} />
      {clean && (
        <Notice kind="success" title={t('import.clean', { n: shown.rows })} live="status">
          <p>{t('import.clean.body')}</p>
        </Notice>
      )}
      {shown !== null && !clean && <Problems report={shown} file={file?.name ?? ''} />}
    </div>
  );
}

/** What the file must look like, with the titles that this election has. */
function Columns({ units }: { units: readonly Unit[] }): JSX.Element {
  const t = useText(texts);
  const pick = usePick();
  const title = ({ title_ko, title_en }: Unit): string => pick({ ko: title_ko, en: title_en });
  const sample = (): void =>
    saveFile(
      'roll-sample.csv',
      csv(
        ['voter_id', 'name', 'contact', 'district'],
        units.slice(0, 3).map((unit, place) => [`V${String(place + 1).padStart(5, '0')}`, t('import.sample.name', { n: place + 1 }), `voter${String(place + 1)}@example.org`, unit.title_ko]),
      ),
    );
  return (
    <Disclosure summary={t('import.columns')}>
      <dl class="operate-columns">
        {(['voter_id', 'name', 'contact', 'district', 'style', 'weight'] as const).map((column) => (
          <div key={column}>
            <dt>
              <code>{column}</code>
            </dt>
            <dd>{t(`import.column.${column}`)}</dd>
          </div>
        ))}
      </dl>
      <p class="small">{t('import.districts', { list: units.map(title).join(', ') })}</p>
      <div class="row">
        <Button size="small" icon="download" onClick={sample}>
          {t('import.sample')}
        </Button>
      </div>
    </Disclosure>
  );
}

/** Every problem of the file, by line and column. */
export function Problems({ report, file }: { report: Report; file: string }): JSX.Element {
  const t = useText(texts);
  const line = (value: number | null | undefined): string => (value === null || value === undefined ? t('import.whole-file') : String(value));
  const column = (value: string | null | undefined): string => value ?? t('import.whole-line');
  const save = (): void =>
    saveFile(
      `${file.replace(/\.csv$/i, '')}-problems.csv`,
      csv(
        [t('import.line'), t('import.column'), t('import.reason')],
        report.problems.map((one) => [one.line ?? '', one.column ?? '', sayReason(t, one.reason)]),
      ),
    );
  return (
    <div class="stack">
      <Notice kind="danger" title={t('import.problems', { n: report.problems_total, rows: report.rows })} live="alert">
        <p>{t('import.problems.body')}</p>
      </Notice>
      <Table
        caption={t('import.problems.caption')}
        rows={report.problems.map((one, place) => ({ ...one, place }))}
        rowKey={({ place }) => place}
        columns={[
          { key: 'line', header: t('import.line'), cell: (one) => line(one.line), sortBy: (one) => one.line ?? 0, rowHeader: true },
          { key: 'column', header: t('import.column'), cell: (one) => (typeof one.column === 'string' ? <code>{one.column}</code> : column(one.column)), sortBy: (one) => one.column ?? '' },
          { key: 'reason', header: t('import.reason'), cell: (one) => sayReason(t, one.reason) },
        ]}
      />
      {report.problems_total > report.problems.length && <p class="soft small">{t('import.more', { n: report.problems.length })}</p>}
      <div class="row">
        <Button size="small" icon="download" onClick={save}>
          {t('import.save')}
        </Button>
      </div>
    </div>
  );
}

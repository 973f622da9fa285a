import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { type ApiError, Problem } from '../../../api/problem';
import { adminOperate as texts } from '../../../i18n/admin-operate';
import { useText } from '../../../i18n';
import { Button } from '../../../ui/button';
import { FileDrop } from '../../../ui/file-drop';
import { Notice } from '../../../ui/notice';
import { Table } from '../../../ui/table';
import { toast } from '../../../ui/toast';
import { csv, saveFile } from './core/csv';
import { useAct } from './core/load';
import type { Schemas } from './core/office';
import { sayReason } from './core/reasons';
import { Trouble } from './trouble';

export type Report = Schemas['Report'];

const WORKBOOK = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
/** Files to choose from. */
const TABLES = `.csv,.xlsx,text/csv,${WORKBOOK}`;
/** What every workbook (.xlsx) begins with, being a zip archive. Names and the browser's guess of a type do not say what a file is. */
const ZIP = [0x50, 0x4b, 0x03, 0x04];

async function typeOf(file: File): Promise<string> {
  const start = new Uint8Array(await file.slice(0, ZIP.length).arrayBuffer());
  return ZIP.every((byte, place) => start[place] === byte) ? WORKBOOK : 'text/csv';
}

/** The report that a refused file carries. */
const reportOf = (error: ApiError | null): Report | null => (error instanceof Problem ? (error.body.report ?? null) : null);

export interface TableFileProps {
  id: string;
  label: string;
  hint: string;
  /** Sends the file by its content type, to be checked only where `dry`. */
  send: (file: File, type: string, dry: boolean) => Promise<Report>;
  /** What the button says that takes so many rows. */
  take: (rows: number) => string;
  /** What is said once they are taken. */
  taken: (rows: number) => string;
  /** More about a file without problems. */
  clean?: string;
  onDone: () => void;
}

/** A table in a file: checked first, every problem with its line, then taken as a whole or not at all. */
export function TableFile({ id, label, hint, send, take, taken, clean, onDone }: TableFileProps): JSX.Element {
  const t = useText(texts);
  const [file, setFile] = useState<File | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const [report, setReport] = useState<Report | null>(null);
  const checking = useAct();
  const taking = useAct();

  const choose = (next: File | null): void => {
    setFile(next);
    setWrong(null);
    setReport(null);
    checking.clear();
    taking.clear();
  };
  const check = (): void =>
    void checking.run(async () => {
      setReport(null);
      if (file === null) setWrong(t('import.none'));
      else setReport(await send(file, await typeOf(file), true));
    });
  const store = (): void =>
    void taking.run(async () => {
      if (file === null || report === null) return;
      await send(file, await typeOf(file), false);
      toast(taken(report.rows));
      choose(null);
      onDone();
    });

  const refused = reportOf(taking.error);
  const shown = refused ?? report;
  const good = shown !== null && shown.problems_total === 0;
  return (
    <>
      <FileDrop label={label} hint={hint} accept={TABLES} file={file} onFile={choose} error={wrong} id={id} />
      <div class="row">
        <Button kind={good ? 'secondary' : 'primary'} busy={checking.busy} onClick={check}>
          {t('import.check')}
        </Button>
        {good && (
          <Button kind="primary" busy={taking.busy} onClick={store}>
            {take(shown.rows)}
          </Button>
        )}
      </div>
      <Trouble error={checking.error} />
      <Trouble error={refused === null ? taking.error : null} />
      {good && (
        <Notice kind="success" title={t('import.clean', { n: shown.rows })} live="status">
          {clean !== undefined && <p>{clean}</p>}
        </Notice>
      )}
      {shown !== null && !good && <Problems report={shown} file={file?.name ?? ''} />}
    </>
  );
}

/** Every problem of the file, by line and column. */
function Problems({ report, file }: { report: Report; file: string }): JSX.Element {
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

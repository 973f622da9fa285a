import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { authority as texts } from '../../i18n/authority';
import { useFormat, usePick, useText } from '../../i18n';
import { JobNotice } from '../../local/parts';
import type { UnitVoters } from '../../local/messages';
import { Button } from '../../ui/button';
import { FileDrop } from '../../ui/file-drop';
import { Notice } from '../../ui/notice';
import { type Column, Table } from '../../ui/table';
import type { ScreenProps } from './page';

/** The roll is chosen, looked at, and then codes are made for it. */
export function Issue({ state: { view, job }, desk, busy }: ScreenProps): JSX.Element {
  const t = useText(texts);
  const format = useFormat();
  const pick = usePick();
  const [roll, setRoll] = useState<File | null>(null);
  const [order, setOrder] = useState<File | null>(null);
  const [failed, setFailed] = useState(false);
  const [sending, setSending] = useState(false);
  const election = view.board?.election;
  const second = election?.authorities.length === 2 && election.number === 2;
  const look = async (): Promise<void> => {
    setSending(true);
    // What was handed over before stays where the program put it.
    const sent = (roll === null || (await desk.send('roll', roll))) && (order === null || (await desk.send('order', order)));
    setFailed(!sent);
    setSending(false);
    if (sent) await desk.begin({ kind: 'roll' });
  };
  const ready = (roll !== null || view.roll_chosen) && (!second || order !== null || view.order_chosen);
  const columns: Column<UnitVoters>[] = [
    { key: 'unit', header: t('issue.unit'), rowHeader: true, cell: ({ unit }) => pick(unit) },
    { key: 'voters', header: t('issue.voters'), numeric: true, cell: ({ voters }) => format.number(voters) },
  ];
  return (
    <>
      <div class="card stack">
        <FileDrop id="roll" label={t('issue.roll')} hint={t('issue.roll.hint')} accept=".csv,text/csv" file={roll} onFile={setRoll} error={failed ? t('issue.send-failed') : null} />
        {second && <FileDrop id="order" label={t('issue.order')} hint={t('issue.order.hint')} accept=".csv,text/csv" file={order} onFile={setOrder} />}
        <div class="row">
          <Button kind={view.roll === null ? 'primary' : 'secondary'} busy={busy || sending} disabled={!ready} onClick={() => void look()}>
            {t('issue.check')}
          </Button>
        </div>
        <p class="small soft">{t('issue.check.body')}</p>
      </div>
      <JobNotice job={job} actions={['roll', 'issue']} />
      {view.roll !== null && (
        <>
          <Table caption={t('issue.found', { n: view.roll.voters })} columns={columns} rows={view.roll.units} rowKey={({ unit }) => unit.ko} />
          <Notice kind="warning">
            <p>{t('issue.once')}</p>
          </Notice>
          <div class="row">
            <Button kind="primary" busy={busy} onClick={() => void desk.begin({ kind: 'issue' })}>
              {t('issue.start', { n: view.roll.voters })}
            </Button>
          </div>
        </>
      )}
    </>
  );
}

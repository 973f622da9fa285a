import type { JSX } from 'preact';
import { data } from '../../../api/client';
import { adminOperate as texts } from '../../../i18n/admin-operate';
import { useFormat, useText } from '../../../i18n';
import { ButtonLink } from '../../../ui/button';
import { Notice } from '../../../ui/notice';
import { Section } from '../../../ui/page';
import { Steps } from '../../../ui/steps';
import { Table } from '../../../ui/table';
import { Badge } from '../../../ui/timeline';
import { RecordSection } from '../../home/record';
import { ResultSection } from '../../home/result';
import { TurnoutSection } from '../../home/turnout';
import type { Trustees } from './ceremony';
import { api } from '../session';
import { useLoad } from './core/load';
import { E, type Office, type Phase, useFace, useOffice } from './core/office';
import { useRecord } from './core/record';
import { OperatePage } from './frame';
import { RecordView } from './record-view';
import { Trouble } from './trouble';
import '../../home/home.css';

const PACE = 3_000;
/** The way from the last ballot to the result. */
const WAY = ['open', 'closed', 'tally', 'finished'] as const satisfies readonly Phase[];

/** The way to the result, the result with its quorum and majority, and where anyone checks it. */
export function ResultsPage(): JSX.Element {
  const t = useText(texts);
  const office = useOffice();
  const face = useFace(office);
  const record = useRecord(office, PACE);
  const phase = face.value?.phase;
  const at = WAY.findIndex((one) => one === phase);
  return (
    <OperatePage face={face} title={t('results')} lead={t('results.lead')}>
      {phase === 'void' && <Notice kind="danger" title={t('results.void')} />}
      {phase !== undefined && phase !== 'void' && at < 0 && <Notice title={t('results.early')} />}
      {at >= 0 && phase !== 'finished' && (
        <>
          <Steps label={t('results.way')} steps={WAY.map((one) => t(`results.way.${one}`))} current={at} />
          <Notice live="status" title={t(`results.now.${WAY[at] ?? 'open'}`)}>
            <p>{t(`results.now.${WAY[at] ?? 'open'}.body`)}</p>
          </Notice>
          {phase === 'tally' && <Decryption office={office} />}
        </>
      )}
      <RecordView record={record}>
        {({ manifest, figures, stale }) => (
          <>
            {manifest !== null && figures.results !== null && (
              <>
                <ResultSection manifest={manifest} results={figures.results} turnout={figures.turnout} />
                <div class="row">
                  <ButtonLink icon="print" kind="primary" to={office.at('papers/count-sheet')}>
                    {t('results.sheet')}
                  </ButtonLink>
                  <ButtonLink to={office.at('papers')}>{t('nav.papers')}</ButtonLink>
                  <ButtonLink to={office.home} target="_blank" icon="external">
                    {t('results.public')}
                  </ButtonLink>
                </div>
                <TurnoutSection manifest={manifest} figures={figures} stale={stale} />
              </>
            )}
            <RecordSection face={figures.face} home={office.home} verified={manifest !== null} />
          </>
        )}
      </RecordView>
    </OperatePage>
  );
}

/** Who has decrypted, and how many are needed. */
function Decryption({ office }: { office: Office }): JSX.Element {
  const t = useText(texts);
  const format = useFormat();
  const view = useLoad(() => data(api.GET(`${E}/trustees`, { params: { path: office.path } })), [office.path.election], PACE);
  const found = view.value;
  return (
    <Section title={t('decryption')}>
      <Trouble error={view.error} onAgain={() => void view.reload()} />
      {found !== null && (
        <>
          <p>{t('decryption.lead', { quorum: found.quorum, n: found.trustees.length, done: found.trustees.filter(({ decrypted }) => decrypted).length })}</p>
          <Table
            caption={t('decryption')}
            captionHidden
            rows={found.trustees}
            rowKey={({ number }) => number}
            columns={[
              { key: 'name', header: t('ceremony.trustee'), cell: ({ number, name }) => `${String(number)}. ${name}`, rowHeader: true },
              { key: 'state', header: t('decryption.state'), cell: ({ decrypted, decryption_entries }: Trustees['trustees'][number]) => (decrypted ? <Badge kind="success">{t('ceremony.done')}</Badge> : decryption_entries > 0 ? t('decryption.under-way', { n: decryption_entries }) : <span class="soft">{t('ceremony.not-yet')}</span>) },
              { key: 'at', header: t('chart.time'), cell: ({ decryption }: Trustees['trustees'][number]) => (typeof decryption?.at === 'string' ? format.clock(decryption.at) : t('none')) },
            ]}
          />
        </>
      )}
    </Section>
  );
}

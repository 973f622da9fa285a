import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { adminOperate as texts } from '../../../i18n/admin-operate';
import { useFormat, useText } from '../../../i18n';
import { ButtonLink } from '../../../ui/button';
import { LineChart } from '../../../ui/line-chart';
import { Notice } from '../../../ui/notice';
import { Section } from '../../../ui/page';
import { needed, voted } from '../../home/figures';
import type { Figures } from '../../home/load';
import { TurnoutSection } from '../../home/turnout';
import type { Manifest } from '../../../wasm/messages';
import { type Office, useFace, useOffice } from './core/office';
import { useRecord } from './core/record';
import { addSample, keepSamples, readSamples } from './core/samples';
import { OperatePage } from './frame';
import { RecordView } from './record-view';

/** Milliseconds between two looks: an official watches this closely. */
const PACE = 3_000;

/** Turnout as it grows, of all and by district. Never how anyone voted: nobody can know before the count. */
export function TurnoutPage(): JSX.Element {
  const t = useText(texts);
  const office = useOffice();
  const face = useFace(office);
  const record = useRecord(office, PACE);
  return (
    <OperatePage face={face} title={t('turnout')} lead={t('turnout.lead')}>
      <RecordView record={record}>
        {({ manifest, figures, stale }) => (
          <>
            <TurnoutSection manifest={manifest} figures={figures} stale={stale} />
            {figures.turnout.electorate > 0 && <Line office={office} manifest={manifest} figures={figures} />}
          </>
        )}
      </RecordView>
      {face.value?.phase === 'open' && office.may('run-elections') && (
        <div class="row">
          <ButtonLink to={office.at('paper')}>{t('turnout.paper')}</ButtonLink>
        </div>
      )}
      <Notice>
        <p>{t('turnout.never')}</p>
      </Notice>
    </OperatePage>
  );
}

/** How turnout has grown since this page was opened. */
function Line({ office, manifest, figures }: { office: Office; manifest: Manifest | null; figures: Figures }): JSX.Element {
  const t = useText(texts);
  const format = useFormat();
  const { tenant, election } = office.path;
  const [samples, setSamples] = useState(() => readSamples(tenant, election));
  const { turnout, at } = figures;
  useEffect(() => {
    setSamples((before) => {
      const next = addSample(before, { at: new Date(at).toISOString(), voted: voted(turnout) });
      keepSamples(tenant, election, next);
      return next;
    });
  }, [tenant, election, turnout, at]);
  const quorum = manifest?.profile.turnout_quorum ?? null;
  const first = samples[0];
  const last = samples.at(-1);
  if (first === undefined || last === undefined) return <></>;
  const wanted = quorum === null ? null : needed(quorum, turnout.electorate);
  return (
    <Section title={t('turnout.line')}>
      <div class="card stack">
        <LineChart
          title={t('turnout.line.since', { when: format.clock(first.at) })}
          summary={t('turnout.line.summary', { from: format.clock(first.at), to: format.clock(last.at), first: first.voted, last: last.voted })}
          points={samples.map((sample) => ({ at: sample.at, value: sample.voted }))}
          valueLabel={t('turnout.voted')}
          {...(wanted === null || quorum === null ? {} : { mark: { value: wanted, label: t('turnout.quorum', { share: `${String(quorum.numerator)}/${String(quorum.denominator)}`, n: wanted }) } })}
        />
        <p class="soft small">{t('turnout.line.note')}</p>
      </div>
    </Section>
  );
}

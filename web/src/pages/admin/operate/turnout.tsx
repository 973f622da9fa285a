import type { JSX } from 'preact';
import { adminOperate as texts } from '../../../i18n/admin-operate';
import { useText } from '../../../i18n';
import { ButtonLink } from '../../../ui/button';
import { Notice } from '../../../ui/notice';
import { DaySection } from '../../home/day';
import { TurnoutSection } from '../../home/turnout';
import { useFace, useOffice } from './core/office';
import { useRecord } from './core/record';
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
            <DaySection manifest={manifest} figures={figures} />
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

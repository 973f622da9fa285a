import type { JSX } from 'preact';
import { booth as texts } from '../../../i18n/booth';
import { useText } from '../../../i18n';
import { Button } from '../../../ui/button';
import { Progress } from '../../../ui/progress';
import { SummaryList } from '../../../ui/summary-list';
import { contestsOf, markOf, type Stage, type State } from '../core/machine';
import type { Booth } from '../core/run';
import { Screen } from '../frame';
import { useBilingual } from '../texts';
import { MarkInWords } from './contest';
import { TroubleNotice } from './trouble';

/** All marks, each with a way back to change it. */
export function ReviewStep({ booth, state, stage }: { booth: Pick<Booth, 'dispatch'>; state: State; stage: Extract<Stage, { at: 'review' }> }): JSX.Element {
  const t = useText(texts);
  const bilingual = useBilingual();
  const rows = contestsOf(state).map((contest, place) => {
    const title = bilingual(contest.title).main;
    return {
      key: String(contest.number),
      label: title,
      value: <MarkInWords contest={contest} mark={markOf(state, contest)} />,
      action: (
        <Button kind="quiet" aria-label={t('review.change.of', { title })} onClick={() => booth.dispatch({ event: 'change', place })}>
          {t('review.change')}
        </Button>
      ),
    };
  });
  return (
    <Screen state={state} step="review" title={t('review.title')} lead={t('review.lead')}>
      <TroubleNotice trouble={stage.trouble} />
      <SummaryList rows={rows} />
      <div class="booth-actions">
        <Button kind="primary" size="large" wide onClick={() => booth.dispatch({ event: 'confirm' })}>
          {t('review.confirm')}
        </Button>
        <Button kind="quiet" icon="left" onClick={() => booth.dispatch({ event: 'back' })}>
          {t('back')}
        </Button>
      </div>
    </Screen>
  );
}

/** A moment, on a slow phone. */
export function EncryptingStep({ state }: { state: State }): JSX.Element {
  const t = useText(texts);
  return (
    <Screen state={state} step="encrypting" title={t('encrypting.title')}>
      <Progress label={t('encrypting.title')} />
    </Screen>
  );
}

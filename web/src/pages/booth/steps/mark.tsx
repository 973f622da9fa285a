import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { booth as texts } from '../../../i18n/booth';
import { useText } from '../../../i18n';
import { Button } from '../../../ui/button';
import { Dialog } from '../../../ui/dialog';
import { holdUp } from '../../../ui/score-field';
import { contestsOf, markOf, type Stage, type State } from '../core/machine';
import type { Assessment } from '../core/marks';
import type { Booth } from '../core/run';
import { Screen } from '../frame';
import { Korean, useBilingual } from '../texts';
import { CONTEST, ContestFields } from './contest';

type Here = Extract<Stage, { at: 'mark' }>;

/** One contest. */
export function MarkStep({ booth, state, stage }: { booth: Pick<Booth, 'dispatch'>; state: State; stage: Here }): JSX.Element | null {
  const t = useText(texts);
  const bilingual = useBilingual();
  const contests = contestsOf(state);
  const contest = contests[stage.place];
  const { blocked, asking } = stage;
  useEffect(() => {
    if (blocked) document.getElementById(CONTEST)?.focus();
  }, [blocked]);
  if (contest === undefined) return null;
  const { main, korean } = bilingual(contest.title);
  const last = stage.back || stage.place + 1 === contests.length;
  return (
    <Screen state={state} step={`mark-${String(stage.place)}`} title={main} lead={korean === null ? undefined : <Korean text={korean} />}>
      {contests.length > 1 && <p class="soft numeric">{t('mark.progress', { n: stage.place + 1, of: contests.length })}</p>}
      <form
        class="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!holdUp(event.currentTarget)) booth.dispatch({ event: 'next' });
        }}
      >
        <ContestFields key={contest.number} contest={contest} mark={markOf(state, contest)} error={blockedText(t, blocked)} onChange={(mark) => booth.dispatch({ event: 'mark', mark })} />
        <div class="booth-actions">
          <Button type="submit" kind="primary" size="large" wide>
            {last ? t('mark.to-review') : t('next')}
          </Button>
          {(stage.place > 0 || stage.back) && (
            <Button kind="quiet" icon="left" onClick={() => booth.dispatch({ event: 'back' })}>
              {t('back')}
            </Button>
          )}
        </div>
      </form>
      <Dialog
        open={asking !== null}
        title={t('under.title')}
        onClose={() => booth.dispatch({ event: 'keep-marking' })}
        actions={
          <>
            <Button kind="primary" onClick={() => booth.dispatch({ event: 'keep-marking' })}>
              {t('under.keep')}
            </Button>
            <Button onClick={() => booth.dispatch({ event: 'accept-undervote' })}>{t('under.accept')}</Button>
          </>
        }
      >
        {asking?.verdict === 'undervote' && <p>{asking.why === 'nothing' ? t('under.nothing') : t(`under.${asking.why}`, { n: asking.most, marked: asking.marked })}</p>}
      </Dialog>
    </Screen>
  );
}

function blockedText(t: ReturnType<typeof useText<(typeof texts)['ko']>>, blocked: Assessment | null): string | null {
  if (blocked?.verdict !== 'blocked') return null;
  return blocked.why === 'choose_one' ? t('mark.blocked.choose_one') : t(`mark.blocked.${blocked.why}`, { n: blocked.needed, marked: blocked.marked });
}

import type { JSX } from 'preact';
import { booth as texts } from '../../../i18n/booth';
import { useText } from '../../../i18n';
import { Button } from '../../../ui/button';
import { Disclosure } from '../../../ui/disclosure';
import { Hash } from '../../../ui/hash';
import type { Stage, State } from '../core/machine';
import type { Booth } from '../core/run';
import { NotYet, Screen } from '../frame';

/** Cast it, or open it to see whether this device is honest: decided after the confirmation code was shown. */
export function SubmitStep({ booth, state, stage }: { booth: Booth; state: State; stage: Extract<Stage, { at: 'submit' }> }): JSX.Element {
  const t = useText(texts);
  return (
    <Screen state={state} step="submit" title={t('submit.title')}>
      <NotYet state={state}>
        <p>{state.again ? t('again.loud') : t('submit.loud')}</p>
      </NotYet>
      <section class="card stack booth-code">
        <h2>{t('submit.code')}</h2>
        <Hash value={plain(state.ballot?.code)} large />
        <p class="soft">{t('submit.code.body')}</p>
      </section>
      <div class="booth-actions">
        <Button kind="primary" size="large" wide busy={stage.busy} onClick={() => booth.dispatch({ event: 'cast' })}>
          {t('submit.cast')}
        </Button>
        <Button kind="quiet" icon="left" disabled={stage.busy} onClick={() => booth.dispatch({ event: 'reconsider' })}>
          {t('submit.change')}
        </Button>
      </div>
      <Disclosure summary={t('verify.summary')}>
        <p>{t('verify.body.1')}</p>
        <p>{t('verify.body.2')}</p>
        <p>
          <strong>{t('verify.body.3')}</strong>
        </p>
        <div class="row">
          <Button icon="shield" disabled={stage.busy} onClick={() => booth.dispatch({ event: 'challenge' })}>
            {t('verify.do')}
          </Button>
        </div>
      </Disclosure>
    </Screen>
  );
}

/** A confirmation code without separators. */
export const plain = (code: string | undefined): string => (code ?? '').replace(/[^0-9A-Za-z]/g, '');

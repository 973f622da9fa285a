import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { booth as texts } from '../../../i18n/booth';
import { useText } from '../../../i18n';
import { Button } from '../../../ui/button';
import { TextField } from '../../../ui/field';
import { Notice } from '../../../ui/notice';
import type { Stage, State } from '../core/machine';
import type { Booth } from '../core/run';
import { Screen } from '../frame';
import { TroubleNotice } from './trouble';

type Here = Extract<Stage, { at: 'identify' }>;

/** Who votes. */
export function IdentifyStep({ booth, state, stage }: { booth: Booth; state: State; stage: Here }): JSX.Element {
  const t = useText(texts);
  const [voter, setVoter] = useState(state.voter);
  const [missing, setMissing] = useState(false);
  return (
    <Screen state={state} step="identify" title={t('identify.title')} lead={t('identify.lead')}>
      {state.pending !== null && (
        <Notice kind="warning" title={t('identify.resume')}>
          <p>{t('identify.resume.body', { code: state.pending.code })}</p>
          <div class="row">
            <Button size="small" onClick={() => booth.dispatch({ event: 'discard-pending' })}>
              {t('identify.discard')}
            </Button>
          </div>
        </Notice>
      )}
      <TroubleNotice trouble={stage.trouble} />
      <form
        class="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          const given = voter.trim();
          setMissing(given === '');
          if (given === '') document.getElementById('voter')?.focus();
          else booth.dispatch({ event: 'identify', voter: given });
        }}
      >
        <TextField id="voter" label={t('identify.voter')} hint={t('identify.voter.hint')} error={missing ? t('identify.voter.missing') : null} value={voter} onInput={setVoter} autoComplete="off" autoCapitalize="characters" spellcheck={false} maxLength={128} size={20} />
        <div class="booth-actions">
          <Button type="submit" kind="primary" size="large" wide busy={stage.busy}>
            {t('identify.send')}
          </Button>
        </div>
      </form>
    </Screen>
  );
}

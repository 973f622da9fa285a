import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { booth as texts } from '../../../i18n/booth';
import { useText } from '../../../i18n';
import { Button } from '../../../ui/button';
import { CodeField } from '../../../ui/code-field';
import { Disclosure } from '../../../ui/disclosure';
import { Notice } from '../../../ui/notice';
import type { Stage, State } from '../core/machine';
import type { Booth } from '../core/run';
import { Screen } from '../frame';
import { useCountdown } from '../hooks';
import { TroubleNotice } from './trouble';

type Here = Extract<Stage, { at: 'one-time-code' }>;

const LENGTH = 6;
/** Seconds before another code may be asked for; the server has its own limit. */
const RESEND = 60;

/** The code that a message brought. */
export function OneTimeCodeStep({ booth, state, stage }: { booth: Booth; state: State; stage: Here }): JSX.Element {
  const t = useText(texts);
  const [code, setCode] = useState('');
  const [missing, setMissing] = useState(false);
  const left = useCountdown(RESEND, stage.sent);
  const error = missing ? t('otp.missing') : stage.trouble?.kind === 'wrong-code' ? t('otp.wrong') : null;
  return (
    <Screen state={state} step="one-time-code" title={t('otp.title')} lead={t('otp.lead')}>
      <TroubleNotice trouble={stage.trouble} />
      <form
        class="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          const short = code.length < LENGTH;
          setMissing(short);
          if (short) document.getElementById('one-time-code')?.focus();
          else booth.dispatch({ event: 'one-time-code', code });
        }}
      >
        <CodeField id="one-time-code" label={t('otp.label')} hint={t('otp.hint')} error={error} value={code} onInput={setCode} length={LENGTH} groups={[3]} kind="digits" autoComplete="one-time-code" />
        <div class="booth-actions">
          <Button type="submit" kind="primary" size="large" wide busy={stage.busy}>
            {t('otp.confirm')}
          </Button>
        </div>
      </form>
      {stage.sent > 1 && (
        <Notice kind="success" live="status">
          <p>{t('otp.resent')}</p>
        </Notice>
      )}
      <Disclosure summary={t('otp.none')}>
        <p>{t('otp.none.body')}</p>
        <div class="row">
          <Button disabled={left > 0 || stage.busy} onClick={() => booth.dispatch({ event: 'identify', voter: state.voter })}>
            {left > 0 ? t('otp.wait', { n: left }) : t('otp.resend')}
          </Button>
          <Button kind="quiet" onClick={() => booth.dispatch({ event: 'change-voter' })}>
            {t('otp.change')}
          </Button>
        </div>
      </Disclosure>
    </Screen>
  );
}

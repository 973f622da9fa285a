import type { JSX } from 'preact';
import { booth as texts } from '../../../i18n/booth';
import { useText } from '../../../i18n';
import { Button } from '../../../ui/button';
import { Disclosure } from '../../../ui/disclosure';
import { CopyButton, Hash } from '../../../ui/hash';
import { Notice } from '../../../ui/notice';
import { Qr } from '../../../ui/qr';
import { FILE_SUFFIX, openingAddress } from '../../check/opening';
import type { Stage, State } from '../core/machine';
import type { Booth } from '../core/run';
import { NotYet, Screen } from '../frame';
import { saveFile } from '../hooks';
import { plain } from './submit';

/** Bytes that a QR code of the largest size and the least redundancy holds (ISO/IEC 18004). */
const QR_MOST = 2953;

/** The ballot is open: another device checks it. It can never be cast. */
export function ChallengedStep({ booth, state, stage, home }: { booth: Booth; state: State; stage: Extract<Stage, { at: 'challenged' }>; home: string }): JSX.Element {
  const t = useText(texts);
  const address = openingAddress(`${location.origin}${home}`, state.election?.hash ?? '', plain(state.ballot?.code), stage.opening);
  const fits = address.length <= QR_MOST;
  return (
    <Screen state={state} step="challenged" title={t('challenged.title')}>
      <NotYet state={state}>
        <p>{t('challenged.loud')}</p>
      </NotYet>
      <ol class="booth-how">
        <li>{fits ? t('challenged.1') : t('challenged.1.file')}</li>
        <li>{t('challenged.2')}</li>
        <li>{t('challenged.3')}</li>
      </ol>
      <section class="card stack booth-code">
        {fits ? <Qr data={address} label={t('challenged.qr')} size="large" ecc="L" /> : <p>{t('challenged.long')}</p>}
        <Hash value={plain(state.ballot?.code)} label={t('submit.code')} large />
        <div class="row">
          <Button kind="quiet" size="small" icon="download" onClick={() => saveFile(`${plain(state.ballot?.code).slice(0, 8)}${FILE_SUFFIX}`, address, 'text/plain')}>
            {t('challenged.save')}
          </Button>
          <CopyButton text={address} label={t('challenged.copy')} />
        </div>
      </section>
      <div class="booth-actions">
        <Button kind="primary" size="large" wide onClick={() => booth.dispatch({ event: 'reconsider' })}>
          {t('challenged.again')}
        </Button>
      </div>
      <Disclosure summary={t('post.summary')}>
        <p>{t('post.body')}</p>
        {stage.posting === 'posted' ? (
          <Notice kind="success" live="status">
            <p>{t('post.done')}</p>
          </Notice>
        ) : (
          <div class="row">
            <Button busy={stage.posting === 'busy'} onClick={() => booth.dispatch({ event: 'post' })}>
              {t('post.do')}
            </Button>
          </div>
        )}
        {(stage.posting === 'failed' || stage.posting === 'unproven') && (
          <Notice kind="danger" live="alert">
            <p>{t(`post.${stage.posting}`)}</p>
          </Notice>
        )}
        {stage.posting === 'late' && (
          <Notice kind="warning" live="status">
            <p>{t('post.late')}</p>
          </Notice>
        )}
      </Disclosure>
    </Screen>
  );
}

import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import { authority as texts } from '../../i18n/authority';
import { useText } from '../../i18n';
import { JobNotice } from '../../local/parts';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { TextField } from '../../ui/field';
import { Notice } from '../../ui/notice';
import type { ScreenProps } from './page';
import { Signed } from './upload';

/** A credential's number as typed, or nothing. */
const numberOf = (text: string): number | null => (/^\d{1,9}$/.test(text.trim()) ? Number(text.trim()) : null);

/** Revocations and re-issues, from the sealing of the roll to the close. */
export function Changes({ state: { view, job }, desk, busy, refresh }: ScreenProps & { refresh: ComponentChildren }): JSX.Element {
  const t = useText(texts);
  const signed = job !== null && ['revoke', 'reissue'].includes(job.action) && job.state === 'done';
  return (
    <>
      <JobNotice job={job} actions={['upload', 'revoke', 'reissue', 'read']} />
      {signed && (
        <Notice kind="success" live="status">
          <p>{t('changes.done')}</p>
        </Notice>
      )}
      <div class="grid grid-wide">
        <Revoke busy={busy} revoke={(index, reason) => void desk.begin({ kind: 'revoke', index, reason })} />
        <Reissue busy={busy} reissue={(index) => void desk.begin({ kind: 'reissue', index })} />
      </div>
      <Signed proposals={view.proposals} />
      <div class="row">{refresh}</div>
    </>
  );
}

function Revoke({ busy, revoke }: { busy: boolean; revoke: (index: number, reason: string) => void }): JSX.Element {
  const t = useText(texts);
  const [index, setIndex] = useState('');
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const [asking, setAsking] = useState(false);
  const number = numberOf(index);
  return (
    <form
      class="card stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        setAsking(number !== null && reason.trim() !== '' && !busy);
      }}
    >
      <h2>{t('changes.revoke.title')}</h2>
      <TextField id="revoke-index" label={t('changes.index')} hint={t('changes.index.hint')} inputMode="numeric" size={10} value={index} onInput={setIndex} error={tried && number === null ? t('changes.index.wrong') : null} />
      <TextField id="revoke-reason" label={t('changes.reason')} hint={t('changes.reason.hint')} value={reason} onInput={setReason} error={tried && reason.trim() === '' ? t('changes.reason.missing') : null} />
      <div class="row">
        <Button type="submit" kind="danger" busy={busy}>
          {t('changes.revoke')}
        </Button>
      </div>
      <Dialog
        open={asking && number !== null}
        title={t('changes.revoke.dialog', { n: number ?? '' })}
        onClose={() => setAsking(false)}
        actions={
          <>
            <Button
              kind="danger"
              onClick={() => {
                setAsking(false);
                if (number !== null) revoke(number, reason.trim());
              }}
            >
              {t('changes.revoke.do')}
            </Button>
            <Button kind="quiet" onClick={() => setAsking(false)}>
              {t('changes.revoke.back')}
            </Button>
          </>
        }
      >
        <p>{t('changes.revoke.will')}</p>
        <p>{t('changes.revoke.said', { reason: reason.trim() })}</p>
      </Dialog>
    </form>
  );
}

function Reissue({ busy, reissue }: { busy: boolean; reissue: (index: number) => void }): JSX.Element {
  const t = useText(texts);
  const [index, setIndex] = useState('');
  const [tried, setTried] = useState(false);
  const number = numberOf(index);
  return (
    <form
      class="card stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (number !== null && !busy) reissue(number);
      }}
    >
      <h2>{t('changes.reissue.title')}</h2>
      <p>{t('changes.reissue.body')}</p>
      <TextField id="reissue-index" label={t('changes.index')} hint={t('changes.index.hint')} inputMode="numeric" size={10} value={index} onInput={setIndex} error={tried && number === null ? t('changes.index.wrong') : null} />
      <div class="row">
        <Button type="submit" kind="primary" busy={busy}>
          {t('changes.reissue')}
        </Button>
      </div>
    </form>
  );
}

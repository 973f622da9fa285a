import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { data } from '../../../api/client';
import { Problem } from '../../../api/problem';
import { adminWizard as texts } from '../../../i18n/admin-wizard';
import { useText } from '../../../i18n';
import { Button } from '../../../ui/button';
import { Dialog } from '../../../ui/dialog';
import { TextArea } from '../../../ui/field';
import { Hash } from '../../../ui/hash';
import { Notice } from '../../../ui/notice';
import { toast } from '../../../ui/toast';
import { useAttempt } from '../attempt';
import { can } from '../permissions';
import { api, useAccount } from '../session';
import { Trouble } from '../trouble';
import { takeView, useElection, useReload } from './frame';

const REASON_MAX = 1000;

/** The second person's decision about what is on this page, and nothing else: hash and version are those that were shown. */
export function Approval(): JSX.Element {
  const t = useText(texts);
  const account = useAccount();
  const { tenant, slug, owner, view } = useElection();
  const reload = useReload();
  const [asking, setAsking] = useState<'approve' | 'return' | null>(null);
  const [reason, setReason] = useState('');
  const [missing, setMissing] = useState(false);
  const attempt = useAttempt();
  const hash = view.manifest_hash ?? '';
  const params = { path: { tenant, election: slug }, header: { 'If-Match': `"${String(view.version)}"` } };
  const close = (): void => {
    setAsking(null);
    attempt.clear();
  };

  const approve = (): Promise<boolean> =>
    attempt.run(async () => {
      takeView(await data(api.POST('/api/v1/tenants/{tenant}/elections/{election}/approve', { params, body: { manifest_hash: hash } })), owner);
      setAsking(null);
      toast(t('approval.approved'));
      await reload();
    });
  const sendBack = async (): Promise<void> => {
    const text = reason.trim().replace(/\s+/g, ' ');
    setMissing(text === '');
    if (text === '') return;
    await attempt.run(async () => {
      takeView(await data(api.POST('/api/v1/tenants/{tenant}/elections/{election}/return', { params, body: { reason: text } })), owner);
      setAsking(null);
      toast(t('approval.returned'));
    });
  };

  if (!can(account, 'approve-elections')) {
    return (
      <Notice kind="info" title={t('approval.wait')}>
        <p>{t('approval.wait.body')}</p>
        <Hash value={hash} label={t('approval.hash')} copy />
      </Notice>
    );
  }
  const { error } = attempt;
  const outdated = error instanceof Problem && (error.code === 'stale-version' || error.code === 'other-content');
  const trouble = outdated ? (
    <Notice kind="warning" live="alert">
      <p>{t('approval.changed')}</p>
      <div class="row">
        <Button
          size="small"
          onClick={() => {
            close();
            void reload();
          }}
        >
          {t('trouble.again')}
        </Button>
      </div>
    </Notice>
  ) : (
    <Trouble error={error} />
  );
  return (
    <Notice kind="warning" title={t('approval.yours')}>
      <p>{t('approval.yours.body')}</p>
      <Hash value={hash} label={t('approval.hash')} copy />
      <div class="row">
        <Button kind="primary" onClick={() => setAsking('approve')}>
          {t('approval.approve')}
        </Button>
        <Button onClick={() => setAsking('return')}>{t('approval.return')}</Button>
      </div>
      <Dialog
        open={asking === 'approve'}
        title={t('approval.approve.title')}
        onClose={close}
        actions={
          <>
            <Button kind="primary" busy={attempt.busy} onClick={() => void approve()}>
              {t('approval.approve')}
            </Button>
            <Button onClick={close}>{t('cancel')}</Button>
          </>
        }
      >
        {trouble}
        <p>{t('approval.approve.body')}</p>
        <Hash value={hash} label={t('approval.hash')} />
      </Dialog>
      <Dialog
        open={asking === 'return'}
        title={t('approval.return.title')}
        onClose={close}
        actions={
          <>
            <Button kind="primary" busy={attempt.busy} onClick={() => void sendBack()}>
              {t('approval.return')}
            </Button>
            <Button onClick={close}>{t('cancel')}</Button>
          </>
        }
      >
        {trouble}
        <TextArea id="reason" label={t('approval.reason')} value={reason} onInput={setReason} maxLength={REASON_MAX} error={missing ? t('approval.reason.missing') : undefined} />
      </Dialog>
    </Notice>
  );
}

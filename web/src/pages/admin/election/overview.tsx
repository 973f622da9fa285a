import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { navigate } from '../../../app/router';
import { data } from '../../../api/client';
import { adminWizard as texts } from '../../../i18n/admin-wizard';
import { useText } from '../../../i18n';
import { Button, ButtonLink } from '../../../ui/button';
import { Dialog } from '../../../ui/dialog';
import { CopyButton, Hash } from '../../../ui/hash';
import { Notice } from '../../../ui/notice';
import { Page, Section } from '../../../ui/page';
import { SummaryList } from '../../../ui/summary-list';
import { toast } from '../../../ui/toast';
import { useAttempt } from '../attempt';
import { can } from '../permissions';
import { api, useAccount } from '../session';
import { Trouble } from '../trouble';
import { findings } from '../wizard/explain';
import { stepPath } from '../wizard/page';
import { Approval } from './approval';
import { electionPath, useElection } from './frame';
import { NextStep } from './next';
import { DraftSummary } from './summary';

/** Where an election stands, what is to be done next and by whom, and all that its manifest says. */
export function Overview(): JSX.Element {
  const t = useText(texts);
  const account = useAccount();
  const election = useElection();
  const { slug, tenant, view } = election;
  const missing = findings(view.draft, view.problems).length;
  const writes = can(account, 'edit-elections');
  return (
    <Page title={t('election.overview')} wide>
      {view.state === 'draft' && (
        <Notice kind={view.returned ? 'warning' : 'info'} title={view.returned ? t('wizard.returned') : t('overview.next')}>
          {view.returned && <p>{view.returned.reason}</p>}
          <p>{missing > 0 ? t('overview.draft.missing', { n: missing }) : t('overview.draft')}</p>
          {writes && (
            <div class="row">
              <ButtonLink kind="primary" to={stepPath(slug, missing > 0 ? 'basics' : 'review')}>
                {t('overview.continue')}
              </ButtonLink>
            </div>
          )}
        </Notice>
      )}
      {view.state === 'in_review' && <Approval />}
      {view.state === 'approved' && (
        <>
          <NextStep face={election.face} />
          <Notice kind="success" title={t('overview.frozen')}>
            <Hash value={view.manifest_hash ?? ''} label={t('approval.hash.frozen')} copy />
          </Notice>
          {election.face !== null && <Announce board={new URL(election.face.board, location.origin).href} vkey={view.log_vkey} />}
        </>
      )}
      <div class="row">
        <ButtonLink to={electionPath(slug, 'preview')}>{t('overview.preview')}</ButtonLink>
        {view.state === 'approved' && (
          <ButtonLink icon="external" to={`/e/${encodeURIComponent(tenant)}/${encodeURIComponent(slug)}/`}>
            {t('overview.public')}
          </ButtonLink>
        )}
        {view.state === 'draft' && writes && <DeleteDraft />}
      </div>
      <DraftSummary draft={view.draft} />
    </Page>
  );
}

/** What trustees, authorities and observers copy from the official notice, since they cannot take the server's word for it. */
function Announce({ board, vkey }: { board: string; vkey: string }): JSX.Element {
  const t = useText(texts);
  return (
    <Section title={t('announce')}>
      <p>{t('announce.body')}</p>
      <SummaryList
        rows={(
          [
            ['board', board],
            ['vkey', vkey],
          ] as const
        ).map(([key, text]) => ({
          key,
          label: t(`announce.${key}`),
          value: (
            <div class="stack stack-s">
              <code class="announced">{text}</code>
              <CopyButton text={text} />
            </div>
          ),
        }))}
      />
    </Section>
  );
}

function DeleteDraft(): JSX.Element {
  const t = useText(texts);
  const { tenant, slug, view } = useElection();
  const [asking, setAsking] = useState(false);
  const attempt = useAttempt();
  const remove = (): Promise<boolean> =>
    attempt.run(async () => {
      await data(api.DELETE('/api/v1/tenants/{tenant}/elections/{election}', { params: { path: { tenant, election: slug }, header: { 'If-Match': `"${String(view.version)}"` } } }));
      toast(t('overview.deleted'));
      navigate('/admin');
    });
  return (
    <>
      <Button kind="quiet" onClick={() => setAsking(true)}>
        {t('overview.delete')}
      </Button>
      <Dialog
        open={asking}
        title={t('overview.delete.title')}
        onClose={() => setAsking(false)}
        actions={
          <>
            <Button kind="danger" busy={attempt.busy} onClick={() => void remove()}>
              {t('overview.delete')}
            </Button>
            <Button onClick={() => setAsking(false)}>{t('cancel')}</Button>
          </>
        }
      >
        <Trouble error={attempt.error} />
        <p>{t('overview.delete.body')}</p>
      </Dialog>
    </>
  );
}

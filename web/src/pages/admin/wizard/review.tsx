import type { ComponentChildren, JSX } from 'preact';
import { navigate } from '../../../app/router';
import { data } from '../../../api/client';
import { adminWizard as texts } from '../../../i18n/admin-wizard';
import { useText } from '../../../i18n';
import { Button, ButtonLink } from '../../../ui/button';
import { Link } from '../../../app/router';
import { Notice } from '../../../ui/notice';
import { toast } from '../../../ui/toast';
import { useAttempt } from '../attempt';
import type { Draft } from '../election/draft';
import { electionPath, takeView, useElection } from '../election/frame';
import { DraftSummary } from '../election/summary';
import { api } from '../session';
import { Trouble } from '../trouble';
import { useEditing } from './edits';
import { findings, type Step } from './explain';
import { stepPath } from './page';

/** All of it once more, what is still missing, and the way to the second person. */
export function ReviewStep({ draft }: { draft: Draft }): JSX.Element {
  const t = useText(texts);
  const { tenant, slug, owner, view } = useElection();
  const editing = useEditing();
  const attempt = useAttempt();
  const missing = findings(draft, view.problems);
  const change = (step: Step): ComponentChildren => (
    <Link to={stepPath(slug, step)} aria-label={t('review.change.of', { step: t(`step.${step}`) })}>
      {t('review.change')}
    </Link>
  );

  const submit = (): Promise<boolean> =>
    attempt.run(async () => {
      const saved = await editing.save();
      const path = { tenant, election: slug };
      takeView(await data(api.POST('/api/v1/tenants/{tenant}/elections/{election}/submit', { params: { path, header: { 'If-Match': `"${String(saved.version)}"` } } })), owner);
      toast(t('review.submitted'));
      navigate(electionPath(slug));
    });

  return (
    <>
      {missing.length > 0 && (
        <Notice kind="warning" title={t('review.missing', { n: missing.length })}>
          <ul>
            {missing.map(({ field, step, say }) => (
              <li key={field}>
                <Link to={`${stepPath(slug, step)}#${field}`}>{t('review.missing.one', { step: t(`step.${step}`), message: say(t) })}</Link>
              </li>
            ))}
          </ul>
        </Notice>
      )}
      <Trouble error={attempt.error} />
      <DraftSummary draft={draft} change={change} />
      <div class="wizard-actions">
        <Button kind="primary" size="large" disabled={missing.length > 0 || view.state !== 'draft'} busy={attempt.busy} onClick={() => void submit()}>
          {t('review.submit')}
        </Button>
        <ButtonLink size="large" to={electionPath(slug, 'preview')}>
          {t('review.preview')}
        </ButtonLink>
        <ButtonLink kind="quiet" icon="left" to={stepPath(slug, 'officers')}>
          {t('wizard.back')}
        </ButtonLink>
      </div>
      <p class="soft">{t('review.after')}</p>
    </>
  );
}

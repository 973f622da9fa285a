import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { navigate, type Params } from '../../../app/router';
import { Problem } from '../../../api/problem';
import { adminWizard as texts } from '../../../i18n/admin-wizard';
import { useText } from '../../../i18n';
import { Button, ButtonLink } from '../../../ui/button';
import { ErrorSummary } from '../../../ui/error-summary';
import { Missing } from '../../../ui/missing';
import { Notice } from '../../../ui/notice';
import { Page } from '../../../ui/page';
import { Steps } from '../../../ui/steps';
import { toast } from '../../../ui/toast';
import { useAttempt } from '../attempt';
import { electionPath, useElection, useReload } from '../election/frame';
import { can } from '../permissions';
import { useAccount } from '../session';
import { Trouble } from '../trouble';
import { useErrors } from '../wrong';
import { BasicsStep } from './basics';
import { ContestsStep } from './contests';
import { DistrictsStep } from './districts';
import { useEditing } from './edits';
import { findings, isStep, type Step, STEPS } from './explain';
import type { StepProps } from './inputs';
import { OfficersStep } from './officers';
import { ReviewStep } from './review';
import { ScheduleStep } from './schedule';
import './wizard.css';

export const stepPath = (slug: string, step: Step): string => electionPath(slug, `edit/${step}`);

/** Writing a draft, step by step. Each is saved as one goes on; what is missing can be filled in later. */
export function WizardPage({ params }: { params: Params }): JSX.Element {
  const t = useText(texts);
  const account = useAccount();
  const { slug, view } = useElection();
  const step = params['step'];
  if (!isStep(step)) return <Missing home={electionPath(slug)} />;
  if (view.state === 'approved' || !can(account, 'edit-elections')) {
    return (
      <Page title={t('wizard.title')}>
        <Notice>
          <p>{view.state === 'approved' ? t('wizard.frozen') : t('wizard.not-yours')}</p>
        </Notice>
        <div class="row">
          <ButtonLink to={electionPath(slug)} icon="left">
            {t('wizard.to-overview')}
          </ButtonLink>
        </div>
      </Page>
    );
  }
  return <StepPage key={step} step={step} />;
}

function StepPage({ step }: { step: Step }): JSX.Element {
  const t = useText(texts);
  const { slug, view } = useElection();
  const editing = useEditing();
  const attempt = useAttempt();
  const reload = useReload();
  /** What is wrong in this step, from the last time one tried to go on. */
  const errors = useErrors(t);
  // From the list of what is missing one comes with the place after `#`: what is wrong here is said at once.
  useEffect(() => {
    if (location.hash !== '') errors.set(findings(editing.draft, view.problems).filter((one) => one.step === step));
    // Once, on arrival.
  }, []);
  const place = STEPS.indexOf(step);
  const next = STEPS[place + 1];
  const before = STEPS[place - 1];
  const stale = attempt.error instanceof Problem && attempt.error.code === 'stale-version';

  const save = (then: Step | 'overview', { incomplete = false } = {}): Promise<boolean> =>
    attempt.run(async () => {
      const { draft } = editing;
      const saved = await editing.save();
      toast(t('wizard.saved'));
      const found = findings(draft, saved.problems).filter((one) => one.step === step);
      if (then === 'overview') navigate(electionPath(slug));
      else if (found.length === 0 || incomplete) navigate(stepPath(slug, then));
      else errors.set(found);
    });
  const props: StepProps = { draft: editing.draft, change: editing.change, error: errors.at };

  return (
    <Page title={t(`step.${step}`)} lead={t(`step.${step}.lead`)} step={step} above={<Steps steps={STEPS.map((one) => t(`step.${one}`))} current={place} label={t('wizard.title')} />}>
      {view.state === 'in_review' && (
        <Notice kind="warning">
          <p>{t('wizard.in-review')}</p>
        </Notice>
      )}
      {view.returned && step !== 'review' && (
        <Notice kind="warning" title={t('wizard.returned')}>
          <p>{view.returned.reason}</p>
        </Notice>
      )}
      <ErrorSummary errors={errors.list} />
      <Trouble error={attempt.error} />
      {stale && (
        <div class="row">
          <Button
            onClick={() => {
              editing.discard();
              attempt.clear();
              void reload();
            }}
          >
            {t('wizard.reload')}
          </Button>
        </div>
      )}
      {step === 'review' || next === undefined ? (
        <ReviewStep draft={editing.draft} />
      ) : (
        <form
          class="stack stack-l"
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            if (!attempt.busy) void save(next);
          }}
        >
          <StepBody step={step} {...props} />
          <div class="wizard-actions">
            <Button type="submit" kind="primary" size="large" busy={attempt.busy}>
              {t('wizard.next')}
            </Button>
            {errors.list.length > 0 && (
              <Button size="large" busy={attempt.busy} onClick={() => void save(next, { incomplete: true })}>
                {t('wizard.later')}
              </Button>
            )}
            {before !== undefined && (
              <ButtonLink kind="quiet" to={stepPath(slug, before)} icon="left">
                {t('wizard.back')}
              </ButtonLink>
            )}
            <Button kind="quiet" onClick={() => void save('overview')}>
              {t('wizard.leave')}
            </Button>
          </div>
          <p class="small soft" role="status">
            {editing.dirty ? t('wizard.dirty') : ''}
          </p>
        </form>
      )}
    </Page>
  );
}

function StepBody({ step, ...props }: StepProps & { step: Exclude<Step, 'review'> }): JSX.Element {
  switch (step) {
    case 'basics':
      return <BasicsStep {...props} />;
    case 'schedule':
      return <ScheduleStep {...props} />;
    case 'contests':
      return <ContestsStep {...props} />;
    case 'districts':
      return <DistrictsStep {...props} />;
    case 'officers':
      return <OfficersStep {...props} />;
  }
}

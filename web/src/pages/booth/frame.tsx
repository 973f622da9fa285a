import type { ComponentChildren, JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { booth as texts } from '../../i18n/booth';
import { useText } from '../../i18n';
import { Icon } from '../../ui/icon';
import { Notice } from '../../ui/notice';
import { Page } from '../../ui/page';
import { Steps } from '../../ui/steps';
import type { State } from './core/machine';

/** Which of the six steps a stage belongs to; none while opening and where the booth goes no further. */
export function stepOf({ at }: State['stage']): number | null {
  switch (at) {
    case 'loading':
    case 'stopped':
      return null;
    case 'notice':
      return 0;
    case 'identify':
    case 'one-time-code':
    case 'voting-code':
      return 1;
    case 'mark':
      return 2;
    case 'review':
      return 3;
    case 'recorded':
      return 5;
    default:
      return 4;
  }
}

/** Stages in which a voter might think to be done, and is not. */
const UNFINISHED = new Set(['mark', 'review', 'encrypting']);

/** The banner of a test election. */
export function TestBanner({ test }: { test: boolean }): JSX.Element | null {
  const t = useText(texts);
  return test ? (
    <p class="test-banner">
      <Icon name="test" />
      {t('test.banner')}
    </p>
  ) : null;
}

/** That nothing is cast yet, said loudly; of who votes again, that the earlier vote still stands. */
export function NotYet({ state, children }: { state: State; children?: ComponentChildren }): JSX.Element {
  const t = useText(texts);
  return (
    <Notice kind="warning" title={state.again ? t('again.not-yet') : t('not-yet')}>
      {children}
    </Notice>
  );
}

/** The first screen leaves the focus where the browser put it; every later one takes it. */
let screensShown = 0;

/** A screen of the booth: steps above, the heading that takes the focus, what is not done yet said below. */
export function Screen({ state, title, lead, step, children }: { state: State; title: string; lead?: ComponentChildren; step: string; children: ComponentChildren }): JSX.Element {
  const t = useText(texts);
  const current = stepOf(state.stage);
  // Each step is a component of its own, so its heading is new and cannot know that another came before it.
  useEffect(() => {
    screensShown += 1;
    if (screensShown > 1) document.querySelector<HTMLElement>('h1.page-heading')?.focus();
  }, [step]);
  const steps = [t('step.notice'), t('step.identify'), t('step.mark'), t('step.review'), t('step.submit'), t('step.receipt')];
  return (
    <>
      <TestBanner test={state.election?.manifest.test ?? false} />
      <Page title={title} lead={lead} step={step} above={current === null ? undefined : <Steps steps={steps} current={current} />}>
        {children}
        {UNFINISHED.has(state.stage.at) && (
          <NotYet state={state}>
            <p>{state.again ? t('again.not-yet.body') : t('not-yet.body')}</p>
          </NotYet>
        )}
      </Page>
    </>
  );
}

import type { JSX } from 'preact';
import { adminSetup as texts } from '../../../i18n/admin-setup';
import { usePick, useText } from '../../../i18n';
import { Page } from '../../../ui/page';
import { useElection } from './frame';

/** Where an election stands and what is to be done next. */
export function Overview(): JSX.Element {
  const t = useText(texts);
  const pick = usePick();
  const { view } = useElection();
  return (
    <Page title={t('election.overview')} wide>
      <p>{pick(view.draft.notice)}</p>
    </Page>
  );
}

import type { JSX } from 'preact';
import { useCallback, useEffect, useState } from 'preact/hooks';
import { Link } from '../../app/router';
import { data } from '../../api/client';
import type { components } from '../../api/schema';
import { adminSetup as texts } from '../../i18n/admin-setup';
import { usePick, useText } from '../../i18n';
import { Page } from '../../ui/page';
import { Skeleton } from '../../ui/progress';
import { EmptyState } from '../../ui/timeline';
import { electionPath } from './election/frame';
import { StateBadges } from './election/state';
import { api, useAccount } from './session';
import { Trouble } from './trouble';

type Summary = components['schemas']['ElectionSummary'];

/** The tenant's elections. */
export function Dashboard(): JSX.Element {
  const t = useText(texts);
  const pick = usePick();
  const { tenant, tenant_name: tenantName } = useAccount();
  const [elections, setElections] = useState<readonly Summary[] | null>(null);
  const [error, setError] = useState<unknown>(null);
  const load = useCallback(async () => {
    setError(null);
    try {
      setElections(await data(api.GET('/api/v1/tenants/{tenant}/elections', { params: { path: { tenant } } })));
    } catch (found) {
      setError(found);
    }
  }, [tenant]);
  useEffect(() => void load(), [load]);
  return (
    <Page title={t('dashboard.title')} lead={tenantName} wide>
      <Trouble error={error} again={() => void load()} />
      {elections === null && error === null && <Skeleton label={t('loading')} lines={6} />}
      {elections?.length === 0 && <EmptyState title={t('dashboard.none')}>{t('dashboard.none.body')}</EmptyState>}
      <ul class="admin-list">
        {(elections ?? []).map((one) => (
          <li key={one.slug} class="card stack stack-s">
            <StateBadges state={one.state} phase={null} test={false} />
            <h2>
              <Link to={electionPath(one.slug)}>{pick({ ko: one.title_ko, en: one.title_en })}</Link>
            </h2>
          </li>
        ))}
      </ul>
    </Page>
  );
}

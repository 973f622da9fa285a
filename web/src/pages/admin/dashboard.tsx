import type { JSX } from 'preact';
import { useCallback, useState } from 'preact/hooks';
import { Link } from '../../app/router';
import { data } from '../../api/client';
import { Problem } from '../../api/problem';
import type { components } from '../../api/schema';
import { adminSetup as texts } from '../../i18n/admin-setup';
import { useFormat, usePick, useText } from '../../i18n';
import { Button, ButtonLink } from '../../ui/button';
import { Page } from '../../ui/page';
import { Skeleton } from '../../ui/progress';
import { EmptyState } from '../../ui/timeline';
import { useFetched } from './attempt';
import { electionPath, type PublicFace } from './election/frame';
import { nextDeadline } from './election/next';
import { StateBadges } from './election/state';
import { can } from './permissions';
import { api, useAccount } from './session';
import { Trouble } from './trouble';

type Summary = components['schemas']['ElectionSummary'];
/** Elections shown before one asks for more; each approved one costs a question for its phase. */
const PAGE = 20;

/** The tenant's elections: where each stands, what comes next, and whose turn it is. */
export function Dashboard(): JSX.Element {
  const t = useText(texts);
  const account = useAccount();
  const { tenant } = account;
  const [shown, setShown] = useState(PAGE);
  const reads = can(account, 'read-elections');
  const elections = useFetched<readonly Summary[]>(useCallback(() => (reads ? data(api.GET('/api/v1/tenants/{tenant}/elections', { params: { path: { tenant } } })) : Promise.resolve([])), [tenant, reads]));
  const all = elections.value ?? [];
  return (
    <Page title={t('dashboard.title')} lead={account.tenant_name} wide>
      <Trouble error={elections.error} again={() => void elections.load()} />
      {can(account, 'edit-elections') && (
        <div class="row">
          <ButtonLink kind="primary" icon="plus" to="/admin/new">
            {t('dashboard.new')}
          </ButtonLink>
        </div>
      )}
      {elections.value === null && elections.error === null && <Skeleton label={t('loading')} lines={6} />}
      {elections.value?.length === 0 && <EmptyState title={t('dashboard.none')}>{t('dashboard.none.body')}</EmptyState>}
      <ul class="admin-list">
        {all.slice(0, shown).map((one) => (
          <ElectionRow key={one.slug} election={one} />
        ))}
      </ul>
      {all.length > shown && (
        <div class="row">
          <Button onClick={() => setShown(shown + PAGE)}>{t('dashboard.more')}</Button>
        </div>
      )}
    </Page>
  );
}

function ElectionRow({ election }: { election: Summary }): JSX.Element {
  const t = useText(texts);
  const format = useFormat();
  const pick = usePick();
  const { tenant } = useAccount();
  const { slug, state } = election;
  const face = useFetched<PublicFace | null>(
    useCallback(async () => {
      if (state !== 'approved') return null;
      try {
        return await data(api.GET('/api/v1/tenants/{tenant}/elections/{election}/public', { params: { path: { tenant, election: slug } } }));
      } catch (error) {
        // Approved a moment ago: its log is being begun.
        if (error instanceof Problem && error.status === 404) return null;
        throw error;
      }
    }, [tenant, slug, state]),
  );
  const known = face.value;
  const due = known === null ? null : nextDeadline(known);
  return (
    <li class={known?.test === true ? 'card admin-row admin-row-test' : 'card admin-row'}>
      <div class="stack stack-s">
        <h2>
          <Link to={electionPath(slug)}>{pick({ ko: election.title_ko, en: election.title_en })}</Link>
        </h2>
        <StateBadges state={state} phase={known?.phase ?? null} test={known?.test ?? false} />
      </div>
      <div class="stack stack-s">
        {face.error !== null && <Trouble error={face.error} again={() => void face.load()} />}
        {state !== 'approved' && <p>{t(`next.${state}`)}</p>}
        {known !== null && <p>{t(`next.${known.phase}`)}</p>}
        {due !== null && <p class="soft numeric">{known?.phase === 'open' ? t('dashboard.due.closes', { when: format.dateTime(new Date(due * 1000)) }) : t('dashboard.due.opens', { when: format.dateTime(new Date(due * 1000)) })}</p>}
        {state !== 'approved' && <p class="soft small numeric">{t('dashboard.changed', { when: format.dateTime(election.updated_at) })}</p>}
      </div>
    </li>
  );
}

import type { ComponentType, JSX } from 'preact';
import { useCallback, useEffect } from 'preact/hooks';
import { type Params, usePath } from '../../../app/router';
import { useStore } from '../../../app/store';
import { data } from '../../../api/client';
import { type ApiError, isApiError, Problem } from '../../../api/problem';
import type { components } from '../../../api/schema';
import { adminOperate } from '../../../i18n/admin-operate';
import { adminSetup as texts } from '../../../i18n/admin-setup';
import { usePick, useText } from '../../../i18n';
import { Missing } from '../../../ui/missing';
import { Breadcrumbs, type NavItem, NavList } from '../../../ui/navigation';
import { Page } from '../../../ui/page';
import { Skeleton } from '../../../ui/progress';
import { TestBanner } from '../../../ui/test-banner';
import { pages } from '../operate';
import { can } from '../permissions';
import { createOwnStore, ownerOf } from '../own';
import { api, useAccount } from '../session';
import { Trouble } from '../trouble';
import { type Draft, isDraft } from './draft';
import { StateBadges } from './state';

export type ElectionView = Omit<components['schemas']['ElectionView'], 'draft'> & { draft: Draft };
export type PublicFace = components['schemas']['PublicElection'];

/** An election as its pages see it. */
export interface Election {
  tenant: string;
  slug: string;
  /** Whose it is in the page's memory. */
  owner: string;
  view: ElectionView;
  /** Its public face; null before the manifest is frozen, and for the moment until its log is begun. */
  face: PublicFace | null;
}

type Loaded = { state: 'loading' } | { state: 'failed'; error: ApiError } | { state: 'ready'; election: Election };

/** The election that was looked at last: its pages show it at once while they ask again. */
const shown = createOwnStore<Loaded>();

const LOADING: Loaded = { state: 'loading' };

function loadedOf(owner: string): Loaded {
  const kept = shown.get();
  return kept?.owner === owner ? kept.value : LOADING;
}

/** Puts an answer of the server to a question of `owner` in place of what was known. */
export function takeView(view: components['schemas']['ElectionView'], owner: string): ElectionView {
  const { draft } = view;
  if (!isDraft(draft)) throw new Error('the server gave an election without a draft');
  const known = { ...view, draft };
  const before = loadedOf(owner);
  if (before.state === 'ready') shown.set({ owner, value: { state: 'ready', election: { ...before.election, view: known } } });
  return known;
}

export async function loadElection(tenant: string, slug: string): Promise<void> {
  const path = { tenant, election: slug };
  const owner = ownerOf(slug);
  if (loadedOf(owner).state !== 'ready') shown.set({ owner, value: LOADING });
  // Another election, or another person, may be here when the answer comes.
  const put = (value: Loaded): void => {
    if (shown.get()?.owner === owner) shown.set({ owner, value });
  };
  try {
    const view = takeView(await data(api.GET('/api/v1/tenants/{tenant}/elections/{election}', { params: { path } })), owner);
    const face = view.state === 'approved' ? await faceOf(path) : null;
    put({ state: 'ready', election: { tenant, slug, owner, view, face } });
  } catch (error) {
    if (!isApiError(error)) throw error;
    put({ state: 'failed', error });
  }
}

async function faceOf(path: { tenant: string; election: string }): Promise<PublicFace | null> {
  try {
    return await data(api.GET('/api/v1/tenants/{tenant}/elections/{election}/public', { params: { path } }));
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return null;
    throw error;
  }
}

/** The election of this address; inside `inElection`. */
export function useElection(): Election {
  const found = useStore(shown)?.value;
  if (found?.state !== 'ready') throw new Error('a page of an election is shown without one');
  return found.election;
}

/** Asks the server for the election again. */
export function useReload(): () => Promise<void> {
  const { tenant, slug } = useElection();
  return useCallback(() => loadElection(tenant, slug), [tenant, slug]);
}

export const electionPath = (slug: string, page = ''): string => `/admin/e/${encodeURIComponent(slug)}${page === '' ? '' : `/${page}`}`;

/** A page of an election: title, phase and navigation above it; it is shown once the election is known. */
export function inElection(Inner: ComponentType<{ params: Params }>): ComponentType<{ params: Params }> {
  return function InElection({ params }) {
    const t = useText(texts);
    const { tenant } = useAccount();
    const slug = params['election'] ?? '';
    const kept = useStore(shown);
    const found = kept?.owner === ownerOf(slug) ? kept.value : LOADING;
    useEffect(() => void loadElection(tenant, slug), [tenant, slug]);
    if (found.state === 'failed') {
      if (found.error instanceof Problem && found.error.status === 404) return <Missing home="/admin" />;
      return (
        <Page title={t('trouble.title')}>
          <Trouble error={found.error} again={() => void loadElection(tenant, slug)} />
        </Page>
      );
    }
    if (found.state === 'loading') {
      return (
        <Page title={t('loading')} wide>
          <Skeleton label={t('loading')} lines={6} />
        </Page>
      );
    }
    return (
      <>
        <Head />
        <Inner params={{ ...params, tenant }} />
      </>
    );
  };
}

function Head(): JSX.Element {
  const t = useText(texts);
  const tOperate = useText(adminOperate);
  const pick = usePick();
  const account = useAccount();
  const path = usePath();
  const { slug, view, face } = useElection();
  const title = pick(view.draft.title);
  const items: NavItem[] = [
    { label: t('election.overview'), to: electionPath(slug) },
    ...pages
      .filter(({ needs, beforeApproval }) => (needs === undefined || can(account, needs)) && (view.state === 'approved' || beforeApproval === true))
      .map((page) => ({ label: tOperate(page.label), to: electionPath(slug, page.path) })),
  ].map((item) => ({ ...item, current: item.to === path || (item.to !== electionPath(slug) && path.startsWith(`${item.to}/`)) }));
  return (
    <>
      <TestBanner test={view.draft.test} />
      <div class="admin-election">
        <Breadcrumbs crumbs={[{ label: t('nav.elections'), to: '/admin' }, { label: title }]} />
        <div class="row row-apart">
          <p class="admin-election-title">{title}</p>
          <StateBadges state={view.state} phase={face?.phase ?? null} test={view.draft.test} />
        </div>
        <NavList items={items} label={t('election.nav')} />
      </div>
    </>
  );
}

/** A draft while it is being written: kept in the page's memory until it is saved, so that other pages can be looked at meanwhile. */
import { useEffect } from 'preact/hooks';
import { createStore, useStore } from '../../../app/store';
import { data } from '../../../api/client';
import type { Draft } from '../election/draft';
import { type ElectionView, takeView, useElection } from '../election/frame';
import { api } from '../session';

interface Edits {
  slug: string;
  /** Of the draft that was changed: the server refuses to overwrite what someone else saved since. */
  version: number;
  draft: Draft;
}

const kept = createStore<Edits | null>(null);

export interface Editing {
  draft: Draft;
  /** Whether there is something that is not saved. */
  dirty: boolean;
  change: (draft: Draft) => void;
  /** Saves what was changed; gives the election as it is then. @throws ApiError */
  save: () => Promise<ElectionView>;
  discard: () => void;
}

export function useEditing(): Editing {
  const { tenant, slug, view } = useElection();
  const edits = useStore(kept);
  const mine = edits !== null && edits.slug === slug ? edits : null;
  const dirty = mine !== null;

  useEffect(() => {
    if (!dirty) return;
    const warn = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener('beforeunload', warn);
    return () => removeEventListener('beforeunload', warn);
  }, [dirty]);

  return {
    draft: mine?.draft ?? view.draft,
    dirty,
    change: (draft) => kept.set({ slug, version: mine?.version ?? view.version, draft }),
    save: async () => {
      const now = kept.get();
      if (now === null || now.slug !== slug) return view;
      const saved = await saveDraft(tenant, slug, now.version, now.draft);
      kept.set(null);
      return saved;
    },
    discard: () => kept.set(null),
  };
}

async function saveDraft(tenant: string, slug: string, version: number, draft: Draft): Promise<ElectionView> {
  const path = { tenant, election: slug };
  // The voting pages are announced as they are at submission, not as they were at an earlier one.
  const body = { ...draft, assets: null };
  return takeView(await data(api.PUT('/api/v1/tenants/{tenant}/elections/{election}', { params: { path, header: { 'If-Match': `"${String(version)}"` } }, body: body as never })));
}

/** A draft while it is being written: kept in the page's memory until it is saved, so that other pages can be looked at meanwhile. */
import { useEffect } from 'preact/hooks';
import { useStore } from '../../../app/store';
import { data } from '../../../api/client';
import type { Draft } from '../election/draft';
import { type ElectionView, takeView, useElection } from '../election/frame';
import { createOwnStore, ownerOf } from '../own';
import { api } from '../session';

interface Edits {
  /** Of the draft that was changed: the server refuses to overwrite what someone else saved since. */
  version: number;
  draft: Draft;
}

const kept = createOwnStore<Edits>();

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
  const owner = ownerOf(slug);
  const edits = useStore(kept);
  const mine = edits?.owner === owner ? edits.value : null;
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
    change: (draft) => kept.set({ owner, value: { version: mine?.version ?? view.version, draft } }),
    save: async () => {
      const now = kept.get();
      if (now?.owner !== owner) return view;
      const saved = await saveDraft(tenant, slug, now.value.version, now.value.draft);
      const after = kept.get();
      if (after === now) kept.set(null);
      // What was typed while it was being saved is not saved yet, and changes what is.
      else if (after?.owner === owner) kept.set({ owner, value: { ...after.value, version: saved.version } });
      return saved;
    },
    discard: () => kept.set(null),
  };
}

async function saveDraft(tenant: string, slug: string, version: number, draft: Draft): Promise<ElectionView> {
  const path = { tenant, election: slug };
  // The voting pages are announced as they are at submission, not as they were at an earlier one.
  const body = { ...draft, assets: null };
  const owner = ownerOf(slug);
  return takeView(await data(api.PUT('/api/v1/tenants/{tenant}/elections/{election}', { params: { path, header: { 'If-Match': `"${String(version)}"` } }, body: body as never })), owner);
}

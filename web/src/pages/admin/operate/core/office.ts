/** What every page of an approved election works with: the account, where the election is, what may be done. */
import { useEffect, useRef } from 'preact/hooks';
import { data } from '../../../../api/client';
import type { components } from '../../../../api/schema';
import { electionPath, useElection, useReload } from '../../election/frame';
import { can, type Permission } from '../../permissions';
import { type Account, api, useAccount } from '../../session';
import { type Loaded, useLoad } from './load';

export type Schemas = components['schemas'];
export type Face = Schemas['PublicElection'];
export type Phase = Schemas['Phase'];

/** Beginning of every address of an election's API, as the client names it. */
export const E = '/api/v1/tenants/{tenant}/elections/{election}';

export interface Office {
  account: Account;
  /** For `params` of requests. */
  path: { tenant: string; election: string };
  may: (permission: Permission) => boolean;
  /** Address of one of the election's pages in this console. */
  at: (page: string) => string;
  /** Address of the election's public page. */
  home: string;
}

export function useOffice(): Office {
  const account = useAccount();
  const { tenant, slug } = useElection();
  return {
    account,
    path: { tenant, election: slug },
    may: (permission) => can(account, permission),
    at: (page) => electionPath(slug, page),
    home: `/e/${encodeURIComponent(tenant)}/${encodeURIComponent(slug)}/`,
  };
}

/** Milliseconds between two looks at where an election stands. */
const PACE = 5_000;

/** Where the election stands, looked at again and again; what is above the page follows when the phase changes. */
export function useFace({ path }: Office): Loaded<Face> {
  const reload = useReload();
  const { face: known } = useElection();
  const face = useLoad(() => data(api.GET(`${E}/public`, { params: { path } })), [path.tenant, path.election], PACE);
  const phase = face.value?.phase;
  const told = useRef(known?.phase);
  useEffect(() => {
    if (phase === undefined || phase === told.current) return;
    told.current = phase;
    void reload();
  }, [phase, reload]);
  return face.value === null && known !== null ? { ...face, value: known } : face;
}

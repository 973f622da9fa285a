import type { JSX } from 'preact';
import { useCallback } from 'preact/hooks';
import { data } from '../../../api/client';
import type { components } from '../../../api/schema';
import { Draws } from '../../home/draws';
import { type Fetched, useFetched } from '../attempt';
import { api } from '../session';
import { Trouble } from '../trouble';
import type { Contest } from './draft';
import { useElection } from './frame';

export type Lot = components['schemas']['LotView'];

/** The draws by lot of the election that is shown. */
export function useLots(): Fetched<readonly Lot[]> {
  const { tenant, slug } = useElection();
  return useFetched<readonly Lot[]>(useCallback(() => data(api.GET('/api/v1/tenants/{tenant}/elections/{election}/lots', { params: { path: { tenant, election: slug } } })), [tenant, slug]));
}

/** Every draw of every contest, as the public page shows them, and who drew; nothing without any. */
export function DraftDraws({ contests }: { contests: readonly Contest[] }): JSX.Element | null {
  const lots = useLots();
  if (lots.value === null) return <Trouble error={lots.error} again={() => void lots.load()} />;
  return lots.value.length === 0 ? null : <Draws lots={lots.value} contests={contests} />;
}

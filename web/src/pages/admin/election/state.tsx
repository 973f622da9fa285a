import type { JSX } from 'preact';
import type { components } from '../../../api/schema';
import { adminSetup as texts } from '../../../i18n/admin-setup';
import { useText } from '../../../i18n';
import { Badge } from '../../../ui/timeline';

type State = components['schemas']['ElectionState'];
export type Phase = components['schemas']['Phase'];

const PHASES = { ceremony: 'plain', drill: 'plain', roll: 'plain', sealed: 'info', open: 'success', closed: 'info', tally: 'info', finished: 'plain', void: 'danger' } as const satisfies Record<Phase, string>;
const STATES = { draft: 'plain', in_review: 'warning', approved: 'info' } as const satisfies Record<State, string>;

/** Where an election stands: its paper work until the manifest is frozen, its phase afterwards. */
export function StateBadges({ state, phase, test }: { state: State; phase: Phase | null; test: boolean }): JSX.Element {
  const t = useText(texts);
  return (
    <p class="row">
      {phase === null ? <Badge kind={STATES[state]}>{t(`state.${state}`)}</Badge> : <Badge kind={PHASES[phase]}>{t(`phase.${phase}`)}</Badge>}
      {test && <Badge kind="test">{t('state.test')}</Badge>}
    </p>
  );
}

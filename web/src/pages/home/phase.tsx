import type { JSX } from 'preact';
import { home as texts } from '../../i18n/home';
import { useText } from '../../i18n';
import { Badge } from '../../ui/timeline';
import type { Phase } from '../booth/core/server';

const KIND = { ceremony: 'plain', drill: 'plain', roll: 'plain', sealed: 'info', open: 'success', closed: 'info', tally: 'info', finished: 'plain', void: 'danger' } as const satisfies Record<Phase, string>;

/** Where an election stands, and whether it is a test, in words. */
export function PhaseBadges({ phase, test }: { phase: Phase; test: boolean }): JSX.Element {
  const t = useText(texts);
  return (
    <p class="row">
      <Badge kind={KIND[phase]}>{t(`phase.${phase}`)}</Badge>
      {test && <Badge kind="test">{t('test')}</Badge>}
    </p>
  );
}

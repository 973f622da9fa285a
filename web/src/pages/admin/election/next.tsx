import type { JSX } from 'preact';
import { adminSetup as texts } from '../../../i18n/admin-setup';
import { useFormat, useText } from '../../../i18n';
import { ButtonLink } from '../../../ui/button';
import { Notice } from '../../../ui/notice';
import { electionPath, type PublicFace } from './frame';
import type { Phase } from './state';

/** The next moment that matters in a phase, in seconds since 1970; null where there is none. */
export function nextDeadline({ phase, schedule }: Pick<PublicFace, 'phase' | 'schedule'>): number | null {
  if (phase === 'open') return schedule.closes;
  return (['ceremony', 'drill', 'roll', 'sealed'] as Phase[]).includes(phase) ? schedule.opens : null;
}

/** Where it is done, or watched. */
const PAGES = { ceremony: 'ceremony', drill: 'ceremony', roll: 'roll', sealed: 'voting', open: 'turnout', closed: 'results', tally: 'results', finished: 'papers', void: null } as const satisfies Record<Phase, string | null>;

/** What is to be done next in an approved election, and by whom. */
export function NextStep({ face }: { face: PublicFace | null }): JSX.Element {
  const t = useText(texts);
  const format = useFormat();
  if (face === null) {
    return (
      <Notice title={t('next.title')}>
        <p>{t('next.begins')}</p>
      </Notice>
    );
  }
  const due = nextDeadline(face);
  const page = PAGES[face.phase];
  return (
    <Notice title={t('next.title')}>
      <p>{t(`next.${face.phase}`)}</p>
      {page !== null && (
        <div class="row">
          <ButtonLink to={electionPath(face.election, page)}>{t(`next.go.${page}`)}</ButtonLink>
        </div>
      )}
      {due !== null && <p class="numeric">{face.phase === 'open' ? t('next.closes', { when: format.dateTime(new Date(due * 1000)) }) : t('next.opens', { when: format.dateTime(new Date(due * 1000)) })}</p>}
    </Notice>
  );
}

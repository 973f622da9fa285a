import type { JSX } from 'preact';
import { adminSetup as texts } from '../../../i18n/admin-setup';
import { useFormat, useText } from '../../../i18n';
import { Notice } from '../../../ui/notice';
import type { PublicFace } from './frame';
import type { Phase } from './state';

/** The next moment that matters in a phase, in seconds since 1970; null where there is none. */
export function nextDeadline({ phase, schedule }: Pick<PublicFace, 'phase' | 'schedule'>): number | null {
  if (phase === 'open') return schedule.closes;
  return (['ceremony', 'drill', 'roll', 'sealed'] as Phase[]).includes(phase) ? schedule.opens : null;
}

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
  return (
    <Notice title={t('next.title')}>
      <p>{t(`next.${face.phase}`)}</p>
      {due !== null && <p class="numeric">{face.phase === 'open' ? t('next.closes', { when: format.dateTime(new Date(due * 1000)) }) : t('next.opens', { when: format.dateTime(new Date(due * 1000)) })}</p>}
    </Notice>
  );
}

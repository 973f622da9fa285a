import type { JSX } from 'preact';
import { trustee as texts } from '../../i18n/trustee';
import { useText } from '../../i18n';
import { JobNotice } from '../../local/parts';
import type { CeremonyView, TrusteeProgress } from '../../local/messages';
import { Button } from '../../ui/button';
import { Notice } from '../../ui/notice';
import { type Round, Rounds, ROUNDS, type TrusteeRounds } from '../trustee-status/rounds';
import type { ScreenProps } from './page';

/** The rounds of the ceremony, or the drill: what is on the board, and one button that does whatever is due. */
export function Ceremony({ state: { view, job }, desk, busy, part }: ScreenProps & { part: 'ceremony' | 'drill' }): JSX.Element {
  const t = useText(texts);
  const { ceremony } = view;
  const number = view.board?.election?.number ?? null;
  const own = ceremony?.trustees.find((one) => one.number === number);
  const done = part === 'drill' && own?.drill === true;
  const begun = own?.commitment === true;
  return (
    <>
      {ceremony !== null && ceremony.complainant !== null && ceremony.accused !== null && (
        <Notice kind="danger" title={t('rounds.complaint', { by: ceremony.complainant, accused: ceremony.accused })}>
          <p>{t('rounds.complaint.body')}</p>
        </Notice>
      )}
      {done && (
        <Notice kind="success" live="status" title={t('drill.done')}>
          <p>{t('drill.done.body')}</p>
        </Notice>
      )}
      <JobNotice job={job} actions={[part, 'follow']} stop={(job) => void desk.stop(job)} />
      {ceremony !== null && (
        <>
          {ceremony.attempt > 1 && <p>{t('rounds.attempt', { n: ceremony.attempt })}</p>}
          <Rounds trustees={rounds(ceremony, number)} />
        </>
      )}
      <div class="row">
        {done ? (
          <Button busy={busy} onClick={() => void desk.begin({ kind: 'follow' })}>
            {t('refresh')}
          </Button>
        ) : (
          <Button kind="primary" busy={busy} onClick={() => void desk.begin({ kind: part })}>
            {part === 'drill' ? t('drill.start') : begun ? t('ceremony.go-on') : t('ceremony.start')}
          </Button>
        )}
      </div>
    </>
  );
}

/** A round is due once all have done the one before it. */
function rounds({ trustees }: CeremonyView, own: number | null): TrusteeRounds[] {
  const last = ROUNDS.slice(0, 5).find((round) => trustees.some((one) => !one[round])) ?? null;
  const did = (trustee: TrusteeProgress, round: Round): Record<string, never> | null => (trustee[round] ? {} : null);
  return trustees.map((trustee) => ({
    number: trustee.number,
    name: trustee.name,
    you: trustee.number === own,
    due: last !== null && !trustee[last] ? last : null,
    done: Object.fromEntries(ROUNDS.map((round) => [round, did(trustee, round)])),
  }));
}

import type { JSX } from 'preact';
import { sessionStore } from '../../../app/storage';
import { booth as texts } from '../../../i18n/booth';
import { useFormat, useText } from '../../../i18n';
import { Button } from '../../../ui/button';
import { Hash } from '../../../ui/hash';
import { Notice } from '../../../ui/notice';
import { WRONG_CLOCK } from '../core/clock';
import { mayVoteAgain, type State } from '../core/machine';
import type { Booth } from '../core/run';
import { Screen } from '../frame';
import { Korean, Paragraphs, useBilingual } from '../texts';

/** What the vote is about and how it goes. */
export function NoticeStep({ booth, state }: { booth: Booth; state: State }): JSX.Element | null {
  const t = useText(texts);
  const format = useFormat();
  const bilingual = useBilingual();
  const { election } = state;
  if (election === null) return null;
  const { manifest, hash, closes } = election;
  const title = bilingual(manifest.title);
  const notice = bilingual(manifest.notice);
  // Whose ballot it will be is not known yet: a number is said where every ballot has the same.
  const [alike, ...others] = new Set(manifest.styles.map(({ contests }) => contests.length));
  const ahead = booth.server.clock.deviceAhead() ?? 0;
  return (
    <Screen state={state} step="notice" title={title.main} lead={<>{title.korean !== null && <Korean text={title.korean} />}</>}>
      <p class="booth-until">
        <strong>{t('notice.until', { when: format.dateTime(new Date(closes * 1000)) })}</strong>
        {alike !== undefined && others.length === 0 && <span class="soft">{t('notice.contests', { n: alike })}</span>}
      </p>
      {booth.manifest === null ? (
        <Notice kind="warning" title={t('notice.fingerprint')}>
          <p>{t('notice.fingerprint.body')}</p>
          <Hash value={hash.slice(0, 32)} label={t('notice.fingerprint.label')} />
        </Notice>
      ) : (
        <Notice kind="success">
          <p>{t(state.codes.every((known) => known) ? 'notice.link' : 'notice.link.code')}</p>
        </Notice>
      )}
      {Math.abs(ahead) > WRONG_CLOCK && (
        <Notice kind="info" title={t('clock.title')}>
          <p>{t('clock.body', { by: format.duration(Math.abs(ahead) / 1000) })}</p>
        </Notice>
      )}
      {!sessionStore().lasting && (
        <Notice kind="warning">
          <p>{t('notice.forgets')}</p>
        </Notice>
      )}
      <section class="card stack">
        <h2>{t('notice.official')}</h2>
        <Paragraphs text={notice.main} />
        {notice.korean !== null && (
          <div class="soft small">
            <Paragraphs text={notice.korean} lang="ko" />
          </div>
        )}
      </section>
      <section class="stack">
        <h2>{t('notice.how')}</h2>
        <ol class="booth-how">
          <li>{t('notice.how.1')}</li>
          <li>{t('notice.how.2')}</li>
          <li>{t('notice.how.3')}</li>
          <li>{t('notice.how.4')}</li>
        </ol>
        <p>{mayVoteAgain(state) ? t('notice.revoting') : t('notice.once')}</p>
        <p class="soft">{t('notice.alone')}</p>
      </section>
      <div class="booth-actions">
        <Button kind="primary" size="large" wide onClick={() => booth.dispatch({ event: 'begin' })}>
          {t('notice.begin')}
        </Button>
      </div>
    </Screen>
  );
}

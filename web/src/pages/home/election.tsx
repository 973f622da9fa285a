import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Params } from '../../app/router';
import { sessionStore } from '../../app/storage';
import { useStore } from '../../app/store';
import { home as texts } from '../../i18n/home';
import { useFormat, useText } from '../../i18n';
import { ButtonLink } from '../../ui/button';
import { Notice } from '../../ui/notice';
import { NoElection, NotOpened, Opening } from '../../ui/opening';
import { Page, Section } from '../../ui/page';
import { startBooth } from '../../wasm/booth';
import type { Contest, Manifest } from '../../wasm/messages';
import { readPending } from '../booth/core/pending';
import { isBefore } from '../booth/core/schedule';
import { Server } from '../booth/core/server';
import { TestBanner } from '../booth/frame';
import { useInstruction } from '../booth/steps/contest';
import { Korean, Paragraphs, useBilingual } from '../booth/texts';
import { DaySection } from './day';
import { DrawsSection } from './draws';
import { ElectionHome, type Figures, type Loaded, PACE } from './load';
import { PhaseBadges } from './phase';
import { AssetsNotice, OtherPages, RecordSection } from './record';
import { ResultSection } from './result';
import { TurnoutSection } from './turnout';
import './home.css';

/** The public page of one election. */
export function ElectionPage({ params }: { params: Params }): JSX.Element {
  const { tenant = '', election = '' } = params;
  const t = useText(texts);
  const [page] = useState(() => new ElectionHome(new Server(tenant, election), startBooth));
  const loaded = useStore(page.state);
  useEffect(() => void page.load(), [page]);
  const ended = loaded.state === 'ready' && ['finished', 'void'].includes(loaded.figures.face.phase);
  useEffect(() => {
    if (ended) return;
    const look = (): void => {
      if (document.visibilityState === 'visible') void page.refresh();
    };
    const timer = setInterval(look, PACE);
    document.addEventListener('visibilitychange', look);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, [page, ended]);
  const home = `/e/${encodeURIComponent(tenant)}/${encodeURIComponent(election)}/`;
  switch (loaded.state) {
    case 'loading':
      return <Opening />;
    case 'failed': {
      const again = (): void => void page.load();
      return loaded.why === 'bad-record' ? (
        <NotOpened alarm title={t('trouble.bad-record')} detail={loaded.detail} onAgain={again}>
          <p>{t('trouble.bad-record.body')}</p>
        </NotOpened>
      ) : (
        <NoElection why={loaded.why} onAgain={again} />
      );
    }
    case 'ready':
      return <Ready loaded={loaded} tenant={tenant} election={election} home={home} unsettled={readPending(sessionStore(), tenant, election)?.manifest === loaded.figures.face.manifest_hash} />;
  }
}

function Ready({ loaded: { manifest, figures, stale }, tenant, election, home, unsettled }: { loaded: Extract<Loaded, { state: 'ready' }>; tenant: string; election: string; home: string; unsettled: boolean }): JSX.Element {
  const t = useText(texts);
  const bilingual = useBilingual();
  const { face, results } = figures;
  const title = bilingual(face.title);
  const voided = figures.timeline.find(({ kind }) => kind === 'void');
  return (
    <>
      <TestBanner test={face.test} />
      <Page title={title.main} wide above={<PhaseBadges phase={face.phase} test={face.test} />} lead={title.korean === null ? undefined : <Korean text={title.korean} />}>
        {manifest !== null && <p class="soft">{t('basis', { basis: bilingual(manifest.profile.basis).main })}</p>}
        {face.test && (
          <Notice kind="test">
            <p>{t('test.body')}</p>
          </Notice>
        )}
        {face.phase === 'void' && (
          <Notice kind="danger" title={t('void.title')}>
            {typeof voided?.reason === 'string' && <p>{t('void.reason', { reason: voided.reason })}</p>}
          </Notice>
        )}
        {unsettled && (
          <Notice kind="warning" title={t('unsettled')}>
            <p>{t('unsettled.body')}</p>
            <ButtonLink kind="primary" to={`${home}vote`}>
              {t('unsettled.do')}
            </ButtonLink>
          </Notice>
        )}
        <OtherPages face={face} />
        <AssetsNotice face={face} />
        <div class="home-lead">
          <Schedule manifest={manifest} figures={figures} />
          <div class="home-do">
            {face.phase === 'open' && (
              <ButtonLink kind="primary" size="large" wide to={`${home}vote`}>
                {t('vote')}
              </ButtonLink>
            )}
            {!isBefore(face.phase) && (
              <ButtonLink wide to={`${home}check`}>
                {t('check')}
              </ButtonLink>
            )}
          </div>
        </div>
        {results !== null && manifest !== null && <ResultSection manifest={manifest} results={results} turnout={figures.turnout} actions={<ButtonLink icon="print" size="small" to={`${home}papers/count-sheet`}>{t('result.sheet')}</ButtonLink>} />}
        <TurnoutSection manifest={manifest} figures={figures} stale={stale} />
        <DaySection manifest={manifest} figures={figures} />
        {manifest !== null && <Contests manifest={manifest} />}
        {manifest !== null && <DrawsSection tenant={tenant} election={election} contests={manifest.contests} />}
        {manifest !== null && <OfficialNotice manifest={manifest} />}
        <RecordSection face={face} home={home} verified={manifest !== null} />
      </Page>
    </>
  );
}

function Schedule({ manifest, figures: { face, timeline } }: { manifest: Manifest | null; figures: Figures }): JSX.Element {
  const t = useText(texts);
  const format = useFormat();
  const when = (seconds: number): string => format.dateTime(new Date(seconds * 1000));
  const windows = manifest?.windows ?? [face.schedule];
  const redated = timeline.filter(({ kind }) => kind === 're-dating').at(-1);
  return (
    <section class="stack stack-s">
      <h2>{t('schedule')}</h2>
      <ul class="home-windows numeric">
        {windows.map(({ opens, closes }) => (
          <li key={opens}>{t('schedule.window', { from: when(opens), to: when(closes) })}</li>
        ))}
      </ul>
      {redated !== undefined && (
        <p>
          <strong>{t('schedule.redated', { when: when(face.schedule.closes) })}</strong> {typeof redated.reason === 'string' && t('schedule.redated.reason', { reason: redated.reason })}
        </p>
      )}
      {typeof manifest?.override_reason === 'string' && <p class="soft small">{t('schedule.override', { reason: manifest.override_reason })}</p>}
    </section>
  );
}

function Contests({ manifest }: { manifest: Manifest }): JSX.Element {
  const t = useText(texts);
  return (
    <Section title={t('contests')}>
      <div class="grid grid-wide">
        {manifest.contests.map((contest, number) => (
          <ContestCard key={number} contest={contest} />
        ))}
      </div>
    </Section>
  );
}

function ContestCard({ contest }: { contest: Contest }): JSX.Element {
  const bilingual = useBilingual();
  const instruction = useInstruction();
  const title = bilingual(contest.title);
  return (
    <article class="card stack">
      <div>
        <h3>{title.main}</h3>
        <Korean text={title.korean} />
      </div>
      <p class="soft small">{instruction(contest)}</p>
      <ol class="home-options">
        {contest.options.map((option, index) => {
          const { main, korean } = bilingual(option);
          return (
            <li key={index}>
              <span>
                {main}
                <Korean text={korean} />
              </span>
            </li>
          );
        })}
      </ol>
    </article>
  );
}

function OfficialNotice({ manifest }: { manifest: Manifest }): JSX.Element {
  const t = useText(texts);
  const bilingual = useBilingual();
  const { main, korean } = bilingual(manifest.notice);
  return (
    <Section title={t('notice')}>
      <div class="card stack">
        <Paragraphs text={main} />
        {korean !== null && (
          <div class="soft small">
            <Paragraphs text={korean} lang="ko" />
          </div>
        )}
      </div>
    </Section>
  );
}

import type { JSX } from 'preact';
import { useCallback, useEffect, useState } from 'preact/hooks';
import type { Params } from '../../app/router';
import { trusteeStatus as texts } from '../../i18n/trustee-status';
import { useFormat, useText } from '../../i18n';
import { ButtonLink } from '../../ui/button';
import { CopyButton } from '../../ui/hash';
import { Notice } from '../../ui/notice';
import { NoElection, Opening } from '../../ui/opening';
import { Page, Section } from '../../ui/page';
import { type PublicElection, Refused, Server, type Trustees, type TrusteeStatus, type TrusteeStep, Unreachable } from '../booth/core/server';
import { TestBanner } from '../booth/frame';
import { Korean, useBilingual } from '../booth/texts';
import { PhaseBadges } from '../home/phase';
import '../home/home.css';
import { type Round, Rounds, ROUNDS, type TrusteeRounds } from './rounds';

type Loaded = { state: 'loading' } | { state: 'failed'; why: 'not-found' | 'unreachable' } | { state: 'ready'; face: PublicElection; trustees: Trustees; stale: boolean };

/** Milliseconds between two looks while something can change. */
const PACE = 5_000;

/** Who has done what in ceremony and decryption, and what a trustee runs. There is no secret here, and no place for one. */
export function TrusteeStatusPage({ params }: { params: Params }): JSX.Element {
  const { tenant = '', election = '' } = params;
  const [server] = useState(() => new Server(tenant, election));
  const [loaded, setLoaded] = useState<Loaded>({ state: 'loading' });
  const load = useCallback(async () => {
    try {
      const [face, trustees] = await Promise.all([server.public(), server.trustees()]);
      setLoaded({ state: 'ready', face, trustees, stale: false });
    } catch (error) {
      if (!(error instanceof Refused) && !(error instanceof Unreachable)) throw error;
      const why = error instanceof Refused && error.status === 404 ? 'not-found' : 'unreachable';
      setLoaded((before) => (before.state === 'ready' ? { ...before, stale: true } : { state: 'failed', why }));
    }
  }, [server]);
  const ended = loaded.state === 'ready' && ['finished', 'void'].includes(loaded.face.phase);
  useEffect(() => void load(), [load]);
  useEffect(() => {
    if (ended) return;
    const timer = setInterval(() => document.visibilityState === 'visible' && void load(), PACE);
    return () => clearInterval(timer);
  }, [load, ended]);
  switch (loaded.state) {
    case 'loading':
      return <Opening />;
    case 'failed':
      return <NoElection why={loaded.why} onAgain={() => void load()} />;
    case 'ready':
      return <Ready loaded={loaded} home={`/e/${encodeURIComponent(tenant)}/${encodeURIComponent(election)}/`} />;
  }
}

function Ready({ loaded: { face, trustees, stale }, home }: { loaded: Extract<Loaded, { state: 'ready' }>; home: string }): JSX.Element {
  const t = useText(texts);
  const format = useFormat();
  const title = useBilingual()(face.title);
  const { quorum, step, waiting_for, complaint, restarts } = trustees;
  const names = trustees.trustees.filter(({ number }) => waiting_for.includes(number)).map(({ number, name }) => `${String(number)}. ${name}`);
  return (
    <>
      <TestBanner test={face.test} />
      <Page title={t('status.title')} wide above={<PhaseBadges phase={face.phase} test={face.test} />} lead={t('status.lead', { n: quorum, of: trustees.trustees.length })}>
        <p>
          <strong>{title.main}</strong> <Korean text={title.korean} />
        </p>
        {stale && (
          <Notice kind="warning" live="status">
            <p>{t('status.stale')}</p>
          </Notice>
        )}
        {complaint && (
          <Notice kind="danger" title={t('rounds.complaint', { by: complaint.by, accused: complaint.accused })}>
            <p>{t('rounds.complaint.body')}</p>
          </Notice>
        )}
        <Notice kind={step === 'finished' ? 'success' : 'info'} title={t('status.step')}>
          <p>{t(`status.step.${step}`, { n: quorum })}</p>
          {names.length > 0 && <p>{t('status.waiting', { names: format.list(names) })}</p>}
        </Notice>
        <Section title={t('rounds')}>
          {trustees.attempt > 1 && <p>{t('rounds.attempt', { n: trustees.attempt })}</p>}
          <Rounds trustees={trustees.trustees.map((trustee) => rounds(trustee, step, waiting_for.includes(trustee.number)))} />
          {restarts.length > 0 && (
            <>
              <h3>{t('status.restarts')}</h3>
              <ol>
                {restarts.map((reason, index) => (
                  <li key={`${index} ${reason}`}>{reason}</li>
                ))}
              </ol>
            </>
          )}
          <p class="soft small">{t('status.trust')}</p>
        </Section>
        <Commands face={face} step={step} />
        <div class="row">
          <ButtonLink to={home} icon="left">
            {t('status.home')}
          </ButtonLink>
        </div>
      </Page>
    </>
  );
}

function rounds(trustee: TrusteeStatus, step: TrusteeStep, due: boolean): TrusteeRounds {
  const { number, name, commitment, opening, shares, confirmation, drill, decryption, decrypted } = trustee;
  const begun = decryption && !decrypted ? { ...decryption, part: true } : decryption;
  const round = ROUNDS.find((one): one is Round => one === step) ?? null;
  return { number, name, due: due ? round : null, done: { commitment, opening, shares, confirmation, drill, decryption: begun } };
}

/** The command of each step on the command line; the pages of `ui` do every step. */
const COMMANDS: Readonly<Partial<Record<TrusteeStep, string>>> = {
  commitment: 'ceremony --follow',
  opening: 'ceremony --follow',
  shares: 'ceremony --follow',
  confirmation: 'ceremony --follow',
  drill: 'drill',
  wait: 'follow --wait',
  decryption: 'decrypt',
};

function Commands({ face, step }: { face: PublicElection; step: TrusteeStep }): JSX.Element {
  const t = useText(texts);
  const command = (what: string): string => `hanpyo-trustee --secret trustee.age ${what} --board ${location.origin}${face.board} --vkey VKEY`;
  const line = COMMANDS[step];
  return (
    <Section title={t('status.run')}>
      <p>{t('status.run.body')}</p>
      <div class="card stack">
        <CommandLine title={t('status.run.ui')} command={command('ui')} />
        {line !== undefined && <CommandLine title={t('status.run.line')} command={command(line)} />}
        <p class="small">{t('status.run.vkey')}</p>
      </div>
    </Section>
  );
}

function CommandLine({ title, command }: { title: string; command: string }): JSX.Element {
  return (
    <div class="stack stack-s">
      <div class="row row-apart">
        <h3>{title}</h3>
        <CopyButton text={command} />
      </div>
      <pre class="home-command">{command}</pre>
    </div>
  );
}

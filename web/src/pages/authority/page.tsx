import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useStore } from '../../app/store';
import { authority as texts } from '../../i18n/authority';
import { useText } from '../../i18n';
import { Desk, takeToken } from '../../local/desk';
import type { AuthorityRequest, AuthorityView, State } from '../../local/messages';
import { Away, Connect, CreateFile, Fingerprint, isBusy, JobNotice, NoDesk, OpenFile, Own, SecretFile } from '../../local/parts';
import { Button } from '../../ui/button';
import { Disclosure } from '../../ui/disclosure';
import { Notice } from '../../ui/notice';
import { Page } from '../../ui/page';
import { Steps } from '../../ui/steps';
import { TestBanner } from '../../ui/test-banner';
import { Changes } from './changes';
import { Issue } from './issue';
import { type Screen, screenOf, stepOf, STEPS } from './step';
import { Files, Upload } from './upload';

export type AuthorityDesk = Desk<AuthorityView, AuthorityRequest>;

export interface ScreenProps {
  state: State<AuthorityView>;
  desk: AuthorityDesk;
  busy: boolean;
}

/** Milliseconds until the board is read again while others must still sign what was signed here. */
const PACE = 15_000;

/** Read once, when the page is loaded: the address bar does not keep it. */
const token = takeToken();

/** The authority's desk: one screen at a time, chosen by what the program says. */
export function AuthorityPage(): JSX.Element {
  const [desk] = useState(() => new Desk<AuthorityView, AuthorityRequest>(token));
  const loaded = useStore(desk.loaded);
  useEffect(() => desk.follow(), [desk]);
  if (loaded.at !== 'ready') return <NoDesk at={loaded.at} />;
  return <AtDesk state={loaded.state} away={loaded.away} desk={desk} />;
}

function AtDesk({ state, away, desk }: { state: State<AuthorityView>; away: boolean; desk: AuthorityDesk }): JSX.Element {
  const t = useText(texts);
  const { view, job } = state;
  const election = view.board?.election ?? null;
  // What was agreed to is one fingerprint, not whatever comes later.
  const [agreed, setAgreed] = useState<string | null>(null);
  const screen = screenOf(view, election !== null && agreed === election.manifest_hash);
  const busy = isBusy(job) || away;
  const title = useTitle(screen, view);
  const waits = !busy && view.secret.state === 'open' && view.proposals.some(({ index }) => index === null);
  useEffect(() => {
    if (!waits) return undefined;
    const timer = setTimeout(() => void desk.begin({ kind: 'read' }), PACE);
    return () => clearTimeout(timer);
  }, [desk, waits]);
  return (
    <>
      <TestBanner test={election?.test ?? false} />
      <Page wide title={title.title} lead={title.lead} step={screen} above={<Steps label={t('steps')} steps={STEPS.map((one) => t(`step.${one}`))} current={STEPS.indexOf(stepOf(screen))} />}>
        <Away away={away} />
        <Body screen={screen} state={state} desk={desk} busy={busy} agree={setAgreed} />
        {screen === 'changes' && <Files view={view} />}
        {election !== null && screen !== 'compare' && (
          <Disclosure summary={t('election.fingerprint')}>
            <Fingerprint election={election} />
          </Disclosure>
        )}
        <Own version={view.version}>
          {view.secret.state === 'open' && !busy && (
            <Button size="small" kind="quiet" onClick={() => void desk.begin({ kind: 'close' })}>
              {t('file.close')}
            </Button>
          )}
        </Own>
      </Page>
    </>
  );
}

function useTitle(screen: Screen, view: AuthorityView): { title: string; lead: string } {
  const t = useText(texts);
  switch (screen) {
    case 'create':
      return { title: t('file.create.title'), lead: t('file.create.lead') };
    case 'open':
      return view.secret.must_reopen ? { title: t('file.reopen.title'), lead: t('file.reopen.lead') } : { title: t('file.open.title'), lead: t('file.open.lead') };
    default:
      return { title: t(`${screen}.title`), lead: t(`${screen}.lead`) };
  }
}

function Body({ screen, agree, ...props }: ScreenProps & { screen: Screen; agree: (manifest: string) => void }): JSX.Element {
  const { state, desk, busy } = props;
  const { view, job } = state;
  const t = useText(texts);
  const election = view.board?.election ?? null;
  const refresh = (
    <Button busy={busy} onClick={() => void desk.begin({ kind: 'read' })}>
      {t('refresh')}
    </Button>
  );
  switch (screen) {
    case 'create':
      return (
        <>
          <JobNotice job={job} actions={['create']} />
          <SecretFile secret={view.secret} />
          <CreateFile busy={busy} create={(passphrase, again) => void desk.begin({ kind: 'create', passphrase, again })} />
        </>
      );
    case 'open':
      return (
        <>
          <JobNotice job={job} actions={['open']} />
          <SecretFile secret={view.secret} />
          <OpenFile busy={busy} open={(passphrase) => void desk.begin({ kind: 'open', passphrase })} />
          {view.secret.must_reopen && <p>{t('file.reopen.copy')}</p>}
        </>
      );
    case 'connect':
      return (
        <>
          <JobNotice job={job} actions={['connect', 'read']} />
          <Connect board={view.board} busy={busy} connect={(address, vkey) => void desk.begin({ kind: 'connect', board: address, vkey, api: null })} />
          <h2>{t('key.tell')}</h2>
          <p>{t('key.tell.body')}</p>
          <SecretFile secret={view.secret} />
        </>
      );
    case 'compare':
      if (election === null) return <></>;
      return election.number === null ? (
        <Notice kind="danger" title={t('compare.stranger')}>
          <p>{t('compare.stranger.body')}</p>
        </Notice>
      ) : (
        <Fingerprint election={election} agree={() => agree(election.manifest_hash)} />
      );
    case 'key':
      return (
        <>
          <JobNotice job={job} actions={['read', 'connect']} />
          <div class="row">{refresh}</div>
        </>
      );
    case 'issue':
      return <Issue {...props} />;
    case 'upload':
      return <Upload {...props} refresh={refresh} />;
    case 'changes':
      return <Changes {...props} refresh={refresh} />;
    case 'over':
      return <div class="row">{refresh}</div>;
  }
}

import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useStore } from '../../app/store';
import { trustee as texts } from '../../i18n/trustee';
import { useFormat, useText } from '../../i18n';
import { Desk, takeToken } from '../../local/desk';
import type { State, TrusteeRequest, TrusteeView } from '../../local/messages';
import { Away, Connect, CreateFile, Fingerprint, isBusy, JobNotice, NoDesk, OpenFile, Own, SecretFile } from '../../local/parts';
import { Button } from '../../ui/button';
import { Disclosure } from '../../ui/disclosure';
import { Notice } from '../../ui/notice';
import { Page } from '../../ui/page';
import { Steps } from '../../ui/steps';
import { TestBanner } from '../../ui/test-banner';
import { Ceremony } from './ceremony';
import { Ask, Decrypt } from './decrypt';
import { Preflight } from './preflight';
import { type Screen, screenOf, stepOf, STEPS } from './step';

export type TrusteeDesk = Desk<TrusteeView, TrusteeRequest>;

export interface ScreenProps {
  state: State<TrusteeView>;
  desk: TrusteeDesk;
  busy: boolean;
}

/** Read once, when the page is loaded: the address bar does not keep it. */
const token = takeToken();

/** The trustee's desk: one screen at a time, chosen by what the program says. */
export function TrusteePage(): JSX.Element {
  const [desk] = useState(() => new Desk<TrusteeView, TrusteeRequest>(token));
  const loaded = useStore(desk.loaded);
  useEffect(() => desk.follow(), [desk]);
  if (loaded.at !== 'ready') return <NoDesk at={loaded.at} />;
  return <AtDesk state={loaded.state} away={loaded.away} desk={desk} />;
}

function AtDesk({ state, away, desk }: { state: State<TrusteeView>; away: boolean; desk: TrusteeDesk }): JSX.Element {
  const t = useText(texts);
  const { view, job } = state;
  const election = view.board?.election ?? null;
  // What was agreed to is one fingerprint, not whatever comes later.
  const [agreed, setAgreed] = useState<string | null>(null);
  const screen = screenOf(view, election !== null && agreed === election.manifest_hash);
  const busy = isBusy(job) || away;
  const step = STEPS.indexOf(stepOf(screen, view));
  const title = useTitle(screen, view);
  return (
    <>
      <TestBanner test={election?.test ?? false} />
      <Page
        wide
        title={title.title}
        lead={title.lead}
        step={screen}
        above={
          <Steps
            label={t('steps')}
            steps={STEPS.map((one) => t(`step.${one}`))}
            current={step}
          />
        }
      >
        <Away away={away} />
        <Body screen={screen} state={state} desk={desk} busy={busy} agree={setAgreed} />
        {election !== null && screen !== 'preflight' && (
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

function useTitle(screen: Screen, view: TrusteeView): { title: string; lead: string } {
  const t = useText(texts);
  const format = useFormat();
  switch (screen) {
    case 'create':
      return { title: t('file.create.title'), lead: t('file.create.lead') };
    case 'open':
      return view.secret.must_reopen ? { title: t('file.reopen.title'), lead: t('file.reopen.lead') } : { title: t('file.open.title'), lead: t('file.open.lead') };
    case 'connect':
      return { title: t('board.title'), lead: t('board.lead') };
    case 'ask':
      return { title: t('decrypt.ask.title'), lead: t('decrypt.ask.lead') };
    case 'over':
    case 'void':
    case 'unusable':
      return { title: t(`${screen}.title`), lead: t(`${screen}.body`) };
    case 'voting':
      return { title: t('voting.title'), lead: t('voting.lead', { closes: format.dateTime(new Date((view.board?.election?.closes ?? 0) * 1000)) }) };
    default:
      return { title: t(`${screen}.title`), lead: t(`${screen}.lead`) };
  }
}

function Body({ screen, agree, ...props }: ScreenProps & { screen: Screen; agree: (manifest: string) => void }): JSX.Element {
  const { state, desk, busy } = props;
  const { view, job } = state;
  const t = useText(texts);
  const board = ['connect', 'preflight', 'follow'];
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
          <JobNotice job={job} actions={board} />
          <Connect board={view.board} busy={busy} connect={(address, vkey) => void desk.begin({ kind: 'connect', board: address, vkey, api: null })} />
          <h2>{t('key.tell')}</h2>
          <p>{t('key.tell.body')}</p>
          <SecretFile secret={view.secret} />
        </>
      );
    case 'preflight':
      return <Preflight {...props} agree={agree} />;
    case 'ceremony':
    case 'drill':
      return <Ceremony {...props} part={screen} />;
    case 'voting':
      return (
        <>
          <JobNotice job={job} actions={board} />
          {view.board !== null && <p class="numeric">{t('voting.verified', { n: view.board.size })}</p>}
          <div class="row">
            <Button kind="primary" busy={busy} onClick={() => void desk.begin({ kind: 'follow' })}>
              {t('voting.follow')}
            </Button>
          </div>
        </>
      );
    case 'decrypt':
      return <Decrypt {...props} />;
    case 'ask':
      return <Ask {...props} />;
    case 'over':
      return <Notice kind="success" title={t('over.title')} />;
    case 'void':
    case 'unusable':
      return <Notice kind="danger" title={t(`${screen}.title`)} />;
  }
}

import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Params } from '../../app/router';
import { sessionStore } from '../../app/storage';
import { booth as texts } from '../../i18n/booth';
import { useText } from '../../i18n';
import { Skeleton } from '../../ui/progress';
import { startBooth } from '../../wasm/booth';
import { keepManifest, keptManifest, takeLink } from './core/link';
import { Booth } from './core/run';
import { Server } from './core/server';
import { Screen } from './frame';
import { useBooth } from './hooks';
import { Leaving } from './leaving';
import { SessionWatch } from './session-watch';
import { ChallengedStep } from './steps/challenged';
import { IdentifyStep } from './steps/identify';
import { MarkStep } from './steps/mark';
import { NoticeStep } from './steps/notice';
import { OneTimeCodeStep } from './steps/one-time-code';
import { ReceiptStep } from './steps/receipt';
import { EncryptingStep, ReviewStep } from './steps/review';
import { SendingStep } from './steps/sending';
import { StoppedStep } from './steps/stopped';
import { SubmitStep } from './steps/submit';
import { VotingCodeStep } from './steps/voting-code';
import './booth.css';

function open(tenant: string, election: string): Booth {
  const [link, storage] = [takeLink(), sessionStore()];
  if (link !== null && link !== 'broken') keepManifest(storage, tenant, election, link.manifest);
  const manifest = keptManifest(storage, tenant, election);
  return new Booth({ tenant, election, server: new Server(tenant, election), crypto: startBooth, storage, link, manifest });
}

/** The booth of one election. A personal link opened in the same tab begins anew. */
export function BoothPage({ params }: { params: Params }): JSX.Element {
  const { tenant = '', election = '' } = params;
  const [booth, setBooth] = useState(() => open(tenant, election));
  useEffect(() => {
    const renew = (): void => {
      if (location.hash.includes('c=')) setBooth(open(tenant, election));
    };
    const online = (): void => booth.dispatch({ event: 'retry' });
    addEventListener('hashchange', renew);
    addEventListener('online', online);
    return () => {
      removeEventListener('hashchange', renew);
      removeEventListener('online', online);
      booth.close();
    };
  }, [booth, tenant, election]);
  return <Stages booth={booth} home={`/e/${encodeURIComponent(tenant)}/${encodeURIComponent(election)}/`} />;
}

function Stages({ booth, home }: { booth: Booth; home: string }): JSX.Element {
  const state = useBooth(booth);
  return (
    <>
      <StageScreen booth={booth} state={state} home={home} />
      <Leaving state={state} />
      {state.session !== null && <SessionWatch booth={booth} session={state.session} />}
    </>
  );
}

function StageScreen({ booth, state, home }: { booth: Booth; state: ReturnType<typeof useBooth>; home: string }): JSX.Element | null {
  const t = useText(texts);
  const { stage } = state;
  switch (stage.at) {
    case 'loading':
      return (
        <Screen state={state} step="loading" title={t('loading.title')} lead={t('loading.body')}>
          <Skeleton label={t('loading.title')} lines={5} />
        </Screen>
      );
    case 'stopped':
      return <StoppedStep booth={booth} state={state} stop={stage.stop} home={home} />;
    case 'notice':
      return <NoticeStep booth={booth} state={state} />;
    case 'identify':
      return <IdentifyStep booth={booth} state={state} stage={stage} />;
    case 'one-time-code':
      return <OneTimeCodeStep booth={booth} state={state} stage={stage} />;
    case 'voting-code':
      return <VotingCodeStep booth={booth} state={state} stage={stage} />;
    case 'mark':
      return <MarkStep booth={booth} state={state} stage={stage} />;
    case 'review':
      return <ReviewStep booth={booth} state={state} stage={stage} />;
    case 'encrypting':
      return <EncryptingStep state={state} />;
    case 'submit':
      return <SubmitStep booth={booth} state={state} stage={stage} />;
    case 'challenged':
      return <ChallengedStep booth={booth} state={state} stage={stage} home={home} />;
    case 'recorded':
      return <ReceiptStep state={state} stage={stage} home={home} />;
    case 'sending':
    case 'settling':
    case 'recording':
    case 'waiting':
    case 'unproven':
      return <SendingStep booth={booth} state={state} stage={stage} />;
  }
}

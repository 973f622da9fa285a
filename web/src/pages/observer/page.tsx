import type { JSX } from 'preact';
import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import type { Params } from '../../app/router';
import { localStore } from '../../app/storage';
import { useStore } from '../../app/store';
import { observer as texts } from '../../i18n/observer';
import { useText } from '../../i18n';
import { Breadcrumbs } from '../../ui/navigation';
import { Notice } from '../../ui/notice';
import { NoElection, Opening } from '../../ui/opening';
import { Page } from '../../ui/page';
import { Tabs } from '../../ui/tabs';
import { Badge } from '../../ui/timeline';
import { boardAt, startObserverWorkers } from '../../wasm/observer';
import type { RecordPhase } from '../../wasm/messages';
import { canVerify } from '../booth/core/browser';
import { type Phase, type PublicElection, Refused, Server, Unreachable } from '../booth/core/server';
import { TestBanner } from '../booth/frame';
import { Korean, useBilingual } from '../booth/texts';
import { PhaseBadges } from '../home/phase';
import { Alarms } from './alarms';
import { CheckpointCard } from './checkpoint';
import { ChecksTab } from './given';
import { Command } from './command';
import { CompareTab } from './compare';
import { EvidenceStore } from './core/evidence';
import { Memory } from './core/memory';
import { Watch } from './core/watch';
import { EventsTab } from './events';
import { FiguresTab } from './figures';
import { Fingerprint } from './fingerprint';
import { KeyCard } from './key';
import { ObjectionsTab, useObjections } from './objections';
import { Status } from './status';
import './observer.css';

/** Milliseconds between two looks at the board. */
const PACE = 5_000;

type Loaded = { state: 'loading' } | { state: 'failed'; why: 'not-found' | 'unreachable' } | { state: 'ready'; face: PublicElection };

/** Follows and verifies an election's record in this browser. */
export function ObserverPage({ params }: { params: Params }): JSX.Element {
  const { tenant = '', election = '' } = params;
  const [server] = useState(() => new Server(tenant, election));
  const [loaded, setLoaded] = useState<Loaded>({ state: 'loading' });
  const load = useCallback(async () => {
    setLoaded({ state: 'loading' });
    try {
      setLoaded({ state: 'ready', face: await server.public() });
    } catch (error) {
      if (!(error instanceof Refused) && !(error instanceof Unreachable)) throw error;
      setLoaded({ state: 'failed', why: error instanceof Refused && error.status === 404 ? 'not-found' : 'unreachable' });
    }
  }, [server]);
  useEffect(() => void load(), [load]);
  switch (loaded.state) {
    case 'loading':
      return <Opening />;
    case 'failed':
      return <NoElection why={loaded.why} onAgain={() => void load()} />;
    case 'ready':
      return <WithKey server={server} face={loaded.face} home={`/e/${encodeURIComponent(tenant)}/${encodeURIComponent(election)}/`} />;
  }
}

/** The key that is used: what the visitor gave, or what the server said first. It is remembered, so that the server cannot change it unseen. */
function WithKey({ server, face, home }: { server: Server; face: PublicElection; home: string }): JSX.Element {
  const board = new URL(face.board, location.href).href;
  const memory = useMemo(() => new Memory(localStore(), board), [board]);
  const [key, setKey] = useState(() => {
    const kept = memory.vkey;
    if (kept === null) memory.vkey = { vkey: face.vkey, given: false };
    return kept ?? { vkey: face.vkey, given: false };
  });
  const [attempt, setAttempt] = useState(0);
  const watch = useMemo(() => new Watch({ vkey: key.vkey, board, fetchFile: boardAt(face.board), start: startObserverWorkers, memory, evidence: new EvidenceStore(localStore(), board) }), [key.vkey, board, face.board, memory, attempt]);
  const use = (vkey: string, given: boolean): void => {
    memory.vkey = { vkey, given };
    setKey({ vkey, given });
    setAttempt((before) => before + 1);
  };
  return <Watching key={`${String(attempt)} ${key.vkey}`} server={server} face={face} home={home} board={board} watch={watch} given={key.given} onKey={use} onRestart={() => setAttempt((before) => before + 1)} />;
}

interface WatchingProps {
  server: Server;
  face: PublicElection;
  home: string;
  board: string;
  watch: Watch;
  given: boolean;
  onKey: (vkey: string, given: boolean) => void;
  onRestart: () => void;
}

function Watching({ server, face, home, board, watch, given, onKey, onRestart }: WatchingProps): JSX.Element {
  const t = useText(texts);
  const bilingual = useBilingual();
  const state = useStore(watch.state);
  const objections = useObjections(face);
  const [tab, setTab] = useState('checks');
  const able = canVerify();
  useEffect(() => {
    if (!able) return;
    void watch.look();
    const timer = setInterval(() => void watch.look(), PACE);
    return () => {
      clearInterval(timer);
      watch.close();
    };
  }, [watch, able]);
  const title = bilingual(state.manifest?.title ?? face.title);
  const command = `hanpyo-verify ${board} --vkey '${watch.vkey}'`;
  return (
    <>
      <TestBanner test={state.manifest?.test ?? face.test} />
      <Page
        title={t('title')}
        wide
        above={
          <>
            <Breadcrumbs crumbs={[{ label: t('home'), to: home }, { label: t('title') }]} />
            <Phases phase={state.progress?.phase ?? null} test={state.manifest?.test ?? face.test} />
          </>
        }
        lead={t('lead')}
      >
        <p>
          <strong>{title.main}</strong> <Korean text={title.korean} />
        </p>
        <Alarms watch={watch} state={state} />
        {!watch.isLasting && (
          <Notice kind="info">
            <p>{t('forgets')}</p>
          </Notice>
        )}
        {able ? (
          <Status watch={watch} state={state} pace={PACE} command={command} onRestart={onRestart} />
        ) : (
          <Notice kind="danger" title={t('too-old')}>
            <p>{t('too-old.body')}</p>
          </Notice>
        )}
        <div class="observer-two">
          <CheckpointCard shown={state.shown} board={face.board} />
          <KeyCard vkey={watch.vkey} given={given} server={face.vkey} onKey={onKey} />
        </div>
        {state.manifest !== null && <Fingerprint hash={state.manifest.hash} server={face.manifest_hash} />}
        <Tabs
          label={t('parts')}
          current={tab}
          onChange={setTab}
          tabs={[
            { key: 'checks', label: t('tab.checks'), content: <ChecksTab watch={watch} state={state} face={face} board={board} /> },
            { key: 'figures', label: t('tab.figures'), content: <FiguresTab state={state} server={server} /> },
            { key: 'compare', label: t('tab.compare'), content: <CompareTab watch={watch} state={state} /> },
            { key: 'events', label: t('tab.events'), content: <EventsTab state={state} server={server} objections={objections.list} /> },
            { key: 'objections', label: t('tab.objections'), content: <ObjectionsTab objections={objections} face={face} /> },
          ]}
        />
        <Command command={command} />
      </Page>
    </>
  );
}

const PHASES: Readonly<Record<Exclude<RecordPhase, 'unusable'>, Phase>> = { empty: 'ceremony', ceremony: 'ceremony', drill: 'drill', roll: 'roll', sealed: 'sealed', voting: 'open', closed: 'closed', decrypting: 'tally', results: 'tally', finished: 'finished', void: 'void' };

/** Where the election stands by the record, not by the server. */
function Phases({ phase, test }: { phase: RecordPhase | null; test: boolean }): JSX.Element | null {
  const t = useText(texts);
  if (phase === null) return null;
  if (phase === 'unusable') return <Badge kind="danger">{t('unusable')}</Badge>;
  return <PhaseBadges phase={PHASES[phase]} test={test} />;
}

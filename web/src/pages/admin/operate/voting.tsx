import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import { data } from '../../../api/client';
import { adminOperate as texts } from '../../../i18n/admin-operate';
import { useFormat, useText } from '../../../i18n';
import { Button, ButtonLink } from '../../../ui/button';
import { DateTimeField } from '../../../ui/field';
import { Icon } from '../../../ui/icon';
import { Section } from '../../../ui/page';
import { Skeleton } from '../../../ui/progress';
import { SummaryList } from '../../../ui/summary-list';
import { Timeline } from '../../../ui/timeline';
import { useElection } from '../election/frame';
import { api, clock } from '../session';
import { useLoad } from './core/load';
import { E, type Face, type Office, type Phase, type Schemas, useFace, useOffice } from './core/office';
import { OperatePage } from './frame';
import { Points } from './points';
import { ConfirmDialog, ReasonDialog } from './reason-dialog';
import { ServedPages } from './served';
import { Trouble } from './trouble';

type Event = Schemas['TimelineEvent'];

const ORDER: readonly Phase[] = ['ceremony', 'drill', 'roll', 'sealed', 'open', 'closed', 'tally', 'finished'];
const isPast = (phase: Phase, of: Phase): boolean => ORDER.indexOf(phase) > ORDER.indexOf(of);

/** Opening, closing, postponing, declaring void: each with what must hold before and what will happen. */
export function VotingPage(): JSX.Element {
  const t = useText(texts);
  const office = useOffice();
  const face = useFace(office);
  const { path } = office;
  const timeline = useLoad(() => data(api.GET(`${E}/timeline`, { params: { path } })), [path.tenant, path.election, face.value?.phase, face.value?.schedule.closes]);
  const found = face.value;
  const runs = office.may('run-elections');
  const changed = (): void => void Promise.all([face.reload(), timeline.reload()]);
  return (
    <OperatePage face={face} title={t('voting')} lead={t('voting.lead')}>
      {found === null && face.error === null && <Skeleton label={t('loading')} lines={6} />}
      {found !== null && (
        <>
          <Schedule face={found} />
          {!isPast(found.phase, 'sealed') && found.phase !== 'void' && <Opening office={office} face={found} runs={runs} onDone={changed} />}
          {found.phase === 'open' && <Closing office={office} face={found} runs={runs} onDone={changed} />}
          {runs && (found.phase === 'sealed' || found.phase === 'open') && <Later office={office} face={found} onDone={changed} />}
          <Trouble error={timeline.error} onAgain={() => void timeline.reload()} />
          {timeline.value !== null && <Happened events={timeline.value} />}
          {found.phase !== 'finished' && found.phase !== 'void' && <ServedPages office={office} face={found} runs={runs} onDone={changed} />}
          {runs && found.phase !== 'finished' && found.phase !== 'void' && <Voiding office={office} onDone={changed} />}
        </>
      )}
    </OperatePage>
  );
}

const useWhen = (): ((seconds: number) => string) => {
  const format = useFormat();
  return (seconds) => format.dateTime(new Date(seconds * 1000));
};

function Schedule({ face }: { face: Face }): JSX.Element {
  const t = useText(texts);
  const format = useFormat();
  const when = useWhen();
  const { view } = useElection();
  const { windows, grace_seconds } = view.draft.schedule;
  const announced = windows.at(-1)?.closes ?? face.schedule.closes;
  return (
    <SummaryList
      rows={[
        { key: 'windows', label: t('voting.windows'), value: windows.map(({ opens, closes }) => <span key={opens} class="operate-line numeric">{t('voting.window', { from: when(opens), to: when(closes) })}</span>) },
        ...(face.schedule.closes === announced ? [] : [{ key: 'redated', label: t('voting.redated'), value: when(face.schedule.closes) }]),
        { key: 'grace', label: t('voting.grace'), value: t('voting.grace.value', { time: format.duration(grace_seconds), when: when(face.schedule.closes + grace_seconds) }) },
      ]}
    />
  );
}

/** Whether a time, in seconds, has come by the server's clock; the page asks it every few seconds. */
const isDue = (time: number): boolean => (clock.now() ?? 0) / 1000 >= time;

interface Lock {
  key: string;
  open: boolean;
  text: string;
  to?: { page: string; label: string };
}

/** What must hold, one by one. */
function Locks({ office, locks }: { office: Office; locks: readonly Lock[] }): JSX.Element {
  const t = useText(texts);
  return (
    <ul class="operate-locks">
      {locks.map(({ key, open, text, to }) => (
        <li key={key} class={open ? 'operate-lock-open' : undefined}>
          <Icon name={open ? 'success' : 'clock'} />
          <span>
            {text} <span class="operate-lock-state">{t(open ? 'lock.holds' : 'lock.waits')}</span>
            {!open && to && (
              <>
                {' '}
                <ButtonLink size="small" kind="quiet" to={office.at(to.page)}>
                  {to.label}
                </ButtonLink>
              </>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Opening({ office, face, runs, onDone }: { office: Office; face: Face; runs: boolean; onDone: () => void }): JSX.Element {
  const t = useText(texts);
  const when = useWhen();
  const [asking, setAsking] = useState(false);
  const opens = face.schedule.opens;
  const locks: Lock[] = [
    { key: 'key', open: isPast(face.phase, 'ceremony'), text: t('lock.key'), to: { page: 'ceremony', label: t('ceremony') } },
    { key: 'drill', open: isPast(face.phase, 'drill'), text: t('lock.drill'), to: { page: 'ceremony', label: t('ceremony') } },
    { key: 'seal', open: isPast(face.phase, 'roll'), text: t('lock.seal'), to: { page: 'roll', label: t('roll') } },
    { key: 'time', open: isDue(opens), text: t('lock.time', { when: when(opens) }) },
  ];
  return (
    <Section title={t('open')}>
      <div class="card stack">
        <p>{t('open.lead', { when: when(opens) })}</p>
        <Locks office={office} locks={locks} />
        {runs && face.phase === 'sealed' && (
          <div class="row">
            <Button kind={ready(locks)} onClick={() => setAsking(true)}>
              {t('open.do')}
            </Button>
          </div>
        )}
      </div>
      <ConfirmDialog
        open={asking}
        title={t('open.dialog')}
        label={t('open.do')}
        onClose={() => setAsking(false)}
        done={t('open.done')}
        onDo={async () => {
          await data(api.POST(`${E}/open`, { params: { path: office.path } }));
          onDone();
        }}
      >
        <Points points={[t('open.will.board'), t('open.will.vote'), t('open.will.roll'), t('open.will.never')]} />
      </ConfirmDialog>
    </Section>
  );
}

/** The button stands out once it would do something; before, the server refuses and says why. */
const ready = (locks: readonly Lock[]): 'primary' | 'secondary' => (locks.every(({ open }) => open) ? 'primary' : 'secondary');

function Closing({ office, face, runs, onDone }: { office: Office; face: Face; runs: boolean; onDone: () => void }): JSX.Element {
  const t = useText(texts);
  const when = useWhen();
  const { view } = useElection();
  const [asking, setAsking] = useState(false);
  const earliest = face.schedule.closes + view.draft.schedule.grace_seconds;
  const locks: Lock[] = [
    { key: 'time', open: isDue(face.schedule.closes), text: t('lock.closes', { when: when(face.schedule.closes) }) },
    { key: 'grace', open: isDue(earliest), text: t('lock.grace', { when: when(earliest) }) },
  ];
  return (
    <Section title={t('close')}>
      <div class="card stack">
        <p>{t('close.lead', { when: when(earliest) })}</p>
        <Locks office={office} locks={locks} />
        {runs && (
          <div class="row">
            <Button kind={ready(locks)} onClick={() => setAsking(true)}>
              {t('close.do')}
            </Button>
          </div>
        )}
      </div>
      <ConfirmDialog
        open={asking}
        title={t('close.dialog')}
        label={t('close.do')}
        kind="danger"
        onClose={() => setAsking(false)}
        done={t('close.done')}
        onDo={async () => {
          await data(api.POST(`${E}/close`, { params: { path: office.path } }));
          onDone();
        }}
      >
        <Points points={[t('close.will.ballots'), t('close.will.end'), t('close.will.tally'), t('close.will.never')]} />
      </ConfirmDialog>
    </Section>
  );
}

/** Closing later. The law's word is 재지정 of the end; it is never earlier. */
function Later({ office, face, onDone }: { office: Office; face: Face; onDone: () => void }): JSX.Element {
  const t = useText(texts);
  const when = useWhen();
  const [asking, setAsking] = useState(false);
  const [closes, setCloses] = useState('');
  const [looked, setLooked] = useState(false);
  const seconds = Date.parse(closes) / 1000;
  const wrong = !Number.isFinite(seconds) || seconds <= face.schedule.closes;
  return (
    <Section title={t('later')}>
      <div class="card stack">
        <p>{t('later.lead', { when: when(face.schedule.closes) })}</p>
        <DateTimeField label={t('later.closes')} value={closes} onChange={setCloses} error={looked && wrong ? t('later.wrong') : undefined} />
        <div class="row">
          <Button
            onClick={() => {
              setLooked(true);
              setAsking(!wrong);
            }}
          >
            {t('later.do')}
          </Button>
        </div>
      </div>
      <ReasonDialog
        open={asking}
        title={t('later.dialog')}
        label={t('later.do')}
        onClose={() => setAsking(false)}
        done={t('later.done')}
        onDo={async (reason) => {
          await data(api.POST(`${E}/redating`, { params: { path: office.path }, body: { closes: seconds, reason } }));
          setCloses('');
          setLooked(false);
          onDone();
        }}
      >
        {!wrong && <Points points={[t('later.will.time', { when: when(seconds) }), t('later.will.public'), t('later.will.never')]} />}
      </ReasonDialog>
    </Section>
  );
}

/** The end without a result; the election's short name is to be typed, since nothing undoes it. */
function Voiding({ office, onDone }: { office: Office; onDone: () => void }): JSX.Element {
  const t = useText(texts);
  const [asking, setAsking] = useState(false);
  return (
    <Section title={t('void')}>
      <p>{t('void.lead')}</p>
      <div class="row">
        <Button kind="danger" onClick={() => setAsking(true)}>
          {t('void.do')}
        </Button>
      </div>
      <ReasonDialog
        open={asking}
        title={t('void.dialog')}
        label={t('void.confirm')}
        kind="danger"
        word={office.path.election}
        onClose={() => setAsking(false)}
        done={t('void.done')}
        onDo={async (reason) => {
          await data(api.POST(`${E}/void`, { params: { path: office.path }, body: { reason } }));
          onDone();
        }}
      >
        <Points points={[t('void.will.end'), t('void.will.count'), t('void.will.record'), t('void.will.never')]} />
      </ReasonDialog>
    </Section>
  );
}

/** Entry types that tell how the election went; others are of single voters or trustees. */
const TOLD = ['manifest', 'ceremony-restart', 'joint-key', 'roll-sealed', 'open', 're-dating', 'asset-amendment', 'paper-turnout', 'close', 'result', 'void'] as const;
type Told = (typeof TOLD)[number];
const isTold = (kind: string): kind is Told => (TOLD as readonly string[]).includes(kind);

function Happened({ events }: { events: readonly Event[] }): JSX.Element {
  const t = useText(texts);
  const when = useWhen();
  const detail = ({ reason, time }: Event): ComponentChildren => (
    <>
      {typeof time === 'number' && <p class="small">{t('event.time', { when: when(time) })}</p>}
      {typeof reason === 'string' && <p class="small">{t('event.reason', { reason })}</p>}
    </>
  );
  const shown = events.flatMap((event) => (isTold(event.kind) && typeof event.at === 'string' ? [{ key: event.index, at: event.at, title: t(`event.${event.kind}`), detail: detail(event), kind: event.kind === 'void' ? ('danger' as const) : ('info' as const) }] : []));
  return (
    <Section title={t('event')}>
      <Timeline events={shown} label={t('event')} />
    </Section>
  );
}

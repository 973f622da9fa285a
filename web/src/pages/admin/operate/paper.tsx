import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { data } from '../../../api/client';
import { adminOperate as texts } from '../../../i18n/admin-operate';
import { useFormat, usePick, useText } from '../../../i18n';
import { Button } from '../../../ui/button';
import { TextField } from '../../../ui/field';
import { Notice } from '../../../ui/notice';
import { Section } from '../../../ui/page';
import { Skeleton } from '../../../ui/progress';
import { SummaryList } from '../../../ui/summary-list';
import { api } from '../session';
import { useAct, useLoad } from './core/load';
import { E, type Office, type Schemas, useFace, useOffice } from './core/office';
import { OperatePage } from './frame';
import { ConfirmDialog } from './reason-dialog';
import { StrikeButton } from './strike';
import { Trouble } from './trouble';
import { StatusBadge, type Voter } from './voters';

type Turnout = Schemas['TurnoutView'];

/** At the polling station: who votes on paper is struck from the online roll; how many did is stated by district. */
export function PaperPage(): JSX.Element {
  const t = useText(texts);
  const office = useOffice();
  const face = useFace(office);
  const { path } = office;
  const turnout = useLoad(() => data(api.GET(`${E}/turnout`, { params: { path } })), [path.tenant, path.election, face.value?.phase]);
  const phase = face.value?.phase;
  return (
    <OperatePage face={face} title={t('paper')} lead={t('paper.lead')}>
      {phase !== undefined && phase !== 'open' && <Notice title={t('paper.closed')}>{t('paper.closed.body')}</Notice>}
      {phase === 'open' && (
        <>
          <Section title={t('strike')}>
            <p>{t('strike.lead')}</p>
            <Striking office={office} />
          </Section>
          <Section title={t('paper.turnout')}>
            <p>{t('paper.turnout.lead')}</p>
            <Trouble error={turnout.error} onAgain={() => void turnout.reload()} />
            {turnout.value === null ? <Skeleton label={t('loading')} lines={4} /> : <PaperVotes office={office} turnout={turnout.value} onDone={() => void turnout.reload()} />}
          </Section>
        </>
      )}
    </OperatePage>
  );
}

/** The voter is looked up and shown before anything is done. */
function Striking({ office }: { office: Office }): JSX.Element {
  const t = useText(texts);
  const [id, setId] = useState('');
  const [found, setFound] = useState<Voter | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const act = useAct();
  const look = (): void =>
    void act.run(async () => {
      setFound(null);
      const wanted = id.trim();
      if (wanted === '') {
        setWrong(t('strike.missing'));
        return;
      }
      const page = await data(api.GET(`${E}/voters`, { params: { path: office.path, query: { q: wanted, limit: 50 } } }));
      const voter = page.voters.find(({ voter_id }) => voter_id === wanted) ?? null;
      setFound(voter);
      setWrong(voter === null ? t('strike.unknown') : null);
    });
  return (
    <div class="card stack">
      <form
        class="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          look();
        }}
      >
        <TextField label={t('voter.id')} value={id} onInput={setId} error={wrong} maxLength={64} size={20} autoComplete="off" />
        <div class="row">
          <Button type="submit" kind="primary" busy={act.busy}>
            {t('strike.look')}
          </Button>
        </div>
      </form>
      <Trouble error={act.error} />
      {found !== null && (
        <>
          <SummaryList
            rows={[
              { key: 'voter', label: t('voter'), value: `${found.voter_id} · ${found.name}` },
              { key: 'status', label: t('voters.status'), value: <StatusBadge status={found.status} /> },
            ]}
          />
          {found.status === 'not_voted' ? (
            <div class="row">
              <StrikeButton office={office} voter={found} onDone={look} />
            </div>
          ) : (
            <Notice kind={found.status === 'voted' ? 'danger' : 'info'} live="status">
              {t(`strike.not.${found.status}`)}
            </Notice>
          )}
        </>
      )}
    </div>
  );
}

function PaperVotes({ office, turnout, onDone }: { office: Office; turnout: Turnout; onDone: () => void }): JSX.Element {
  const t = useText(texts);
  const format = useFormat();
  const pick = usePick();
  const stated = turnout.units.map(({ paper }) => String(paper));
  const [counts, setCounts] = useState<readonly string[]>(stated);
  const [looked, setLooked] = useState(false);
  const [asking, setAsking] = useState(false);
  // Figures that someone else has stated meanwhile are the least that can be stated now.
  useEffect(() => setCounts(turnout.units.map(({ paper }) => String(paper))), [turnout]);
  const wrong = (place: number): string | undefined => {
    const text = counts[place] ?? '';
    const before = turnout.units[place]?.paper ?? 0;
    if (!/^\d{1,9}$/.test(text)) return t('paper.number');
    return Number(text) < before ? t('paper.less', { n: before }) : undefined;
  };
  const bad = turnout.units.some((_, place) => wrong(place) !== undefined);
  const total = counts.reduce((sum, text) => sum + Number(text), 0);
  return (
    <form
      class="card stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setLooked(true);
        setAsking(!bad);
      }}
    >
      <div class="operate-units">
        {turnout.units.map((unit, place) => (
          <TextField key={unit.unit} label={pick(unit.title)} type="number" min={unit.paper} inputMode="numeric" value={counts[place] ?? ''} onInput={(text) => setCounts(counts.map((one, at) => (at === place ? text : one)))} error={looked ? wrong(place) : undefined} size={8} />
        ))}
      </div>
      <div class="row">
        <Button type="submit" kind="primary">
          {t('paper.state')}
        </Button>
      </div>
      <ConfirmDialog
        open={asking}
        title={t('paper.dialog')}
        label={t('paper.state')}
        onClose={() => setAsking(false)}
        done={t('paper.done')}
        onDo={async () => {
          await data(api.POST(`${E}/paper/turnout`, { params: { path: office.path }, body: { per_unit: counts.map(Number) } }));
          setLooked(false);
          onDone();
        }}
      >
        <SummaryList
          rows={turnout.units.map((unit, place) => ({
            key: String(unit.unit),
            label: pick(unit.title),
            value: t('paper.change', { n: format.number(Number(counts[place])), before: format.number(unit.paper) }),
          }))}
        />
        <p>
          <strong>{t('paper.total', { n: format.number(total) })}</strong>
        </p>
        <p>{t('paper.dialog.body')}</p>
      </ConfirmDialog>
    </form>
  );
}

import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { data } from '../../../api/client';
import { adminOperate as texts } from '../../../i18n/admin-operate';
import { useFormat, usePick, useText } from '../../../i18n';
import { Button } from '../../../ui/button';
import { Select, TextField } from '../../../ui/field';
import { Skeleton } from '../../../ui/progress';
import { Table } from '../../../ui/table';
import { Badge, EmptyState } from '../../../ui/timeline';
import { api } from '../session';
import { useLoad } from './core/load';
import { E, type Office, type Schemas, useFace, useOffice } from './core/office';
import { OperatePage } from './frame';
import { Trouble } from './trouble';
import { VoterDetail } from './voter';

export type Voter = Schemas['VoterView'];
type Status = Schemas['VoterStatus'];
export type Roll = Schemas['RollView'];

const KIND = { unassigned: 'plain', not_voted: 'info', voted: 'success', paper: 'warning', revoked: 'danger' } as const satisfies Record<Status, string>;
/** What can be searched by. */
const SEARCHED = ['unassigned', 'not_voted', 'voted', 'paper'] as const satisfies readonly Status[];
const PAGE = 50;

export function StatusBadge({ status }: { status: Status }): JSX.Element {
  const t = useText(texts);
  return <Badge kind={KIND[status]}>{t(`voter.status.${status}`)}</Badge>;
}

/** The title of a reporting unit of a roll. */
export function useUnitName(roll: Roll | null): (unit: number) => string {
  const pick = usePick();
  return (unit) => {
    const found = roll?.units.find((one) => one.unit === unit);
    return found === undefined ? String(unit) : pick({ ko: found.title_ko, en: found.title_en });
  };
}

interface Query {
  q: string;
  unit: string;
  status: string;
}

const NOTHING: Query = { q: '', unit: '', status: '' };

/** Search of single voters; one that is chosen takes the page's place. */
export function VotersPage(): JSX.Element {
  const t = useText(texts);
  const office = useOffice();
  const face = useFace(office);
  const { path } = office;
  const roll = useLoad(() => data(api.GET(`${E}/roll`, { params: { path } })), [path.tenant, path.election, face.value?.phase]);
  const [asked, setAsked] = useState(NOTHING);
  const [chosen, setChosen] = useState<number | null>(null);
  const [adding, setAdding] = useState(false);
  // How often the list was left for a voter: it is read anew afterwards.
  const [visits, setVisits] = useState(0);
  const back = (): void => {
    setChosen(null);
    setAdding(false);
    setVisits(visits + 1);
    void roll.reload();
  };
  const open = roll.value !== null && !roll.value.sealed && roll.value.assigned === 0;
  if (chosen !== null || adding)
    return (
      <OperatePage face={face} title={adding ? t('voter.add') : t('voter')} step={adding ? 'add' : `voter ${String(chosen)}`}>
        <div class="row">
          <Button kind="quiet" icon="left" onClick={back}>
            {t('voters.back')}
          </Button>
        </div>
        <VoterDetail key={chosen ?? 'new'} office={office} id={chosen} roll={roll.value} phase={face.value?.phase ?? null} onGone={back} />
      </OperatePage>
    );
  return (
    <OperatePage face={face} title={t('voters')} lead={t('voters.lead')} step={`list ${String(visits)}`}>
      <Trouble error={roll.error} onAgain={() => void roll.reload()} />
      <Search
        roll={roll.value}
        asked={asked}
        onAsk={setAsked}
        onAdd={
          open && office.may('manage-roll')
            ? () => {
                setAdding(true);
              }
            : null
        }
      />
      <Found key={`${JSON.stringify(asked)} ${String(visits)}`} office={office} asked={asked} roll={roll.value} onChoose={setChosen} />
    </OperatePage>
  );
}

function Search({ roll, asked, onAsk, onAdd }: { roll: Roll | null; asked: Query; onAsk: (query: Query) => void; onAdd: (() => void) | null }): JSX.Element {
  const t = useText(texts);
  const unitName = useUnitName(roll);
  const [query, setQuery] = useState(asked);
  return (
    <form
      class="card stack"
      role="search"
      aria-label={t('voters')}
      onSubmit={(event) => {
        event.preventDefault();
        onAsk({ ...query, q: query.q.trim() });
      }}
    >
      <div class="operate-search">
        <TextField label={t('voters.q')} hint={t('voters.q.hint')} type="search" optional value={query.q} onInput={(q) => setQuery({ ...query, q })} maxLength={200} autoComplete="off" />
        <Select label={t('unit')} optional value={query.unit} onChange={(unit) => setQuery({ ...query, unit })} placeholder={t('all')} options={(roll?.units ?? []).map(({ unit }) => ({ value: String(unit), label: unitName(unit) }))} />
        <Select label={t('voters.status')} optional value={query.status} onChange={(status) => setQuery({ ...query, status })} placeholder={t('all')} options={SEARCHED.map((status) => ({ value: status, label: t(`voter.status.${status}`) }))} />
      </div>
      <div class="row">
        <Button type="submit" kind="primary">
          {t('voters.search')}
        </Button>
        {onAdd && (
          <Button icon="plus" onClick={onAdd}>
            {t('voter.add')}
          </Button>
        )}
      </div>
    </form>
  );
}

function Found({ office, asked, roll, onChoose }: { office: Office; asked: Query; roll: Roll | null; onChoose: (id: number) => void }): JSX.Element {
  const t = useText(texts);
  const format = useFormat();
  const unitName = useUnitName(roll);
  const { path } = office;
  const [after, setAfter] = useState<string | null>(null);
  const [voters, setVoters] = useState<readonly Voter[]>([]);
  const page = useLoad(() => {
    const query = { ...(asked.q === '' ? {} : { q: asked.q }), ...(asked.unit === '' ? {} : { unit: Number(asked.unit) }), ...(asked.status === '' ? {} : { status: asked.status as Status }), ...(after === null ? {} : { after }), limit: PAGE };
    return data(api.GET(`${E}/voters`, { params: { path, query } }));
  }, [after]);
  useEffect(() => {
    const found = page.value;
    if (found !== null) setVoters((before) => [...before.filter(({ id }) => !found.voters.some((one) => one.id === id)), ...found.voters]);
  }, [page.value]);
  if (page.value === null && page.error === null) return <Skeleton label={t('loading')} lines={6} />;
  const next = page.value?.next ?? null;
  const searched = asked.q !== '' || asked.unit !== '' || asked.status !== '';
  return (
    <>
      <Trouble error={page.error} onAgain={() => void page.reload()} />
      {voters.length === 0 && page.value?.voters.length === 0 ? (
        <EmptyState title={t(searched ? 'voters.none' : 'voters.empty')}>{t(searched ? 'voters.none.body' : 'voters.empty.body')}</EmptyState>
      ) : (
        <Table
          caption={t('voters.found', { n: voters.length })}
          rows={voters}
          rowKey={({ id }) => id}
          columns={[
            {
              key: 'voter',
              header: t('voter.id'),
              cell: ({ id, voter_id }) => (
                <button type="button" class="operate-link" onClick={() => onChoose(id)}>
                  {voter_id}
                </button>
              ),
              sortBy: ({ voter_id }) => voter_id,
              rowHeader: true,
            },
            { key: 'name', header: t('voter.name'), cell: ({ name }) => name, sortBy: ({ name }) => name },
            { key: 'contact', header: t('voter.contact'), cell: ({ contact }) => contact },
            { key: 'unit', header: t('unit'), cell: ({ unit }) => unitName(unit), sortBy: ({ unit }) => unitName(unit) },
            { key: 'credential', header: t('voter.credential'), cell: ({ credential_index }) => (typeof credential_index === 'number' ? format.number(credential_index) : t('none')), numeric: true },
            { key: 'status', header: t('voters.status'), cell: ({ status }) => <StatusBadge status={status} /> },
          ]}
        />
      )}
      {next !== null && (
        <div class="row">
          <Button busy={page.loading} onClick={() => setAfter(next)}>
            {t('more')}
          </Button>
        </div>
      )}
      <p class="soft small">{t('voters.noted')}</p>
    </>
  );
}

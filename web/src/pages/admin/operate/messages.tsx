import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { data } from '../../../api/client';
import { Problem } from '../../../api/problem';
import { adminOperate as texts } from '../../../i18n/admin-operate';
import { useFormat, useText } from '../../../i18n';
import { Button } from '../../../ui/button';
import { Checkbox, ChoiceList } from '../../../ui/choice-list';
import { Dialog } from '../../../ui/dialog';
import { Select, TextArea, TextField } from '../../../ui/field';
import { Notice } from '../../../ui/notice';
import { Section } from '../../../ui/page';
import { Progress, Skeleton } from '../../../ui/progress';
import { Badge, EmptyState } from '../../../ui/timeline';
import { toast } from '../../../ui/toast';
import { api } from '../session';
import { saveFile } from './core/csv';
import { useAct, useLoad } from './core/load';
import { E, type Office, type Schemas, useFace, useOffice } from './core/office';
import { sayReason } from './core/reasons';
import { OperatePage } from './frame';
import { Trouble } from './trouble';
import { type Roll, useUnitName } from './voters';

type Kind = Schemas['MessageKind'];
type Run = Schemas['MessagesView'];
type Audience = Schemas['Audience'];

const KINDS = ['invitation', 'reminder'] as const satisfies readonly Kind[];
const PLACEHOLDERS = ['{name}', '{title}', '{title_en}', '{opens}', '{closes}', '{address}'];
const PACE = 3_000;

/** Invitations and reminders without codes, and the addresses for the authority, whose messages carry them. */
export function MessagesPage(): JSX.Element {
  const t = useText(texts);
  const office = useOffice();
  const face = useFace(office);
  const { path } = office;
  const roll = useLoad(() => data(api.GET(`${E}/roll`, { params: { path } })), [path.tenant, path.election]);
  const runs = useLoad(() => data(api.GET(`${E}/messages`, { params: { path } })), [path.tenant, path.election], PACE);
  return (
    <OperatePage face={face} title={t('messages')} lead={t('messages.lead')}>
      <Notice title={t('messages.codes')}>
        <p>{t('messages.codes.body')}</p>
      </Notice>
      <Trouble error={roll.error ?? runs.error} onAgain={() => void Promise.all([roll.reload(), runs.reload()])} />
      <Section title={t('messages.send')}>
        <NewRun office={office} roll={roll.value} onSent={() => void runs.reload()} />
      </Section>
      <Section title={t('messages.runs')}>
        {runs.value === null && runs.error === null && <Skeleton label={t('loading')} lines={3} />}
        {runs.value?.length === 0 && <EmptyState title={t('messages.none')} />}
        <ul class="operate-cards">
          {(runs.value ?? []).map((run) => (
            <li key={run.id}>
              <RunCard office={office} run={run} roll={roll.value} onResumed={() => void runs.reload()} />
            </li>
          ))}
        </ul>
      </Section>
      <Section title={t('export')}>
        <Export office={office} roll={roll.value} />
      </Section>
    </OperatePage>
  );
}

function UnitSelect({ roll, value, onChange }: { roll: Roll | null; value: string; onChange: (unit: string) => void }): JSX.Element {
  const t = useText(texts);
  const unitName = useUnitName(roll);
  return <Select label={t('unit')} optional value={value} onChange={onChange} placeholder={t('all')} options={(roll?.units ?? []).map(({ unit }) => ({ value: String(unit), label: unitName(unit) }))} />;
}

/** A run is shown as it would be before it is sent. */
function NewRun({ office, roll, onSent }: { office: Office; roll: Roll | null; onSent: () => void }): JSX.Element {
  const t = useText(texts);
  const [kind, setKind] = useState<Kind>('invitation');
  const [unit, setUnit] = useState('');
  const [own, setOwn] = useState(false);
  const [subject, setSubject] = useState('');
  const [text, setText] = useState('');
  const [sample, setSample] = useState<Run | null>(null);
  const act = useAct();
  const send = useAct();
  const { path } = office;
  const body = (dry_run: boolean) => ({ kind, dry_run, ...(unit === '' ? {} : { unit: Number(unit) }), ...(own ? { subject: subject.trim(), text } : {}) });
  const wrong = (name: string): string | undefined => {
    const said = act.error instanceof Problem ? act.error.field(name) : undefined;
    return said === undefined ? undefined : sayReason(t, said);
  };
  const look = (): void =>
    void act.run(async () => {
      setSample(await data(api.POST(`${E}/messages`, { params: { path }, body: body(true) })));
    });
  const go = (): void =>
    void send.run(async () => {
      const run = await data(api.POST(`${E}/messages`, { params: { path }, body: body(false) }));
      setSample(null);
      toast(t('messages.begun', { n: run.recipients }));
      onSent();
    });
  return (
    <form
      class="card stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        look();
      }}
    >
      <ChoiceList legend={t('messages.kind')} value={kind} onChange={(value) => setKind(value as Kind)} options={KINDS.map((value) => ({ value, label: t(`messages.kind.${value}`), detail: t(`messages.kind.${value}.detail`) }))} />
      <UnitSelect roll={roll} value={unit} onChange={setUnit} />
      <Checkbox label={t('messages.own')} detail={t('messages.own.detail')} checked={own} onChange={setOwn} />
      {own && (
        <>
          <TextField label={t('messages.subject')} value={subject} onInput={setSubject} error={wrong('subject')} maxLength={200} />
          <TextArea label={t('messages.text')} hint={t('messages.placeholders', { list: PLACEHOLDERS.join(' ') })} value={text} onInput={setText} error={wrong('text')} maxLength={4000} rows={8} />
        </>
      )}
      {wrong('subject') === undefined && wrong('text') === undefined && <Trouble error={act.error} />}
      <div class="row">
        <Button type="submit" kind="primary" busy={act.busy}>
          {t('messages.look')}
        </Button>
      </div>
      <Dialog
        open={sample !== null}
        wide
        title={t('messages.sample')}
        onClose={() => setSample(null)}
        actions={
          <>
            <Button kind="primary" busy={send.busy} disabled={sample?.recipients === 0} onClick={go}>
              {t('messages.go', { n: sample?.recipients ?? 0 })}
            </Button>
            <Button kind="quiet" onClick={() => setSample(null)}>
              {t('cancel')}
            </Button>
          </>
        }
      >
        {sample && (
          <>
            <p>{t('messages.recipients', { n: sample.recipients })}</p>
            {(sample.by_telephone ?? 0) > 0 && <Notice kind="warning">{t('messages.telephone', { n: sample.by_telephone ?? 0 })}</Notice>}
            <p>
              <strong>{sample.subject}</strong>
            </p>
            {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a long text scrolls, also by keyboard */}
            <pre tabIndex={0}>{sample.text}</pre>
            <Trouble error={send.error} />
          </>
        )}
      </Dialog>
    </form>
  );
}

function RunCard({ office, run, roll, onResumed }: { office: Office; run: Run; roll: Roll | null; onResumed: () => void }): JSX.Element {
  const t = useText(texts);
  const format = useFormat();
  const unitName = useUnitName(roll);
  const act = useAct();
  const state = run.running ? 'running' : typeof run.finished_at === 'string' ? 'finished' : 'interrupted';
  const resume = (): void =>
    void act.run(async () => {
      await data(api.POST(`${E}/messages`, { params: { path: office.path }, body: { kind: run.kind, resume: run.id ?? null, dry_run: false } }));
      onResumed();
    });
  return (
    <article class="card stack">
      <div class="row row-apart">
        <h3>{t(`messages.kind.${run.kind}`)}</h3>
        <Badge kind={state === 'running' ? 'info' : state === 'finished' ? 'success' : 'danger'}>{t(`messages.state.${state}`)}</Badge>
      </div>
      <p>{run.subject}</p>
      <Progress label={t('messages.sent', { n: run.sent, of: run.recipients })} value={run.sent} max={Math.max(1, run.recipients)} />
      <p class="soft small">
        {typeof run.started_at === 'string' && format.dateTime(run.started_at)} {typeof run.unit === 'number' && unitName(run.unit)}
      </p>
      {state === 'interrupted' && (
        <div class="row">
          <Button size="small" busy={act.busy} onClick={resume}>
            {t('messages.resume')}
          </Button>
        </div>
      )}
      <Trouble error={act.error} />
    </article>
  );
}

/** Identifiers and contacts for the authority's own message run. */
function Export({ office, roll }: { office: Office; roll: Roll | null }): JSX.Element {
  const t = useText(texts);
  const [audience, setAudience] = useState<Audience>('not_voted');
  const [unit, setUnit] = useState('');
  const act = useAct();
  const save = (): void =>
    void act.run(async () => {
      const query = { audience, ...(unit === '' ? {} : { unit: Number(unit) }) };
      const file = await data(api.GET(`${E}/voters/export`, { params: { path: office.path, query }, parseAs: 'text' }));
      saveFile(`voters-${office.path.election}-${audience}.csv`, file);
    });
  return (
    <div class="card stack">
      <p>{t('export.lead')}</p>
      <div class="operate-search">
        <Select label={t('export.audience')} value={audience} onChange={(value) => setAudience(value as Audience)} options={(['not_voted', 'all'] as const).map((value) => ({ value, label: t(`export.audience.${value}`) }))} />
        <UnitSelect roll={roll} value={unit} onChange={setUnit} />
      </div>
      <p class="soft small">{t('export.noted')}</p>
      <div class="row">
        <Button icon="download" busy={act.busy} onClick={save}>
          {t('export.save')}
        </Button>
      </div>
      <Trouble error={act.error} />
    </div>
  );
}

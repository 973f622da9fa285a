import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { data } from '../../../api/client';
import { type ApiError, Problem } from '../../../api/problem';
import { adminOperate as texts } from '../../../i18n/admin-operate';
import { useFormat, useText } from '../../../i18n';
import { Button } from '../../../ui/button';
import { Dialog } from '../../../ui/dialog';
import { ErrorSummary } from '../../../ui/error-summary';
import { Select, TextField } from '../../../ui/field';
import { Notice } from '../../../ui/notice';
import { Section } from '../../../ui/page';
import { Skeleton } from '../../../ui/progress';
import { SummaryList } from '../../../ui/summary-list';
import { toast } from '../../../ui/toast';
import { api } from '../session';
import { useAct, useLoad } from './core/load';
import { E, type Office, type Phase } from './core/office';
import { type Say, sayReason } from './core/reasons';
import { StrikeButton } from './strike';
import { Trouble } from './trouble';
import { VoterRequest } from './voter-request';
import { type Roll, StatusBadge, useUnitName, type Voter } from './voters';

interface Form {
  voter_id: string;
  name: string;
  contact: string;
  unit: string;
  style: string;
  weight: string;
}

const FIELDS = ['voter_id', 'name', 'contact', 'unit', 'style', 'weight'] as const satisfies readonly (keyof Form)[];
const EMPTY: Form = { voter_id: '', name: '', contact: '', unit: '', style: '0', weight: '1' };

/** The fields that the server refused, in the reader's language. */
const refusedFields = (error: ApiError | null, t: Say): readonly { name: keyof Form; message: string }[] =>
  FIELDS.flatMap((name) => {
    const reason = error instanceof Problem ? error.field(name) : undefined;
    return reason === undefined ? [] : [{ name, message: sayReason(t, reason) }];
  });

const formOf = (voter: Voter): Form => ({ voter_id: voter.voter_id, name: voter.name, contact: voter.contact, unit: String(voter.unit), style: String(voter.style), weight: String(voter.weight) });

/** One voter: facts, correction while the roll is open, requests afterwards. `id` is null for a new one. */
export function VoterDetail({ office, id, roll, phase, onGone }: { office: Office; id: number | null; roll: Roll | null; phase: Phase | null; onGone: () => void }): JSX.Element {
  const t = useText(texts);
  const { path } = office;
  const voter = useLoad(async () => (id === null ? null : data(api.GET(`${E}/voters/{voter}`, { params: { path: { ...path, voter: id } } }))), [id]);
  if (roll === null || (id !== null && voter.value === null)) return voter.error === null ? <Skeleton label={t('loading')} lines={6} /> : <Trouble error={voter.error} onAgain={() => void voter.reload()} />;
  const found = voter.value;
  const manages = office.may('manage-roll');
  return (
    <>
      {found !== null && <Facts voter={found} roll={roll} />}
      {manages && !roll.sealed && <Correction office={office} voter={found} roll={roll} onSaved={() => (found === null ? onGone() : void voter.reload())} onRemoved={onGone} />}
      {found !== null && roll.sealed && manages && <VoterRequest office={office} voter={found} />}
      {found !== null && office.may('run-elections') && phase !== null && phase === 'open' && (
        <Section title={t('strike')}>
          <p>{t('strike.lead')}</p>
          {found.status === 'not_voted' ? (
            <div class="row">
              <StrikeButton office={office} voter={found} onDone={() => void voter.reload()} />
            </div>
          ) : (
            <Notice>{t(`strike.not.${found.status}`)}</Notice>
          )}
        </Section>
      )}
    </>
  );
}

function Facts({ voter, roll }: { voter: Voter; roll: Roll }): JSX.Element {
  const t = useText(texts);
  const format = useFormat();
  const unitName = useUnitName(roll);
  return (
    <SummaryList
      rows={[
        { key: 'id', label: t('voter.id'), value: voter.voter_id },
        { key: 'name', label: t('voter.name'), value: voter.name },
        { key: 'contact', label: t('voter.contact'), value: voter.contact },
        { key: 'unit', label: t('unit'), value: unitName(voter.unit) },
        { key: 'credential', label: t('voter.credential'), value: typeof voter.credential_index === 'number' ? format.number(voter.credential_index) : t('voter.credential.none') },
        { key: 'status', label: t('voters.status'), value: <StatusBadge status={voter.status} /> },
      ]}
    />
  );
}

function Correction({ office, voter, roll, onSaved, onRemoved }: { office: Office; voter: Voter | null; roll: Roll; onSaved: () => void; onRemoved: () => void }): JSX.Element {
  const t = useText(texts);
  const unitName = useUnitName(roll);
  const { path } = office;
  const [form, setForm] = useState<Form>(voter === null ? { ...EMPTY, unit: String(roll.units[0]?.unit ?? 0) } : formOf(voter));
  const act = useAct();
  // The same list until the next refusal: the summary takes the focus whenever it is given another one.
  const wrong = useMemo(() => refusedFields(act.error, t), [act.error, t]);
  const fieldError = (name: keyof Form): string | undefined => wrong.find(({ name: one }) => one === name)?.message;
  const errors = useMemo(() => wrong.map(({ name, message }) => ({ field: `voter-${name}`, message: `${t(`voter.field.${name}`)}: ${message}` })), [wrong, t]);
  useEffect(() => {
    if (voter !== null) setForm(formOf(voter));
  }, [voter]);
  const set = (name: keyof Form) => (value: string) => setForm({ ...form, [name]: value });
  // What stands on the board cannot change once credentials are assigned.
  const all = roll.assigned === 0;
  const save = (): void =>
    void act.run(async () => {
      const numbers = { unit: Number(form.unit), style: Number(form.style), weight: Number(form.weight) };
      const words = { name: form.name.trim(), contact: form.contact.trim() };
      if (voter === null) {
        await data(api.POST(`${E}/voters`, { params: { path }, body: { voter_id: form.voter_id.trim(), ...words, ...numbers } }));
        toast(t('voter.added'));
      } else {
        const before = formOf(voter);
        const changed = Object.fromEntries(Object.entries({ ...words, ...(all ? numbers : {}) }).filter(([name, value]) => String(value) !== before[name as keyof Form]));
        if (Object.keys(changed).length === 0) {
          toast(t('voter.unchanged'), 'info');
          return;
        }
        await data(api.PATCH(`${E}/voters/{voter}`, { params: { path: { ...path, voter: voter.id } }, body: changed }));
        toast(t('voter.corrected'));
      }
      onSaved();
    });
  return (
    <Section title={voter === null ? t('voter.add') : t('voter.correct')}>
      <form
        class="card stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <ErrorSummary errors={errors} />
        {errors.length === 0 && <Trouble error={act.error} />}
        {voter === null && <TextField id="voter-voter_id" label={t('voter.field.voter_id')} hint={t('voter.id.hint')} value={form.voter_id} onInput={set('voter_id')} error={fieldError('voter_id')} maxLength={64} autoComplete="off" />}
        <TextField id="voter-name" label={t('voter.field.name')} value={form.name} onInput={set('name')} error={fieldError('name')} maxLength={200} autoComplete="off" />
        <TextField id="voter-contact" label={t('voter.field.contact')} hint={t('voter.contact.hint')} value={form.contact} onInput={set('contact')} error={fieldError('contact')} maxLength={254} autoComplete="off" />
        {all ? (
          <>
            <Select id="voter-unit" label={t('voter.field.unit')} value={form.unit} onChange={set('unit')} error={fieldError('unit')} options={roll.units.map(({ unit }) => ({ value: String(unit), label: unitName(unit) }))} />
            <div class="operate-search">
              <TextField id="voter-style" label={t('voter.field.style')} hint={t('voter.style.hint')} type="number" min={0} value={form.style} onInput={set('style')} error={fieldError('style')} size={6} />
              <TextField id="voter-weight" label={t('voter.field.weight')} hint={t('voter.weight.hint')} type="number" min={1} value={form.weight} onInput={set('weight')} error={fieldError('weight')} size={6} />
            </div>
          </>
        ) : (
          <Notice>{t('voter.assigned')}</Notice>
        )}
        <div class="row row-apart">
          <Button type="submit" kind="primary" busy={act.busy}>
            {voter === null ? t('voter.add') : t('voter.save')}
          </Button>
          {voter !== null && all && <Removal office={office} voter={voter} onRemoved={onRemoved} />}
        </div>
      </form>
    </Section>
  );
}

function Removal({ office, voter, onRemoved }: { office: Office; voter: Voter; onRemoved: () => void }): JSX.Element {
  const t = useText(texts);
  const [asking, setAsking] = useState(false);
  const act = useAct();
  const remove = (): void =>
    void act.run(async () => {
      await data(api.DELETE(`${E}/voters/{voter}`, { params: { path: { ...office.path, voter: voter.id } } }));
      toast(t('voter.removed'));
      onRemoved();
    });
  return (
    <>
      <Button kind="quiet" onClick={() => setAsking(true)}>
        {t('voter.remove')}
      </Button>
      <Dialog
        open={asking}
        title={t('voter.remove')}
        onClose={() => setAsking(false)}
        actions={
          <>
            <Button kind="danger" busy={act.busy} onClick={remove}>
              {t('voter.remove')}
            </Button>
            <Button kind="quiet" onClick={() => setAsking(false)}>
              {t('cancel')}
            </Button>
          </>
        }
      >
        <p>{t('voter.remove.body', { voter: voter.voter_id, name: voter.name })}</p>
        <Trouble error={act.error} />
      </Dialog>
    </>
  );
}

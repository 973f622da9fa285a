import type { JSX } from 'preact';
import { useCallback, useEffect, useState } from 'preact/hooks';
import { api, data } from '../../api/client';
import { type ApiError, isApiError, Problem } from '../../api/problem';
import type { components } from '../../api/schema';
import { sha256Hex } from '../../app/hex';
import { observer as texts } from '../../i18n/observer';
import { useFormat, useText } from '../../i18n';
import { Button } from '../../ui/button';
import { TextArea, TextField } from '../../ui/field';
import { FileDrop } from '../../ui/file-drop';
import { Hash } from '../../ui/hash';
import { Notice } from '../../ui/notice';
import { Section } from '../../ui/page';
import { Badge, EmptyState } from '../../ui/timeline';
import { toast } from '../../ui/toast';
import type { PublicElection } from '../booth/core/server';

type Objection = components['schemas']['ObjectionView'];

const OBJECTIONS = '/api/v1/tenants/{tenant}/elections/{election}/objections';
/** Objections in one answer. */
const PAGE = 100;
const PACE = 15_000;

export interface Objections {
  list: readonly Objection[];
  /** Whether the last request for them failed. */
  stale: boolean;
  reload: () => Promise<void>;
}

/** All objections, looked at again and again. */
export function useObjections({ tenant, election }: PublicElection): Objections {
  const [{ list, stale }, set] = useState<{ list: readonly Objection[]; stale: boolean }>({ list: [], stale: false });
  const reload = useCallback(async () => {
    const all: Objection[] = [];
    try {
      for (;;) {
        const page = await data(api.GET(OBJECTIONS, { params: { path: { tenant, election }, query: { after: all.at(-1)?.number ?? 0 } } }));
        all.push(...page);
        if (page.length < PAGE) break;
      }
      set({ list: all, stale: false });
    } catch {
      // Whatever it was, those at hand stay, marked as old.
      set((before) => ({ ...before, stale: true }));
    }
  }, [tenant, election]);
  useEffect(() => {
    void reload();
    const timer = setInterval(() => document.visibilityState === 'visible' && void reload(), PACE);
    return () => clearInterval(timer);
  }, [reload]);
  return { list, stale, reload };
}

/** What observers object to and what the commission replies, and a form for more. */
export function ObjectionsTab({ objections, face }: { objections: Objections; face: PublicElection }): JSX.Element {
  const t = useText(texts);
  return (
    <div class="stack">
      <p>{t('objections.lead')}</p>
      {objections.stale && (
        <Notice kind="warning" live="status">
          <p>{t('objection.stale')}</p>
        </Notice>
      )}
      {objections.list.length === 0 && !objections.stale && <EmptyState title={t('objections.none')} />}
      {[...objections.list].reverse().map((one) => (
        <ObjectionCard key={one.number} objection={one} />
      ))}
      <Section title={t('objections.new')}>
        <ObjectionForm face={face} onSent={() => void objections.reload()} />
      </Section>
    </div>
  );
}

function ObjectionCard({ objection: { number, at, name, text, withheld, entry, evidence, replies } }: { objection: Objection }): JSX.Element {
  const t = useText(texts);
  const format = useFormat();
  const id = `objection-${String(number)}`;
  return (
    <article class="card stack stack-s" aria-labelledby={id}>
      <div class="row row-apart">
        <h3 id={id}>{t('objection.title', { n: number })}</h3>
        <Badge kind={replies.length > 0 ? 'success' : 'plain'}>{t(replies.length > 0 ? 'objection.answered' : 'objection.waits')}</Badge>
      </div>
      <p class="soft small">
        {name ?? t('objection.unsigned')} · {format.dateTime(at)}
      </p>
      {typeof withheld === 'string' ? <p>{t('objection.withheld', { reason: withheld })}</p> : <p class="observer-words">{text}</p>}
      {typeof entry === 'number' && <p class="small">{t('objection.about', { n: entry })}</p>}
      {typeof evidence === 'string' && <Hash value={evidence} label={t('objection.hash')} copy />}
      {replies.map((reply) => (
        <div key={reply.at} class="observer-reply">
          <p class="small">
            <strong>{t('objection.reply')}</strong> <span class="soft">{format.dateTime(reply.at)}</span>
          </p>
          <p class="observer-words">{reply.text}</p>
        </div>
      ))}
    </article>
  );
}

const EMPTY = { text: '', name: '', entry: '', contact: '' };
const FIELDS = ['text', 'name', 'entry', 'contact'] as const;

/** Why the server took no objection, where it is no fault of a field. */
function whyFailed(t: ReturnType<typeof useText<(typeof texts)['ko']>>, error: ApiError): string {
  if (!(error instanceof Problem)) return t('opening.unreachable.body');
  if (error.status === 429) return t('objection.failed.often', { n: error.retryAfter ?? 60 });
  return error.code === 'too-many-objections' ? t('objection.failed.full') : t('objection.failed.other', { code: error.code });
}

function ObjectionForm({ face: { tenant, election }, onSent }: { face: PublicElection; onSent: () => void }): JSX.Element {
  const t = useText(texts);
  const [form, setForm] = useState(EMPTY);
  const [file, setFile] = useState<File | null>(null);
  const [looked, setLooked] = useState(false);
  const [busy, setBusy] = useState(false);
  const [sent, setSent] = useState(EMPTY);
  const [failed, setFailed] = useState<ApiError | null>(null);
  const missing = form.text.trim() === '';
  const badEntry = form.entry.trim() !== '' && !/^\d{1,15}$/.test(form.entry.trim());
  // What the server says is wrong with a field, until the field is changed.
  const refused = (name: keyof typeof EMPTY): string | null => (failed instanceof Problem && failed.field(name) !== undefined && form[name] === sent[name] ? t(`objection.refused.${name}`) : null);
  const placed = FIELDS.some((name) => failed instanceof Problem && failed.field(name) !== undefined);
  const field = (name: keyof typeof EMPTY) => ({ value: form[name], onInput: (value: string) => setForm((before) => ({ ...before, [name]: value })) });
  const some = (text: string): string | null => (text.trim() === '' ? null : text.trim());
  const send = async (): Promise<void> => {
    setLooked(true);
    if (missing || badEntry) return;
    setBusy(true);
    setFailed(null);
    setSent(form);
    try {
      const evidence = file === null ? null : await sha256Hex(await file.arrayBuffer());
      const body = { text: form.text.trim(), name: some(form.name), entry: some(form.entry) === null ? null : Number(form.entry), contact: some(form.contact), evidence };
      const { number } = await data(api.POST(OBJECTIONS, { params: { path: { tenant, election } }, body }));
      toast(t('objection.sent', { n: number }));
      setForm(EMPTY);
      setFile(null);
      setLooked(false);
      onSent();
    } catch (error) {
      if (!isApiError(error)) throw error;
      setFailed(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      class="card stack"
      noValidate
      aria-label={t('objections.new')}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <TextArea label={t('objection.text')} hint={t('objection.text.hint')} {...field('text')} error={looked && missing ? t('objection.text.missing') : refused('text')} maxLength={4000} rows={5} />
      <TextField label={t('objection.name')} hint={t('objection.name.hint')} {...field('name')} error={refused('name')} maxLength={200} optional />
      <TextField label={t('objection.entry')} {...field('entry')} inputMode="numeric" error={looked && badEntry ? t('objection.entry.wrong') : refused('entry')} optional />
      <TextField label={t('objection.contact')} hint={t('objection.contact.hint')} {...field('contact')} error={refused('contact')} maxLength={200} autoComplete="email" optional />
      <FileDrop label={t('objection.evidence')} hint={t('objection.evidence.hint')} file={file} onFile={setFile} optional />
      {failed !== null && (
        <Notice kind="danger" live="alert" title={t('objection.failed')}>
          <p>{placed ? t('objection.failed.fields') : whyFailed(t, failed)}</p>
        </Notice>
      )}
      <div class="row">
        <Button type="submit" kind="primary" busy={busy}>
          {t('objection.send')}
        </Button>
      </div>
    </form>
  );
}

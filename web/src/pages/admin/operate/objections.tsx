import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { data } from '../../../api/client';
import { adminOperate as texts } from '../../../i18n/admin-operate';
import { useFormat, useText } from '../../../i18n';
import { Button } from '../../../ui/button';
import { TextArea } from '../../../ui/field';
import { Hash } from '../../../ui/hash';
import { Notice } from '../../../ui/notice';
import { Skeleton } from '../../../ui/progress';
import { Badge, EmptyState } from '../../../ui/timeline';
import { toast } from '../../../ui/toast';
import { api } from '../session';
import { useAct, useLoad } from './core/load';
import { E, type Office, type Schemas, useFace, useOffice } from './core/office';
import { OperatePage } from './frame';
import { ConfirmDialog, ReasonDialog } from './reason-dialog';
import { Trouble } from './trouble';

type Objection = Schemas['ObjectionView'];
type Opened = Schemas['StaffObjectionView'];

/** Objections on one page of the API. */
const PAGE = 100;
const PACE = 10_000;

/** What observers object to, in public, and what staff replies. */
export function ObjectionsPage(): JSX.Element {
  const t = useText(texts);
  const office = useOffice();
  const face = useFace(office);
  const { path } = office;
  const list = useLoad(
    async () => {
      const all: Objection[] = [];
      for (;;) {
        const page = await data(api.GET(`${E}/objections`, { params: { path, query: { after: all.at(-1)?.number ?? 0 } } }));
        all.push(...page);
        if (page.length < PAGE) return all;
      }
    },
    [path.tenant, path.election],
    PACE,
  );
  // What waits for an answer comes first, then the newest.
  const sorted = [...(list.value ?? [])].sort((a, b) => Number(a.replies.length > 0) - Number(b.replies.length > 0) || b.number - a.number);
  const open = sorted.filter(({ replies }) => replies.length === 0).length;
  return (
    <OperatePage face={face} title={t('objections')} lead={t('objections.lead')}>
      <Trouble error={list.error} onAgain={() => void list.reload()} />
      {list.value === null && list.error === null && <Skeleton label={t('loading')} lines={6} />}
      {list.value?.length === 0 && <EmptyState title={t('objections.none')}>{t('objections.none.body')}</EmptyState>}
      {sorted.length > 0 && <p role="status">{t('objections.open', { n: open, of: sorted.length })}</p>}
      <ul class="operate-cards">
        {sorted.map((objection) => (
          <li key={objection.number}>
            <ObjectionCard office={office} objection={objection} onChanged={() => void list.reload()} />
          </li>
        ))}
      </ul>
    </OperatePage>
  );
}

function ObjectionCard({ office, objection, onChanged }: { office: Office; objection: Objection; onChanged: () => void }): JSX.Element {
  const t = useText(texts);
  const format = useFormat();
  const [opened, setOpened] = useState<Opened | null>(null);
  const act = useAct();
  const { number, text, withheld, replies } = objection;
  const may = office.may('run-elections') || office.may('approve-elections');
  const open = (): void =>
    void act.run(async () => {
      setOpened(await data(api.GET(`${E}/objections/{number}`, { params: { path: { ...office.path, number } } })));
    });
  return (
    <article class="card stack" aria-labelledby={`objection-${String(number)}`}>
      <div class="row row-apart">
        <h2 id={`objection-${String(number)}`} class="operate-card-title">
          {t('objection.title', { n: number })}
        </h2>
        <Badge kind={replies.length > 0 ? 'success' : 'warning'}>{t(replies.length > 0 ? 'objection.answered' : 'objection.waits')}</Badge>
      </div>
      <p class="soft small">
        {objection.name ?? t('objection.unsigned')} · {format.dateTime(objection.at)}
      </p>
      {typeof withheld === 'string' ? <Notice kind="warning" title={t('objection.withheld')}>{withheld}</Notice> : <p class="operate-words">{text}</p>}
      {typeof objection.entry === 'number' && <p class="small">{t('objection.entry', { index: objection.entry })}</p>}
      {typeof objection.evidence === 'string' && <Hash value={objection.evidence} label={t('objection.evidence')} copy />}
      {replies.map((reply) => (
        <div key={reply.at} class="operate-reply">
          <p class="small">
            <strong>{t('objection.reply')}</strong> <span class="soft">{format.dateTime(reply.at)}</span>
          </p>
          <p class="operate-words">{reply.text}</p>
        </div>
      ))}
      {opened !== null && (
        <Notice title={t('objection.private')}>
          {typeof withheld === 'string' && <p class="operate-words">{opened.full_text}</p>}
          <p>{opened.contact === null || opened.contact === undefined ? t('objection.no-contact') : t('objection.contact', { contact: opened.contact })}</p>
        </Notice>
      )}
      <Trouble error={act.error} />
      {may && (
        <>
          <Reply office={office} number={number} onReplied={onChanged} />
          <div class="row">
            {opened === null && (
              <Button size="small" kind="quiet" busy={act.busy} onClick={open}>
                {t('objection.open')}
              </Button>
            )}
            <Withhold office={office} objection={objection} onDone={onChanged} />
          </div>
        </>
      )}
    </article>
  );
}

function Reply({ office, number, onReplied }: { office: Office; number: number; onReplied: () => void }): JSX.Element {
  const t = useText(texts);
  const [text, setText] = useState('');
  const [looked, setLooked] = useState(false);
  const act = useAct();
  const missing = text.trim() === '';
  const send = (): void => {
    setLooked(true);
    if (missing) return;
    void act.run(async () => {
      await data(api.POST(`${E}/objections/{number}/replies`, { params: { path: { ...office.path, number } }, body: { text: text.trim() } }));
      setText('');
      setLooked(false);
      toast(t('objection.replied', { n: number }));
      onReplied();
    });
  };
  return (
    <form
      class="stack"
      noValidate
      aria-label={t('objection.reply.to', { n: number })}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <TextArea label={t('objection.reply')} hint={t('objection.reply.hint')} value={text} onInput={setText} error={looked && missing ? t('objection.reply.missing') : undefined} maxLength={4000} rows={3} />
      <Trouble error={act.error} />
      <div class="row">
        <Button type="submit" busy={act.busy}>
          {t('objection.reply.send')}
        </Button>
      </div>
    </form>
  );
}

/** A text with someone's data or abuse is withheld with a reason in its place, never deleted. */
function Withhold({ office, objection: { number, withheld }, onDone }: { office: Office; objection: Objection; onDone: () => void }): JSX.Element {
  const t = useText(texts);
  const [asking, setAsking] = useState(false);
  const put = async (reason: string | null): Promise<void> => {
    await data(api.PUT(`${E}/objections/{number}/withheld`, { params: { path: { ...office.path, number } }, body: { reason } }));
    onDone();
  };
  const shown = typeof withheld !== 'string';
  const dialog = { open: asking, onClose: () => setAsking(false) };
  return (
    <>
      <Button size="small" kind="quiet" onClick={() => setAsking(true)}>
        {t(shown ? 'objection.withhold' : 'objection.show')}
      </Button>
      {shown ? (
        <ReasonDialog {...dialog} title={t('objection.withhold')} label={t('objection.withhold')} done={t('objection.withhold.done')} onDo={put}>
          <p>{t('objection.withhold.body')}</p>
        </ReasonDialog>
      ) : (
        <ConfirmDialog {...dialog} title={t('objection.show')} label={t('objection.show')} done={t('objection.show.done')} onDo={() => put(null)}>
          <p>{t('objection.show.body')}</p>
        </ConfirmDialog>
      )}
    </>
  );
}

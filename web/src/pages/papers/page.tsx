import type { JSX } from 'preact';
import { useCallback, useEffect, useState } from 'preact/hooks';
import type { Params } from '../../app/router';
import { papers as texts } from '../../i18n/papers';
import { useLanguage, useText } from '../../i18n';
import { translator } from '../../i18n/catalogue';
import { Button, ButtonLink } from '../../ui/button';
import { Missing } from '../../ui/missing';
import { NotOpened } from '../../ui/opening';
import { Page } from '../../ui/page';
import { Progress } from '../../ui/progress';
import { EmptyState } from '../../ui/timeline';
import type { FetchFile, Progress as Checked } from '../../wasm/follow';
import { OperationError } from '../../wasm/ops';
import { boardAt } from '../../wasm/observer';
import { whyBroken } from '../booth/core/browser';
import { type PublicElection, Refused, Server } from '../booth/core/server';
import { Unreadable } from './core/bundle';
import { type Facts, gather } from './core/gather';
import { CountSheet } from './count-sheet';
import { BLANK, type Fields, FieldsForm } from './fields';
import { isPaper, type Paper, Signatures } from './sheet';
import { VotingRecord } from './voting-record';
import './papers.css';

type Loaded =
  | { state: 'checking'; progress: Checked | null }
  | { state: 'failed'; why: 'not-found' | 'unreachable' | 'bad-record' | 'too-old'; detail: string }
  | { state: 'ready'; facts: Facts };

/** A form of an election by its public address. */
export function PublicPaper({ params }: { params: Params }): JSX.Element {
  const { tenant = '', election = '', paper } = params;
  if (!isPaper(paper)) return <Missing />;
  return <PaperPage tenant={tenant} election={election} paper={paper} board={publicBoard} back={`/e/${encodeURIComponent(tenant)}/${encodeURIComponent(election)}/`} />;
}

const publicBoard = ({ board }: PublicElection): FetchFile => boardAt(board);

/** Makes a form from the record and shows it as it will be printed. */
export function PaperPage({ tenant, election, paper, board, back, commission = '' }: { tenant: string; election: string; paper: Paper; board: (face: PublicElection) => FetchFile; back: string; commission?: string }): JSX.Element {
  const t = useText(texts);
  const [loaded, setLoaded] = useState<Loaded>({ state: 'checking', progress: null });
  const [fields, setFields] = useState<Fields>({ ...BLANK, commission });
  const load = useCallback(async () => {
    setLoaded({ state: 'checking', progress: null });
    try {
      const facts = await gather(new Server(tenant, election), board, (progress) => setLoaded({ state: 'checking', progress }));
      setLoaded({ state: 'ready', facts });
    } catch (error) {
      setLoaded({ state: 'failed', ...why(error) });
    }
  }, [tenant, election, board]);
  useEffect(() => void load(), [load]);
  const title = t(`paper.${paper}`);
  switch (loaded.state) {
    case 'checking': {
      const { progress } = loaded;
      return (
        <Page title={title} lead={t('checking.why')} wide>
          <Progress label={progress === null ? t('loading') : t('checking')} {...(progress === null || progress.size === 0 ? {} : { value: progress.read, max: progress.size, detail: t('checking.detail', { n: progress.read, of: progress.size }) })} />
        </Page>
      );
    }
    case 'failed':
      return (
        <NotOpened title={t(`failed.${loaded.why}`)} alarm={loaded.why === 'bad-record'} detail={loaded.why === 'bad-record' ? loaded.detail : undefined} onAgain={() => void load()}>
          {loaded.why === 'unreachable' ? <p>{t('failed.unreachable.body')}</p> : undefined}
        </NotOpened>
      );
    case 'ready': {
      const { facts } = loaded;
      const early = tooEarly(paper, facts);
      return early !== null ? (
        <Page title={title} wide>
          <EmptyState title={t(early)} action={<ButtonLink to={back}>{t('back')}</ButtonLink>}>
            {t('early.body')}
          </EmptyState>
        </Page>
      ) : (
        <Page title={title} lead={t(`paper.${paper}.lead`)} wide>
          <div class="row no-print">
            <Button kind="primary" icon="print" onClick={() => print()}>
              {t('print')}
            </Button>
            <Button onClick={() => void load()}>{t('renew')}</Button>
            <ButtonLink kind="quiet" to={back}>
              {t('back')}
            </ButtonLink>
          </div>
          <p class="soft no-print">{t('checking.why')}</p>
          <div class="no-print">
            <FieldsForm fields={fields} place={paper === 'count-sheet'} onChange={setFields} />
          </div>
          <Sheet paper={paper} facts={facts} fields={fields} />
        </Page>
      );
    }
  }
}

function why(error: unknown): { why: 'not-found' | 'unreachable' | 'bad-record' | 'too-old'; detail: string } {
  const detail = error instanceof Error ? error.message : String(error);
  if (error instanceof OperationError || error instanceof Unreadable) return { why: 'bad-record', detail };
  if (error instanceof Refused && error.status === 404) return { why: 'not-found', detail };
  return { why: whyBroken(error) === 'too-old' ? 'too-old' : 'unreachable', detail };
}

function tooEarly(paper: Paper, { events, report }: Facts): 'early.voting-record' | 'early.count-sheet' | 'early.void' | null {
  const has = (type: string): boolean => events.some(({ entry_type }) => entry_type === type);
  if (paper === 'voting-record') return has('open') || has('void') ? null : 'early.voting-record';
  if (has('result')) return null;
  // A record that ends by failing its checks has no result to wait for, and says so on the form.
  if (has('void')) return 'early.void';
  return report.verdict === 'fail' && has('contest-result') ? null : 'early.count-sheet';
}

/** The form itself: what is on the paper. */
function Sheet({ paper, facts, fields }: { paper: Paper; facts: Facts; fields: Fields }): JSX.Element {
  const t = useText(texts);
  const language = useLanguage();
  const { manifest, events, report } = facts;
  const title = t(`paper.${paper}`);
  const ended = events.some(({ entry_type }) => entry_type === 'close' || entry_type === 'void');
  return (
    <article class="paper" aria-label={title}>
      <header class="paper-head">
        {/* The page has its heading already; this one is what is printed. */}
        <p class="paper-title">{title}</p>
        {language !== 'ko' && (
          <p class="paper-korean">
            {t('korean')} <span lang="ko">{translator(texts, 'ko')(`paper.${paper}`)}</span>
          </p>
        )}
        <p class="paper-election">{language === 'ko' || manifest.title.en === '' ? manifest.title.ko : manifest.title.en}</p>
      </header>
      {manifest.test && <p class="paper-stamp">{t('test')}</p>}
      {!ended && (
        <p class="paper-stamp">
          <strong>{t('draft')}</strong> {t('draft.body')}
        </p>
      )}
      {report.verdict === 'fail' && (
        <p class="paper-stamp paper-stamp-bad">
          <strong>{t('bad')}</strong> {t('bad.body')}
        </p>
      )}
      {paper === 'voting-record' ? <VotingRecord facts={facts} remarks={fields.remarks} /> : <CountSheet facts={facts} fields={fields} />}
      <Signatures paper={paper} fields={fields} />
    </article>
  );
}

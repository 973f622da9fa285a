import type { JSX } from 'preact';
import { useCallback, useEffect, useState } from 'preact/hooks';
import { Link } from '../../app/router';
import { home as texts } from '../../i18n/home';
import { useFormat, usePick, useText } from '../../i18n';
import { Button } from '../../ui/button';
import { Notice } from '../../ui/notice';
import { Page } from '../../ui/page';
import { Skeleton } from '../../ui/progress';
import { EmptyState } from '../../ui/timeline';
import { type ListedElection, type Phase, Server } from '../booth/core/server';
import { isBefore } from '../booth/core/schedule';
import { PhaseBadges } from './phase';
import './home.css';

/** Which part of the list a phase belongs to. */
const partOf = (phase: Phase): 'open' | 'coming' | 'past' => (phase === 'open' ? 'open' : isBefore(phase) ? 'coming' : 'past');
const PARTS = ['open', 'coming', 'past'] as const;

/** Public elections of this server. */
export function ListPage(): JSX.Element {
  const t = useText(texts);
  const [server] = useState(() => new Server('', ''));
  const [elections, setElections] = useState<readonly ListedElection[] | null>(null);
  const [more, setMore] = useState(false);
  const [failed, setFailed] = useState(false);
  const [busy, setBusy] = useState(false);
  const load = useCallback(
    async (known: readonly ListedElection[]) => {
      setBusy(true);
      try {
        const answer = await server.list(known.length);
        setElections([...known, ...answer.elections]);
        setMore(answer.more);
        setFailed(false);
      } catch {
        setFailed(true);
      }
      setBusy(false);
    },
    [server],
  );
  useEffect(() => void load([]), [load]);
  return (
    <Page title={t('list.title')} lead={t('list.lead')} wide>
      {failed && (
        <Notice kind="warning" live="alert" title={t('opening.unreachable')}>
          <p>{t('opening.unreachable.body')}</p>
          <div class="row">
            <Button size="small" busy={busy} onClick={() => void load(elections ?? [])}>
              {t('opening.again')}
            </Button>
          </div>
        </Notice>
      )}
      {elections === null && !failed && <Skeleton label={t('opening.loading')} lines={6} />}
      {elections?.length === 0 && <EmptyState title={t('list.none')}>{t('list.none.body')}</EmptyState>}
      {PARTS.map((part) => {
        const those = (elections ?? []).filter(({ phase }) => partOf(phase) === part);
        return those.length === 0 ? null : (
          <section key={part} class="stack">
            <h2>{t(`list.${part}`)}</h2>
            <ul class="home-list">
              {those.map((one) => (
                <ElectionCard key={`${one.tenant}/${one.election}`} election={one} />
              ))}
            </ul>
          </section>
        );
      })}
      {more && (
        <div class="row">
          <Button busy={busy} onClick={() => void load(elections ?? [])}>
            {t('list.more')}
          </Button>
        </div>
      )}
      <p class="small">
        <Link to="/admin">{t('list.staff')}</Link>
      </p>
    </Page>
  );
}

function ElectionCard({ election }: { election: ListedElection }): JSX.Element {
  const t = useText(texts);
  const format = useFormat();
  const pick = usePick();
  const when = (seconds: number): string => format.dateTime(new Date(seconds * 1000));
  return (
    <li class={election.test ? 'card home-card home-card-test' : 'card home-card'}>
      <PhaseBadges phase={election.phase} test={election.test} />
      <h3>
        <Link to={`/e/${encodeURIComponent(election.tenant)}/${encodeURIComponent(election.election)}/`}>{pick(election.title)}</Link>
      </h3>
      <p class="soft">{election.tenant_name}</p>
      <p class="small numeric">{t('list.from-to', { from: when(election.opens), to: when(election.closes) })}</p>
    </li>
  );
}

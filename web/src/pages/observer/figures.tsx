import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { observer as texts } from '../../i18n/observer';
import { useFormat, useText } from '../../i18n';
import { Notice } from '../../ui/notice';
import { Table } from '../../ui/table';
import type { Manifest, RecordResults } from '../../wasm/messages';
import { Refused, type Results, type Server, type Turnout, Unreachable } from '../booth/core/server';
import { ResultSection } from '../home/result';
import { TurnoutSection } from '../home/turnout';
import '../home/home.css';
import { compareTurnout, differences, resultsOf, turnoutOf } from './core/published';
import type { Watched } from './core/watch';

/** Milliseconds in which the server's figures and the board become of one size, if they are of one record. */
const APART_MS = 30_000;

/** Turnout and result from the verified record, beside what the server says. */
export function FiguresTab({ state: { manifest, results, progress, shown }, server }: { state: Watched; server: Server }): JSX.Element {
  const t = useText(texts);
  if (manifest === null || results === null || progress === null) return <p class="soft">{t('figures.none')}</p>;
  return <Figures manifest={manifest} results={results} read={progress.read} at={shown?.at ?? 0} server={server} />;
}

function Figures({ manifest, results, read, at, server }: { manifest: Manifest; results: RecordResults; read: number; at: number; server: Server }): JSX.Element {
  const t = useText(texts);
  const [again, setAgain] = useState(0);
  const published = usePublished(server, read, again);
  const turnout = turnoutOf(manifest, results, read);
  const recomputed = resultsOf(manifest, results);
  return (
    <div class="stack">
      <p class="soft">{t('figures.lead')}</p>
      {recomputed !== null && (
        <>
          <Compared published={published.results} recomputed={recomputed} />
          <ResultSection manifest={manifest} results={recomputed} turnout={turnout} />
        </>
      )}
      <TurnoutSection manifest={manifest} figures={{ turnout, results: recomputed, at }} stale={false} />
      {published.turnout !== null && <SaidTurnout said={published.turnout} turnout={turnout} at={at} onAgain={setAgain} />}
    </div>
  );
}

/** What the server publishes, asked for again whenever the record has grown, and when `again` changes. */
function usePublished(server: Server, read: number, again: number): { turnout: Turnout | null; results: Results | null } {
  const [published, setPublished] = useState<{ turnout: Turnout | null; results: Results | null }>({ turnout: null, results: null });
  useEffect(() => {
    let left = false;
    Promise.all([server.turnout(), server.results()]).then(
      ([turnout, results]) => left || setPublished({ turnout, results }),
      (error: unknown) => {
        // Nothing to compare with is said as such, not as trouble.
        if (!(error instanceof Refused) && !(error instanceof Unreachable)) throw error;
      },
    );
    return () => {
      left = true;
    };
  }, [server, read, again]);
  return published;
}

/**
 * The server's turnout beside the recomputed one. Taken at different sizes of the record they cannot be compared: the server
 * is asked again at the next look, and one that goes on stating another size than the board has is said to do so.
 */
function SaidTurnout({ said, turnout, at, onAgain }: { said: Turnout; turnout: Turnout; at: number; onAgain: (at: number) => void }): JSX.Element | null {
  const t = useText(texts);
  const format = useFormat();
  const comparison = compareTurnout(said, turnout);
  const apart = comparison === 'apart';
  const [since, setSince] = useState<number | null>(null);
  useEffect(() => {
    setSince((before) => (apart ? (before ?? at) : null));
    if (apart) onAgain(at);
  }, [apart, at, onAgain]);
  if (apart) {
    const sizes = { said: said.log_size, read: turnout.log_size };
    if (since === null || at - since < APART_MS) return <p class="soft small">{t('figures.apart', sizes)}</p>;
    return (
      <Notice kind="danger" live="alert" title={t('figures.apart.title')}>
        <p>{t('figures.apart.body', sizes)}</p>
      </Notice>
    );
  }
  const same = comparison === 'same';
  return same ? (
    <Notice kind="success">
      <p>{t('figures.same')}</p>
    </Notice>
  ) : (
    <Notice kind="danger" live="alert" title={t('figures.other')}>
      <p>{t('figures.other.body', { counted: format.number(said.counted), paper: format.number(said.paper), electorate: format.number(said.electorate) })}</p>
    </Notice>
  );
}

function Compared({ published, recomputed }: { published: Results | null; recomputed: Results }): JSX.Element {
  const t = useText(texts);
  if (published === null)
    return (
      <Notice>
        <p>{t('published.none')}</p>
      </Notice>
    );
  const found = differences(published, recomputed);
  if (found.length === 0)
    return (
      <Notice kind="success">
        <p>{t('published.same')}</p>
      </Notice>
    );
  return (
    <Notice kind="danger" live="alert" title={t('published.other')}>
      <Table
        caption={t('published.other')}
        captionHidden
        rows={found}
        rowKey={({ contest, what }) => `${String(contest)} ${what}`}
        columns={[
          { key: 'where', header: t('published.where'), cell: ({ contest, what }) => `${contest === null ? t('published.all') : t('published.contest', { n: contest + 1 })}: ${t(`published.${what}`)}`, rowHeader: true },
          { key: 'theirs', header: t('published.theirs'), cell: (one) => one.published },
          { key: 'ours', header: t('published.ours'), cell: (one) => one.recomputed },
        ]}
      />
    </Notice>
  );
}

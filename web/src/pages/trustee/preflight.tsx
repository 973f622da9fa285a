import type { JSX } from 'preact';
import { trustee as texts } from '../../i18n/trustee';
import { useText } from '../../i18n';
import { Fingerprint, JobNotice } from '../../local/parts';
import type { BoardView, PreflightCheck } from '../../local/messages';
import { Button } from '../../ui/button';
import { Notice } from '../../ui/notice';
import { type Column, Table } from '../../ui/table';
import { Badge } from '../../ui/timeline';
import type { ScreenProps } from './page';

const KIND = { pass: 'success', fail: 'danger', 'not-checked': 'warning' } as const;

/** Everything that is looked at before anything is at stake, and the fingerprint to compare. */
export function Preflight({ state: { view, job }, desk, busy, agree }: ScreenProps & { agree: (manifest: string) => void }): JSX.Element {
  const t = useText(texts);
  const checks = view.preflight;
  const failed = checks?.some(({ outcome }) => outcome === 'fail') ?? false;
  const election = view.board?.election;
  const columns: Column<PreflightCheck>[] = [
    { key: 'item', header: t('preflight.item'), rowHeader: true, cell: ({ item }) => t(`preflight.${item}`) },
    { key: 'outcome', header: t('preflight.outcome'), cell: ({ outcome }) => <Badge kind={KIND[outcome]}>{t(`preflight.${outcome}`)}</Badge> },
    { key: 'found', header: t('preflight.found'), cell: (check) => <Found check={check} board={view.board} /> },
  ];
  return (
    <>
      <JobNotice job={job} actions={['connect', 'preflight']} />
      {checks !== null && <Table caption={t('preflight.title')} captionHidden columns={columns} rows={checks} rowKey={({ item }) => item} />}
      {failed && (
        <Notice kind="danger" title={t('preflight.failed')}>
          <p>{t('preflight.failed.body')}</p>
        </Notice>
      )}
      <div class="row">
        <Button busy={busy} onClick={() => void desk.begin({ kind: 'preflight' })}>
          {t('preflight.again')}
        </Button>
      </div>
      {election && checks !== null && !failed && <Fingerprint election={election} agree={() => agree(election.manifest_hash)} />}
    </>
  );
}

function Found({ check: { item, outcome, found }, board }: { check: PreflightCheck; board: BoardView | null }): JSX.Element {
  const t = useText(texts);
  const election = board?.election ?? null;
  const number = election?.number ?? null;
  if (item === 'board' && outcome === 'pass' && board !== null) return <>{t('preflight.board.found', { n: board.size })}</>;
  if (item === 'key' && outcome === 'pass' && election !== null && number !== null) return <>{t('preflight.key.found', { number, of: election.trustees.length, n: election.quorum })}</>;
  if (item === 'clock') {
    if (outcome === 'not-checked') return <>{t('preflight.clock.unknown')}</>;
    const ahead = Number(found);
    return <>{ahead < 0 ? t('preflight.clock.behind', { n: -ahead }) : t('preflight.clock.ahead', { n: ahead })}</>;
  }
  if (item === 'file' || item === 'folder') return <>{t(outcome === 'pass' ? 'preflight.mode.pass' : 'preflight.mode.fail', { mode: found })}</>;
  return (
    <span class="local-path" lang="en">
      {found}
    </span>
  );
}

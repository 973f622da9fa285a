import type { ComponentChildren, JSX } from 'preact';
import { authority as texts } from '../../i18n/authority';
import { useFormat, useText } from '../../i18n';
import { JobNotice } from '../../local/parts';
import type { AuthorityView, FileView, ProposalView } from '../../local/messages';
import { Button } from '../../ui/button';
import { Notice } from '../../ui/notice';
import { type Column, Table } from '../../ui/table';
import { Badge } from '../../ui/timeline';
import type { ScreenProps } from './page';

/** The files, and the way of the public credentials to the board. */
export function Upload({ state: { view, job }, desk, busy, refresh }: ScreenProps & { refresh: ComponentChildren }): JSX.Element {
  const t = useText(texts);
  const two = view.board?.election?.authorities.length === 2;
  return (
    <>
      <JobNotice job={job} actions={['issue', 'upload', 'commit', 'open-halves', 'read']} />
      {job?.action === 'upload' && job.state === 'later' && (
        <Notice kind="info" live="status">
          <p>{t('upload.later')}</p>
        </Notice>
      )}
      <p class="numeric">{t('upload.there', { n: view.uploaded, of: view.issued ?? 0 })}</p>
      {two && <p>{t('upload.two')}</p>}
      <div class="row">
        {two && (
          <>
            <Button busy={busy} onClick={() => void desk.begin({ kind: 'commit' })}>
              {t('upload.commit')}
            </Button>
            <Button busy={busy} onClick={() => void desk.begin({ kind: 'open-halves' })}>
              {t('upload.open')}
            </Button>
          </>
        )}
        <Button kind="primary" busy={busy} onClick={() => void desk.begin({ kind: 'upload' })}>
          {t('upload.start')}
        </Button>
        {refresh}
      </div>
      <Signed proposals={view.proposals} />
      <Files view={view}>
        <Button size="small" kind="quiet" busy={busy} onClick={() => void desk.begin({ kind: 'issue' })}>
          {t('upload.again')}
        </Button>
      </Files>
    </>
  );
}

const KNOWN = ['letters.csv', 'assignment.csv', 'order.csv', 'half-credentials.bin', 'credentials.cbor-bundle'] as const;
const isKnown = (name: string): name is (typeof KNOWN)[number] => KNOWN.some((one) => one === name);

/** Files in the folder: what each is for and how to treat it. */
export function Files({ view: { out, files }, children }: { view: AuthorityView; children?: ComponentChildren }): JSX.Element {
  const t = useText(texts);
  const columns: Column<FileView>[] = [
    { key: 'name', header: t('files.name'), rowHeader: true, cell: ({ name }) => <code>{name}</code> },
    { key: 'kind', header: t('files.kind'), cell: ({ secret }) => <Badge kind={secret ? 'warning' : 'plain'}>{secret ? t('files.secret') : t('files.public')}</Badge> },
    { key: 'what', header: t('files.what'), cell: ({ name }) => (isKnown(name) ? t(`files.${name}`) : '') },
  ];
  return (
    <section class="stack">
      <div class="row row-apart">
        <h2>{t('files.title')}</h2>
        {children}
      </div>
      <p class="local-path">
        {t('files.folder')}: {out}
      </p>
      <Table caption={t('files.title')} captionHidden columns={columns} rows={files} rowKey={({ name }) => name} />
    </section>
  );
}

/** How the server calls the commission among those who must sign. */
const COMMISSION = 'commission';

/** What was signed here and who must still sign. */
export function Signed({ proposals }: { proposals: readonly ProposalView[] }): JSX.Element | null {
  const t = useText(texts);
  const format = useFormat();
  if (proposals.length === 0) return null;
  const name = ({ what, credential, new: renewed }: ProposalView): string => {
    if (what === 'revocation') return t('signed.revocation', { credential: credential ?? 0 });
    if (what === 'reissue') return t('signed.reissue', { credential: credential ?? 0, renewed: renewed ?? 0 });
    return t('signed.seal');
  };
  const role = (missing: string): string => (missing === COMMISSION ? t('signed.commission') : t('signed.authority', { which: /\d+/.exec(missing)?.[0] ?? '' }));
  const columns: Column<ProposalView>[] = [
    { key: 'what', header: t('signed.what'), rowHeader: true, cell: name },
    { key: 'state', header: t('signed.state'), cell: ({ index, missing }) => (index === null ? <Badge kind="warning">{t('signed.missing', { roles: format.list(missing.map(role)) })}</Badge> : <Badge kind="success">{t('signed.there', { n: index })}</Badge>) },
  ];
  return (
    <section class="stack">
      <h2>{t('signed.title')}</h2>
      <Table caption={t('signed.title')} captionHidden columns={columns} rows={proposals} rowKey={({ id }) => id} />
    </section>
  );
}

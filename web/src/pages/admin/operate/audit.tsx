import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { data } from '../../../api/client';
import { adminOperate as texts } from '../../../i18n/admin-operate';
import { useFormat, useText } from '../../../i18n';
import { Button } from '../../../ui/button';
import { Select } from '../../../ui/field';
import { Pagination } from '../../../ui/navigation';
import { Skeleton } from '../../../ui/progress';
import { Table } from '../../../ui/table';
import { api } from '../session';
import { saveFile } from './core/csv';
import { useLoad } from './core/load';
import { E, useFace, useOffice } from './core/office';
import { actorsOf, type Deed, detailOf, filtered, isAction, PARTS, trailFile } from './core/trail';
import { OperatePage } from './frame';
import { Trouble } from './trouble';

/** Most that the API gives at once. */
const CHUNK = 500;
const PAGE = 50;

/** Who did what, when: filtered, page by page, or as a file. */
export function AuditPage(): JSX.Element {
  const t = useText(texts);
  const office = useOffice();
  const face = useFace(office);
  const { path } = office;
  const [part, setPart] = useState('');
  const [actor, setActor] = useState('');
  const [page, setPage] = useState(1);
  const trail = useLoad(async () => {
    const all: Deed[] = [];
    for (;;) {
      const chunk = await data(api.GET(`${E}/audit`, { params: { path, query: { after: all.at(-1)?.id ?? 0, limit: CHUNK } } }));
      all.push(...chunk);
      if (chunk.length < CHUNK) return all;
    }
  }, [path.tenant, path.election]);
  const format = useFormat();
  const shown = filtered(trail.value ?? [], { part, actor });
  const pages = Math.max(1, Math.ceil(shown.length / PAGE));
  const choose = (set: (value: string) => void) => (value: string) => {
    set(value);
    setPage(1);
  };
  return (
    <OperatePage face={face} title={t('audit')} lead={t('audit.lead')}>
      <Trouble error={trail.error} onAgain={() => void trail.reload()} />
      {trail.value === null && trail.error === null && <Skeleton label={t('loading')} lines={8} />}
      {trail.value !== null && (
        <>
          <div class="card stack">
            <div class="operate-search">
              <Select label={t('audit.part')} optional value={part} onChange={choose(setPart)} placeholder={t('all')} options={PARTS.map((value) => ({ value, label: t(`audit.part.${value}`) }))} />
              <Select label={t('audit.actor')} optional value={actor} onChange={choose(setActor)} placeholder={t('all')} options={actorsOf(trail.value).map((value) => ({ value, label: value }))} />
            </div>
            <div class="row">
              <Button busy={trail.loading} onClick={() => void trail.reload()}>
                {t('audit.reload')}
              </Button>
              <Button icon="download" disabled={shown.length === 0} onClick={() => saveFile(`audit-${path.election}.csv`, trailFile(shown))}>
                {t('audit.export', { n: shown.length })}
              </Button>
            </div>
          </div>
          <Table
            caption={t('audit.found', { n: shown.length })}
            rows={shown.slice((page - 1) * PAGE, page * PAGE)}
            rowKey={({ id }) => id}
            columns={[
              { key: 'at', header: t('audit.at'), cell: ({ at }) => <time dateTime={at}>{`${format.date(at)} ${format.clock(at)}`}</time>, rowHeader: true },
              { key: 'actor', header: t('audit.actor'), cell: (deed) => deed.actor ?? t('audit.system') },
              {
                key: 'action',
                header: t('audit.action'),
                cell: ({ action }) => (
                  <>
                    {isAction(action) ? t(`action.${action}`) : action} {isAction(action) && <code class="operate-block soft small">{action}</code>}
                  </>
                ),
              },
              { key: 'target', header: t('audit.target'), cell: ({ target }) => <code>{target}</code> },
              { key: 'detail', header: t('audit.detail'), cell: (deed) => <span class="small">{detailOf(deed)}</span> },
            ]}
          />
          <Pagination page={page} pages={pages} onChange={setPage} label={t('audit')} />
        </>
      )}
    </OperatePage>
  );
}

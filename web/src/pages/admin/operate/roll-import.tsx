import type { JSX } from 'preact';
import { data } from '../../../api/client';
import { adminOperate as texts } from '../../../i18n/admin-operate';
import { usePick, useText } from '../../../i18n';
import { Button } from '../../../ui/button';
import { Disclosure } from '../../../ui/disclosure';
import { api } from '../session';
import { csv, saveFile } from './core/csv';
import { E, type Office, type Schemas } from './core/office';
import { type Report, TableFile } from './table-file';

type Unit = Schemas['UnitView'];

/** A file of voters. */
export function RollImport({ office, units, onDone }: { office: Office; units: readonly Unit[]; onDone: () => void }): JSX.Element {
  const t = useText(texts);
  const { path } = office;
  const send = async (file: File, type: string, dry: boolean): Promise<Report> =>
    (await data(api.POST(`${E}/roll`, { params: { path, query: { dry_run: dry } }, headers: { 'content-type': type }, body: '', bodySerializer: () => file }))) as Report;
  return (
    <div class="card stack">
      <p>{t('import.lead')}</p>
      <Columns units={units} />
      <TableFile id="roll-file" label={t('import.file')} hint={t('import.hint')} send={send} take={(n) => t('import.take', { n })} taken={(n) => t('import.done', { n })} clean={t('import.clean.body')} onDone={onDone} />
    </div>
  );
}

/** What the file must look like, with the titles that this election has. */
function Columns({ units }: { units: readonly Unit[] }): JSX.Element {
  const t = useText(texts);
  const pick = usePick();
  const title = ({ title_ko, title_en }: Unit): string => pick({ ko: title_ko, en: title_en });
  const sample = (): void =>
    saveFile(
      'roll-sample.csv',
      csv(
        ['voter_id', 'name', 'contact', 'district'],
        units.slice(0, 3).map((unit, place) => [`V${String(place + 1).padStart(5, '0')}`, t('import.sample.name', { n: place + 1 }), `voter${String(place + 1)}@example.org`, unit.title_ko]),
      ),
    );
  return (
    <Disclosure summary={t('import.columns')}>
      <dl class="operate-columns">
        {(['voter_id', 'name', 'contact', 'district', 'style', 'weight'] as const).map((column) => (
          <div key={column}>
            <dt>
              <code>{column}</code>
            </dt>
            <dd>{t(`import.column.${column}`)}</dd>
          </div>
        ))}
      </dl>
      <p class="small">{t('import.districts', { list: units.map(title).join(', ') })}</p>
      <div class="row">
        <Button size="small" icon="download" onClick={sample}>
          {t('import.sample')}
        </Button>
      </div>
    </Disclosure>
  );
}

import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { data } from '../../../api/client';
import { adminOperate as texts } from '../../../i18n/admin-operate';
import { useFormat, usePick, useText } from '../../../i18n';
import { Button, ButtonLink } from '../../../ui/button';
import { Dialog } from '../../../ui/dialog';
import { Notice } from '../../../ui/notice';
import { Section } from '../../../ui/page';
import { Skeleton } from '../../../ui/progress';
import { Stat, Stats } from '../../../ui/stat';
import { Table } from '../../../ui/table';
import { toast } from '../../../ui/toast';
import { api } from '../session';
import { saveFile } from './core/csv';
import { useAct, useLoad } from './core/load';
import { E, type Office, type Schemas, useFace, useOffice } from './core/office';
import { OperatePage } from './frame';
import { Proposals } from './proposals';
import { RollAssignment } from './roll-assignment';
import { RollImport } from './roll-import';
import { Trouble } from './trouble';

type Roll = Schemas['RollView'];

/** The electoral roll as a whole: import, counts, credentials, seal. */
export function RollPage(): JSX.Element {
  const t = useText(texts);
  const office = useOffice();
  const face = useFace(office);
  const { path } = office;
  const roll = useLoad(() => data(api.GET(`${E}/roll`, { params: { path } })), [path.tenant, path.election, face.value?.phase]);
  const found = roll.value;
  return (
    <OperatePage face={face} title={t('roll')} lead={t('roll.lead')}>
      <Trouble error={roll.error} onAgain={() => void roll.reload()} />
      {found === null && roll.error === null && <Skeleton label={t('loading')} lines={6} />}
      {found !== null && (
        <>
          <Counts roll={found} office={office} />
          {office.may('manage-roll') && <Import roll={found} office={office} onDone={() => void roll.reload()} />}
          {office.may('assign-credentials') && found.voters > 0 && !found.sealed && (
            <Section title={t('assign')}>
              <RollAssignment office={office} assigned={found.assigned} onDone={() => void roll.reload()} />
            </Section>
          )}
          <Units roll={found} />
          <Section title={t('seal')}>
            <p>{t('seal.lead')}</p>
            <Proposals office={office} kinds={['roll-chunk', 'roll-sealed']} onSigned={() => void roll.reload()} />
          </Section>
        </>
      )}
    </OperatePage>
  );
}

function Counts({ roll, office }: { roll: Roll; office: Office }): JSX.Element {
  const t = useText(texts);
  const format = useFormat();
  return (
    <>
      <Stats>
        <Stat label={t('roll.voters')} value={format.number(roll.voters)} />
        <Stat label={t('roll.assigned')} value={format.number(roll.assigned)} detail={t('roll.assigned.detail')} />
        <Stat label={t('roll.state')} value={roll.sealed ? t('roll.sealed') : t('roll.unsealed')} />
      </Stats>
      {roll.voters > 0 && (
        <div class="row">
          {office.may('manage-roll') && <ButtonLink to={office.at('voters')}>{t('roll.search')}</ButtonLink>}
          {(office.may('manage-roll') || office.may('assign-credentials')) && <SaveRoll office={office} columns="authority" label={t('roll.save.authority')} />}
          {office.may('manage-roll') && <SaveRoll office={office} columns="joint" label={t('roll.save.joint')} />}
        </div>
      )}
    </>
  );
}

/** The roll as a file: what the authority issues codes from, or the joint roll of online and paper voting. */
function SaveRoll({ office, columns, label }: { office: Office; columns: 'authority' | 'joint'; label: string }): JSX.Element {
  const act = useAct();
  const save = (): void =>
    void act.run(async () => {
      const file = await data(api.GET(`${E}/voters/export`, { params: { path: office.path, query: { audience: 'all', columns } }, parseAs: 'blob' }));
      saveFile(`${columns === 'joint' ? 'joint-roll' : 'roll'}-${office.path.election}.csv`, file);
    });
  return (
    <>
      <Button icon="download" busy={act.busy} onClick={save}>
        {label}
      </Button>
      <Trouble error={act.error} />
    </>
  );
}

function Import({ roll, office, onDone }: { roll: Roll; office: Office; onDone: () => void }): JSX.Element {
  const t = useText(texts);
  const [asking, setAsking] = useState(false);
  const act = useAct();
  const clear = (): void =>
    void act.run(async () => {
      await data(api.DELETE(`${E}/roll`, { params: { path: office.path } }));
      setAsking(false);
      toast(t('roll.cleared'));
      onDone();
    });
  const closed = roll.sealed ? 'sealed' : roll.assigned > 0 ? 'assigned' : null;
  return (
    <Section
      title={t('import')}
      actions={
        closed === null &&
        roll.voters > 0 && (
          <Button kind="quiet" size="small" onClick={() => setAsking(true)}>
            {t('roll.clear')}
          </Button>
        )
      }
    >
      {closed === null ? (
        <RollImport office={office} units={roll.units} onDone={onDone} />
      ) : (
        <Notice title={t(`import.closed.${closed}`)}>
          <p>{t(`import.closed.${closed}.body`)}</p>
        </Notice>
      )}
      <Dialog
        open={asking}
        title={t('roll.clear')}
        onClose={() => setAsking(false)}
        actions={
          <>
            <Button kind="danger" busy={act.busy} onClick={clear}>
              {t('roll.clear.do', { n: roll.voters })}
            </Button>
            <Button kind="quiet" onClick={() => setAsking(false)}>
              {t('cancel')}
            </Button>
          </>
        }
      >
        <p>{t('roll.clear.body', { n: roll.voters })}</p>
        <Trouble error={act.error} />
      </Dialog>
    </Section>
  );
}

function Units({ roll }: { roll: Roll }): JSX.Element {
  const t = useText(texts);
  const format = useFormat();
  const pick = usePick();
  const title = ({ title_ko, title_en }: Roll['units'][number]): string => pick({ ko: title_ko, en: title_en });
  return (
    <Section title={t('roll.units')}>
      <Table
        caption={t('roll.units')}
        captionHidden
        rows={roll.units}
        rowKey={({ unit }) => unit}
        columns={[
          { key: 'unit', header: t('unit'), cell: title, sortBy: title, rowHeader: true },
          { key: 'voters', header: t('roll.voters'), cell: ({ voters }) => format.number(voters), sortBy: ({ voters }) => voters, numeric: true },
          { key: 'assigned', header: t('roll.assigned'), cell: ({ assigned }) => format.number(assigned), sortBy: ({ assigned }) => assigned, numeric: true },
        ]}
        foot={[t('total'), format.number(roll.voters), format.number(roll.assigned)]}
      />
    </Section>
  );
}

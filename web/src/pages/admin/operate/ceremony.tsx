import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { data } from '../../../api/client';
import { adminOperate as texts } from '../../../i18n/admin-operate';
import { useFormat, useText } from '../../../i18n';
import { Button, ButtonLink } from '../../../ui/button';
import { Notice } from '../../../ui/notice';
import { Section } from '../../../ui/page';
import { Skeleton } from '../../../ui/progress';
import { Steps } from '../../../ui/steps';
import { Table } from '../../../ui/table';
import { Badge } from '../../../ui/timeline';
import { api } from '../session';
import { useLoad } from './core/load';
import { E, type Office, type Phase, type Schemas, useFace, useOffice } from './core/office';
import { OperatePage } from './frame';
import { ReasonDialog } from './reason-dialog';
import { Trouble } from './trouble';

export type Trustees = Schemas['TrusteesView'];
type Trustee = Schemas['TrusteeStatus'];

/** What trustees do, in order; what a wait or an end is like stands behind them. */
const ROUNDS = ['commitment', 'opening', 'shares', 'confirmation', 'drill'] as const;
const PACE = 3_000;

/** Where the trustees are in the ceremony and the drill. */
function roundOf({ step }: Trustees): number {
  const at = ROUNDS.findIndex((round) => round === step);
  if (at >= 0) return at;
  return step === 'restart' ? 0 : step === 'joint_key' ? ROUNDS.indexOf('drill') : ROUNDS.length;
}

/** Who has taken which step of the key ceremony and the decryption drill, and who is waited for. */
export function CeremonyPage(): JSX.Element {
  const t = useText(texts);
  const office = useOffice();
  const face = useFace(office);
  const { path } = office;
  const view = useLoad(() => data(api.GET(`${E}/trustees`, { params: { path } })), [path.tenant, path.election], PACE);
  const found = view.value;
  return (
    <OperatePage face={face} title={t('ceremony')} lead={t('ceremony.lead')}>
      <Trouble error={view.error} onAgain={() => void view.reload()} />
      {found === null && view.error === null && <Skeleton label={t('loading')} lines={6} />}
      {found !== null && (
        <>
          <Steps label={t('ceremony')} steps={ROUNDS.map((round) => t(`ceremony.round.${round}`))} current={roundOf(found)} />
          <Now view={found} />
          <Section title={t('ceremony.trustees')}>
            <p>{t('ceremony.quorum', { n: found.trustees.length, quorum: found.quorum })}</p>
            <TrusteeTable view={found} />
          </Section>
          <div class="row">
            <ButtonLink to={`${office.home}trustees`} target="_blank" icon="external">
              {t('ceremony.public')}
            </ButtonLink>
          </div>
          {office.may('run-elections') && (face.value?.phase === 'ceremony' || face.value?.phase === 'drill') && <Restart office={office} phase={face.value.phase} onDone={() => void view.reload()} />}
        </>
      )}
    </OperatePage>
  );
}

/** What is next and who is waited for, said aloud as it changes. */
function Now({ view }: { view: Trustees }): JSX.Element {
  const t = useText(texts);
  const format = useFormat();
  const names = view.trustees.filter(({ number }) => view.waiting_for.includes(number)).map(({ name }) => name);
  const { complaint } = view;
  if (complaint !== null && complaint !== undefined)
    return (
      <Notice kind="danger" title={t('ceremony.complaint')} live="alert">
        <p>{t('ceremony.complaint.body', { by: complaint.by, accused: complaint.accused, index: complaint.index })}</p>
      </Notice>
    );
  return (
    <>
      <Notice kind={view.step === 'wait' || view.step === 'finished' ? 'success' : 'info'} title={t(`ceremony.step.${view.step}`)} live="status">
        <p>{t(`ceremony.step.${view.step}.body`)}</p>
        {names.length > 0 && (
          <p>
            <strong>{t('ceremony.waiting', { names: format.list(names) })}</strong>
          </p>
        )}
      </Notice>
      {view.restarts.length > 0 && (
        <Notice kind="warning" title={t('ceremony.restarted', { n: view.attempt })}>
          <ul>
            {view.restarts.map((reason, place) => (
              <li key={place}>{reason}</li>
            ))}
          </ul>
        </Notice>
      )}
    </>
  );
}

function TrusteeTable({ view }: { view: Trustees }): JSX.Element {
  const t = useText(texts);
  const format = useFormat();
  const done = (of: Trustee[(typeof ROUNDS)[number]]): JSX.Element =>
    of === null || of === undefined ? (
      <span class="soft">{t('ceremony.not-yet')}</span>
    ) : (
      <span class="operate-done">
        <Badge kind="success">{t('ceremony.done')}</Badge>
        {typeof of.at === 'string' && <span class="soft small numeric">{format.clock(of.at)}</span>}
      </span>
    );
  return (
    <Table
      caption={t('ceremony.trustees')}
      captionHidden
      rows={view.trustees}
      rowKey={({ number }) => number}
      columns={[
        { key: 'name', header: t('ceremony.trustee'), cell: ({ number, name }) => `${String(number)}. ${name}`, rowHeader: true },
        ...ROUNDS.map((round) => ({ key: round, header: t(`ceremony.round.${round}`), cell: (trustee: Trustee) => done(trustee[round]) })),
      ]}
    />
  );
}

/** A ceremony that cannot go on begins anew; everything of the attempt is void. */
function Restart({ office, phase, onDone }: { office: Office; phase: Phase; onDone: () => void }): JSX.Element {
  const t = useText(texts);
  const [asking, setAsking] = useState(false);
  return (
    <Section title={t('restart')}>
      <p>{t('restart.lead')}</p>
      {phase === 'drill' && <p>{t('restart.drill')}</p>}
      <div class="row">
        <Button onClick={() => setAsking(true)}>{t('restart.do')}</Button>
      </div>
      <ReasonDialog
        open={asking}
        title={t('restart.dialog')}
        label={t('restart.do')}
        onClose={() => setAsking(false)}
        onDo={async (reason) => {
          await data(api.POST(`${E}/ceremony/restart`, { params: { path: office.path }, body: { reason } }));
          onDone();
        }}
        done={t('restart.done')}
      >
        <p>{t('restart.body')}</p>
      </ReasonDialog>
    </Section>
  );
}

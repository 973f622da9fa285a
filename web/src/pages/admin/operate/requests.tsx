import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { data } from '../../../api/client';
import { adminOperate as texts } from '../../../i18n/admin-operate';
import { useFormat, useText } from '../../../i18n';
import { Button } from '../../../ui/button';
import { Dialog } from '../../../ui/dialog';
import { Disclosure } from '../../../ui/disclosure';
import { CopyButton } from '../../../ui/hash';
import { Section } from '../../../ui/page';
import { Skeleton } from '../../../ui/progress';
import { Badge, EmptyState } from '../../../ui/timeline';
import { toast } from '../../../ui/toast';
import { api } from '../session';
import { saveFile } from './core/csv';
import { useAct, useLoad } from './core/load';
import { E, type Face, type Office, type Schemas, useFace, useOffice } from './core/office';
import { command, forAuthority, type Request, waitsForAuthority } from './core/requests';
import { OperatePage } from './frame';
import { Proposals } from './proposals';
import { Trouble } from './trouble';

type State = Schemas['RequestState'];

const KIND = { open: 'warning', accepted: 'success', refused: 'plain', revocation_proposed: 'info', revoked: 'info', reissued: 'success' } as const satisfies Record<State, string>;
/** How a re-issue goes, in order. */
const WAY = ['open', 'revocation_proposed', 'revoked', 'reissued'] as const satisfies readonly State[];

const PACE = 5_000;

/** Requests about single voters after the seal: made by one person, decided by another, signed offline by the authority. */
export function RequestsPage(): JSX.Element {
  const t = useText(texts);
  const office = useOffice();
  const face = useFace(office);
  const { path } = office;
  const list = useLoad(() => data(api.GET(`${E}/roll-requests`, { params: { path } })), [path.tenant, path.election], PACE);
  const board = face.value === null ? null : { url: `${location.origin}${face.value.board}`, vkey: face.value.vkey };
  const waiting = (list.value ?? []).filter(waitsForAuthority);
  return (
    <OperatePage face={face} title={t('requests')} lead={t('requests.lead')}>
      <Trouble error={list.error} onAgain={() => void list.reload()} />
      {list.value === null && list.error === null && <Skeleton label={t('loading')} lines={6} />}
      {list.value?.length === 0 && <EmptyState title={t('requests.none')}>{t('requests.none.body')}</EmptyState>}
      {list.value !== null && list.value.length > 0 && (
        <Section
          title={t('requests.list')}
          actions={
            waiting.length > 0 &&
            board !== null && (
              <Button size="small" icon="download" onClick={() => saveFile(`requests-${path.election}.csv`, forAuthority(list.value ?? [], board.url, board.vkey))}>
                {t('requests.export', { n: waiting.length })}
              </Button>
            )
          }
        >
          <ul class="operate-cards">
            {list.value.map((request) => (
              <li key={request.id}>
                <RequestCard office={office} request={request} face={face.value} onDecided={() => void list.reload()} />
              </li>
            ))}
          </ul>
        </Section>
      )}
      <Section title={t('requests.signing')}>
        <p>{t('requests.signing.lead')}</p>
        <Proposals office={office} kinds={['revocation', 're-issue']} onSigned={() => void list.reload()} />
      </Section>
    </OperatePage>
  );
}

function RequestCard({ office, request, face, onDecided }: { office: Office; request: Request; face: Face | null; onDecided: () => void }): JSX.Element {
  const t = useText(texts);
  const format = useFormat();
  const own = request.requested_by === office.account.staff_id;
  const who = (staff: number, login: string): string => (staff === office.account.staff_id ? t('me') : login);
  const open = request.state === 'open';
  // The server decides by the same rules: another person accepts, the same may withdraw.
  const accepts = open && request.kind === 'contact' && office.may('approve-elections');
  const refuses = open && (office.may('approve-elections') || (own && office.may('manage-roll')));
  const next = face === null ? null : command(request, `${location.origin}${face.board}`, face.vkey);
  return (
    <article class="card stack" aria-labelledby={`request-${String(request.id)}`}>
      <div class="row row-apart">
        <h3 id={`request-${String(request.id)}`}>{t('request.title', { n: request.id, kind: t(`request.kind.${request.kind}`) })}</h3>
        <Badge kind={KIND[request.state]}>{t(`request.state.${request.state}`)}</Badge>
      </div>
      <p>
        <strong>
          {request.voter_id} · {request.name}
        </strong>
        {typeof request.contact === 'string' && <span class="operate-block">{t('request.to', { contact: request.contact })}</span>}
      </p>
      <p>{request.reason}</p>
      <p class="soft small">
        {t('request.by', { who: who(request.requested_by, request.requested_by_login), when: format.dateTime(request.requested_at) })}
        {typeof request.decided_by === 'number' && typeof request.decided_by_login === 'string' && typeof request.decided_at === 'string' && <span class="operate-block">{t('request.decided', { who: who(request.decided_by, request.decided_by_login), when: format.dateTime(request.decided_at) })}</span>}
      </p>
      {request.kind === 'reissue' && request.state !== 'refused' && <Way request={request} />}
      {next !== null && (
        <Disclosure summary={t('request.command')}>
          <p class="small">{t(request.state === 'open' ? 'request.command.revoke' : 'request.command.reissue')}</p>
          <pre class="operate-command">{next}</pre>
          <div class="row">
            <CopyButton text={next} />
          </div>
        </Disclosure>
      )}
      {(accepts || refuses) && (
        <div class="row">
          {accepts && (own ? <p class="soft small">{t('request.own')}</p> : <Decide office={office} request={request} accept onDecided={onDecided} />)}
          {refuses && <Decide office={office} request={request} accept={false} onDecided={onDecided} />}
        </div>
      )}
    </article>
  );
}

/** How far a re-issue is, step by step. */
function Way({ request }: { request: Request }): JSX.Element {
  const t = useText(texts);
  const at = WAY.findIndex((state) => state === request.state);
  return (
    <ol class="operate-way">
      {WAY.map((state, place) => (
        <li key={state} class={place <= at ? 'operate-way-done' : undefined} aria-current={place === at ? 'step' : undefined}>
          {t(`request.way.${state}`)}
          {place <= at && <span class="visually-hidden"> ({t('steps.done')})</span>}
        </li>
      ))}
    </ol>
  );
}

function Decide({ office, request, accept, onDecided }: { office: Office; request: Request; accept: boolean; onDecided: () => void }): JSX.Element {
  const t = useText(texts);
  const [asking, setAsking] = useState(false);
  const act = useAct();
  const own = request.requested_by === office.account.staff_id;
  const label = accept ? t('request.accept') : own ? t('request.withdraw') : t('request.refuse');
  const decide = (): void =>
    void act.run(async () => {
      await data(api.POST(`${E}/roll-requests/{id}/decision`, { params: { path: { ...office.path, id: request.id } }, body: { accept } }));
      setAsking(false);
      toast(t(accept ? 'request.accepted' : 'request.refused', { n: request.id }));
      onDecided();
    });
  return (
    <>
      <Button kind={accept ? 'primary' : 'secondary'} size="small" onClick={() => setAsking(true)}>
        {label}
      </Button>
      <Dialog
        open={asking}
        title={label}
        onClose={() => setAsking(false)}
        actions={
          <>
            <Button kind="primary" busy={act.busy} onClick={decide}>
              {label}
            </Button>
            <Button kind="quiet" onClick={() => setAsking(false)}>
              {t('cancel')}
            </Button>
          </>
        }
      >
        <p>
          <strong>
            {request.voter_id} · {request.name}
          </strong>
        </p>
        <p>{accept ? t('request.accept.body', { contact: request.contact ?? '' }) : t('request.refuse.body')}</p>
        <Trouble error={act.error} />
      </Dialog>
    </>
  );
}

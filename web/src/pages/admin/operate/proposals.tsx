import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { data } from '../../../api/client';
import { adminOperate as texts } from '../../../i18n/admin-operate';
import { useText } from '../../../i18n';
import { Button } from '../../../ui/button';
import { Dialog } from '../../../ui/dialog';
import { Table } from '../../../ui/table';
import { Badge } from '../../../ui/timeline';
import { toast } from '../../../ui/toast';
import { api } from '../session';
import { useAct, useLoad } from './core/load';
import { E, type Office, type Schemas } from './core/office';
import { sayReason } from './core/reasons';
import { Trouble } from './trouble';

type Proposal = Schemas['ProposalView'];

/** Entry types of docs/protocol.cddl that several roles sign. */
const NAMES = { 12: 'roll-chunk', 13: 'roll-sealed', 14: 'revocation', 15: 're-issue' } as const;
type Kind = (typeof NAMES)[keyof typeof NAMES];

const kindOf = ({ type }: Proposal): Kind | null => (type in NAMES ? NAMES[type as keyof typeof NAMES] : null);

const COMMISSION = 'commission';

/** Milliseconds between two looks. */
const PACE = 5_000;

/** Entries that the authority has signed offline and that wait for others, the commission last. */
export function Proposals({ office, kinds, onSigned }: { office: Office; kinds: readonly Kind[]; onSigned: () => void }): JSX.Element {
  const t = useText(texts);
  const { path } = office;
  const list = useLoad(() => data(api.GET(`${E}/proposals`, { params: { path } })), [path.tenant, path.election], PACE);
  const [chosen, setChosen] = useState<Proposal | null>(null);
  const act = useAct();
  const shown = (list.value ?? []).filter((proposal) => {
    const kind = kindOf(proposal);
    return kind !== null && kinds.includes(kind);
  });
  const name = (proposal: Proposal): string => {
    const kind = kindOf(proposal);
    return kind === null ? '' : t(`proposal.${kind}`);
  };
  const role = (missing: string): string => {
    if (missing === COMMISSION) return t('proposal.commission');
    return t('proposal.authority', { which: /\d+/.exec(missing)?.[0] ?? '' });
  };
  const sign = (proposal: Proposal): void =>
    void act.run(async () => {
      await data(api.POST(`${E}/proposals/{id}/approve`, { params: { path: { ...path, id: proposal.id } } }));
      setChosen(null);
      toast(t('proposal.signed', { name: name(proposal) }));
      await list.reload();
      onSigned();
    });
  return (
    <>
      <Trouble error={list.error} onAgain={() => void list.reload()} />
      <Table
        caption={t('proposal.caption')}
        captionHidden
        rows={shown}
        rowKey={({ id }) => id}
        empty={t('proposal.none')}
        columns={[
          {
            key: 'what',
            header: t('proposal.what'),
            cell: (proposal) => (
              <>
                {name(proposal)} <span class="soft small operate-block">{sayReason(t, proposal.summary)}</span>
              </>
            ),
            rowHeader: true,
          },
          { key: 'missing', header: t('proposal.missing'), cell: ({ missing, index }) => (index === null || index === undefined ? missing.map(role).join(', ') : <Badge kind="success">{t('proposal.entry', { index })}</Badge>) },
          {
            key: 'act',
            header: t('act'),
            cell: (proposal) =>
              proposal.index === null || proposal.index === undefined ? (
                office.may('run-elections') && proposal.missing.length === 1 && proposal.missing[0] === COMMISSION ? (
                  <Button size="small" onClick={() => setChosen(proposal)}>
                    {t('proposal.sign')}
                  </Button>
                ) : (
                  <span class="soft small">{t('proposal.wait')}</span>
                )
              ) : (
                <span class="soft small">{t('proposal.done')}</span>
              ),
          },
        ]}
      />
      <Dialog
        open={chosen !== null}
        title={t('proposal.dialog')}
        onClose={() => setChosen(null)}
        actions={
          <>
            <Button kind="primary" busy={act.busy} onClick={() => chosen && sign(chosen)}>
              {t('proposal.sign')}
            </Button>
            <Button kind="quiet" onClick={() => setChosen(null)}>
              {t('cancel')}
            </Button>
          </>
        }
      >
        {chosen && (
          <>
            <p>
              <strong>{name(chosen)}</strong>
            </p>
            <p class="soft small">{sayReason(t, chosen.summary)}</p>
            <p>{t('proposal.dialog.body')}</p>
            <Trouble error={act.error} />
          </>
        )}
      </Dialog>
    </>
  );
}

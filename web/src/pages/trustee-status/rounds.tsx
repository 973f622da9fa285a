import type { JSX } from 'preact';
import { trusteeStatus as texts } from '../../i18n/trustee-status';
import { useFormat, useText } from '../../i18n';
import { Icon } from '../../ui/icon';
import { type Column, Table } from '../../ui/table';
import { Badge } from '../../ui/timeline';
import './rounds.css';

/** What each trustee does, in order. */
export const ROUNDS = ['commitment', 'opening', 'shares', 'confirmation', 'drill', 'decryption'] as const;
export type Round = (typeof ROUNDS)[number];

/** A round that was done; the entry and the server's time of it where they are known. */
export interface Done {
  index?: number | undefined;
  at?: string | null | undefined;
  /** Some of the entries only. */
  part?: boolean;
}

export interface TrusteeRounds {
  number: number;
  name: string;
  you?: boolean;
  /** Whose turn it is in which round. */
  due: Round | null;
  done: Readonly<Partial<Record<Round, Done | null>>>;
}

/** Trustees and rounds: who has done what, and whose turn it is. */
export function Rounds({ trustees }: { trustees: readonly TrusteeRounds[] }): JSX.Element {
  const t = useText(texts);
  const columns: Column<TrusteeRounds>[] = [
    {
      key: 'trustee',
      header: t('rounds.trustee'),
      rowHeader: true,
      cell: ({ number, name, you }) => (
        <span class="rounds-name">
          <span>
            {number}. {name}
          </span>
          {you === true && <Badge>{t('rounds.you')}</Badge>}
        </span>
      ),
    },
    ...ROUNDS.map((round) => ({ key: round, header: t(`rounds.${round}`), cell: (row: TrusteeRounds) => <Cell done={row.done[round] ?? null} due={row.due === round} /> })),
  ];
  return (
    <div class="rounds">
      <Table caption={t('rounds')} captionHidden columns={columns} rows={trustees} rowKey={(row) => row.number} />
    </div>
  );
}

function Cell({ done, due }: { done: Done | null; due: boolean }): JSX.Element {
  const t = useText(texts);
  const format = useFormat();
  if (done === null) return due ? <Badge kind="warning">{t('rounds.due')}</Badge> : <span class="soft">{t('rounds.not-yet')}</span>;
  return (
    <span class={done.part === true ? 'rounds-part' : 'rounds-done'}>
      <span class="rounds-word">
        <Icon name={done.part === true ? 'clock' : 'check'} />
        {done.part === true ? t('rounds.part') : t('rounds.done')}
      </span>
      {done.index !== undefined && <span class="soft small numeric">{t('rounds.entry', { n: done.index })}</span>}
      {typeof done.at === 'string' && (
        <time class="soft small numeric" dateTime={done.at}>
          {format.dateTime(done.at)}
        </time>
      )}
    </span>
  );
}

import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { trustee as texts } from '../../i18n/trustee';
import { useFormat, usePick, useText } from '../../i18n';
import { JobNotice } from '../../local/parts';
import type { ContestSums, DecryptionView, GroupView } from '../../local/messages';
import { Button } from '../../ui/button';
import { Checkbox } from '../../ui/choice-list';
import { Hash } from '../../ui/hash';
import { Notice } from '../../ui/notice';
import { Stat, Stats } from '../../ui/stat';
import { type Column, Table } from '../../ui/table';
import type { ScreenProps } from './page';

/** Before the question: the board is verified and added up, or the reason why nothing is decrypted. */
export function Decrypt({ state: { view, job }, desk, busy }: ScreenProps): JSX.Element {
  const t = useText(texts);
  const number = view.board?.election?.number ?? null;
  const done = view.ceremony?.trustees.some((one) => one.number === number && one.decryption) === true;
  return (
    <>
      {done && (
        <Notice kind="success" live="status" title={t('decrypt.done')}>
          <p>{t('decrypt.done.body')}</p>
        </Notice>
      )}
      <JobNotice
        job={job}
        actions={['decrypt', 'follow']}
        refused={({ code }) =>
          code === 'excluded' && (
            <div class="row">
              <Button kind="danger" size="small" busy={busy} onClick={() => void desk.begin({ kind: 'decrypt', accept_excluded: true })}>
                {t('decrypt.accept')}
              </Button>
            </div>
          )
        }
      />
      <div class="row">
        {!done && (
          <Button kind="primary" busy={busy} onClick={() => void desk.begin({ kind: 'decrypt', accept_excluded: false })}>
            {t('decrypt.start')}
          </Button>
        )}
        <Button busy={busy} onClick={() => void desk.begin({ kind: 'follow' })}>
          {t('refresh')}
        </Button>
      </div>
    </>
  );
}

/** What would be decrypted, computed by the trustee's own program, and the question. */
export function Ask({ state: { view, job }, desk }: ScreenProps): JSX.Element {
  const t = useText(texts);
  const [same, setSame] = useState(false);
  const [answered, setAnswered] = useState(false);
  if (view.decryption === null || job === null) return <></>;
  const { decryption } = view;
  const answer = (yes: boolean): void => {
    setAnswered(true);
    void desk.answer(job.number, yes);
  };
  return (
    <>
      <div class="card stack">
        <Hash value={decryption.root} label={t('decrypt.root')} copy />
      </div>
      <Numbers decryption={decryption} />
      <h2>{t('decrypt.groups')}</h2>
      {decryption.contests.map((contest, number) => (
        <Sums key={number} contest={contest} />
      ))}
      <Notice kind="warning">
        <p>{t('decrypt.forever')}</p>
      </Notice>
      <Checkbox id="same" label={t('decrypt.same')} checked={same} onChange={setSame} />
      <div class="row">
        <Button kind="danger" disabled={!same} busy={answered} onClick={() => answer(true)}>
          {t('decrypt.yes')}
        </Button>
        <Button busy={answered} onClick={() => answer(false)}>
          {t('decrypt.no')}
        </Button>
      </div>
    </>
  );
}

function Numbers({ decryption: { size, turnout, gate, excluded } }: { decryption: DecryptionView }): JSX.Element {
  const t = useText(texts);
  const format = useFormat();
  return (
    <Stats>
      <Stat label={t('decrypt.ballots')} value={format.number(turnout.ballots)} />
      <Stat label={t('decrypt.paper')} value={format.number(turnout.paper)} />
      <Stat label={t('decrypt.electorate')} value={format.number(turnout.electorate)} detail={gate === null ? `${t('decrypt.gate')}: ${t('decrypt.gate.none')}` : `${t('decrypt.gate')}: ${t('decrypt.gate.met', { numerator: gate.numerator, denominator: gate.denominator })}`} />
      <Stat label={t('decrypt.size')} value={format.number(size)} />
      <Stat label={t('decrypt.excluded')} value={format.number(excluded)} />
    </Stats>
  );
}

function Sums({ contest }: { contest: ContestSums }): JSX.Element {
  const t = useText(texts);
  const format = useFormat();
  const pick = usePick();
  const columns: Column<GroupView>[] = [
    { key: 'units', header: t('decrypt.units'), rowHeader: true, cell: ({ units }) => format.list(units.map(pick)) },
    { key: 'count', header: t('decrypt.count'), numeric: true, cell: ({ ballots }) => format.number(ballots) },
  ];
  return (
    <div class="stack stack-s">
      <Table caption={`${t('decrypt.contest')}: ${pick(contest.title)} · ${t('decrypt.sums')} ${format.number(contest.sums)}`} columns={columns} rows={contest.groups} rowKey={({ units }) => units.map(({ ko }) => ko).join()} />
      {contest.more > 0 && <p class="small soft">{t('decrypt.more', { n: contest.more })}</p>}
    </div>
  );
}

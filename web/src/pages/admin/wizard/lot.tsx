import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { data } from '../../../api/client';
import { Problem } from '../../../api/problem';
import { adminWizard as texts } from '../../../i18n/admin-wizard';
import { useFormat, useText } from '../../../i18n';
import { Button } from '../../../ui/button';
import { Disclosure } from '../../../ui/disclosure';
import { TextField } from '../../../ui/field';
import { Hash } from '../../../ui/hash';
import { Notice } from '../../../ui/notice';
import { toast } from '../../../ui/toast';
import { useAttempt } from '../attempt';
import { type Lot, useLots } from '../election/draws';
import { useElection, useReload } from '../election/frame';
import { api } from '../session';
import { Trouble } from '../trouble';
import { useEditing } from './edits';

/**
 * The order of options by lot: the server commits itself to a secret, people in the room add something it could not know,
 * and both give the order. Draws are never taken back: approvers see each of them, and everyone once the election is approved. The server takes only the order of the last one.
 */
export function LotDraw({ contest }: { contest: number }): JSX.Element {
  const t = useText(texts);
  const format = useFormat();
  const { tenant, slug } = useElection();
  const reload = useReload();
  const editing = useEditing();
  const [contribution, setContribution] = useState('');
  const [missing, setMissing] = useState(false);
  const attempt = useAttempt();
  const path = { tenant, election: slug };
  const lots = useLots();
  const mine = (lots.value ?? []).filter((lot) => lot.contest === contest);
  const waiting = mine.find((lot) => lot.drawn_at === null || lot.drawn_at === undefined);
  const drawn = mine.filter((lot) => typeof lot.drawn_at === 'string');

  const prepare = (): Promise<boolean> =>
    attempt.run(async () => {
      // The draw is of the options as the server has them.
      await editing.save();
      await data(api.POST('/api/v1/tenants/{tenant}/elections/{election}/lots', { params: { path }, body: { contest } }));
      await lots.load();
    });
  const draw = async (lot: Lot): Promise<void> => {
    const text = contribution.trim();
    setMissing(text === '');
    if (text === '') return;
    await attempt.run(async () => {
      await editing.save();
      await data(api.POST('/api/v1/tenants/{tenant}/elections/{election}/lots/{lot}/draw', { params: { path: { ...path, lot: lot.id } }, body: { contribution: text } }));
      setContribution('');
      await Promise.all([reload(), lots.load()]);
      toast(t('lot.done'));
    });
  };
  const changed = attempt.error instanceof Problem && attempt.error.code === 'options-changed';

  return (
    <Disclosure summary={drawn.length > 0 ? t('lot.summary.drawn') : t('lot.summary')} open={mine.length > 0}>
      <p class="soft">{t('lot.body')}</p>
      {changed ? (
        <Notice kind="warning" live="alert">
          <p>{t('lot.changed')}</p>
        </Notice>
      ) : (
        <Trouble error={attempt.error ?? lots.error} />
      )}
      {drawn.map((lot) => (
        <Notice key={lot.id} kind="success" title={t('lot.drawn', { when: format.dateTime(lot.drawn_at ?? '') })}>
          <ol>
            {(lot.order ?? []).map((old) => (
              <li key={old}>{lot.options[old]}</li>
            ))}
          </ol>
          <p class="small">{t('lot.contributed', { text: lot.contribution ?? '' })}</p>
          <Hash value={lot.commitment} label={t('lot.commitment')} />
        </Notice>
      ))}
      {waiting !== undefined && !changed ? (
        <div class="stack">
          <Hash value={waiting.commitment} label={t('lot.commitment')} copy />
          <p class="soft">{t('lot.commitment.hint')}</p>
          <TextField id={`lot-${String(contest)}`} label={t('lot.contribution')} hint={t('lot.contribution.hint')} value={contribution} onInput={setContribution} maxLength={500} error={missing ? t('lot.contribution.missing') : undefined} />
          <div class="row">
            <Button kind="primary" busy={attempt.busy} onClick={() => void draw(waiting)}>
              {t('lot.draw')}
            </Button>
          </div>
        </div>
      ) : (
        <div class="row">
          <Button busy={attempt.busy} onClick={() => void prepare()}>
            {drawn.length > 0 ? t('lot.prepare.again') : t('lot.prepare')}
          </Button>
        </div>
      )}
    </Disclosure>
  );
}

import type { JSX } from 'preact';
import { booth as texts } from '../../../i18n/booth';
import { useFormat, useText } from '../../../i18n';
import { Button, ButtonLink } from '../../../ui/button';
import { Disclosure } from '../../../ui/disclosure';
import { Hash } from '../../../ui/hash';
import { Notice } from '../../../ui/notice';
import { Qr } from '../../../ui/qr';
import { codeAddress } from '../../check/opening';
import { mayVoteAgain, type Stage, type State } from '../core/machine';
import { Screen } from '../frame';
import { saveFile } from '../hooks';
import { useBilingual } from '../texts';
import { plain } from './submit';

/** The proof that the vote is on the board, verified before this is shown. Never the choice. */
export function ReceiptStep({ state, stage, home }: { state: State; stage: Extract<Stage, { at: 'recorded' }>; home: string }): JSX.Element {
  const t = useText(texts);
  const format = useFormat();
  const bilingual = useBilingual();
  const { ballot } = stage;
  const code = plain(ballot.full_code);
  const address = codeAddress(`${location.origin}${home}`, state.election?.hash ?? '', code);
  const title = state.election === null ? '' : bilingual(state.election.manifest.title).main;
  return (
    <Screen state={state} step="recorded" title={t('receipt.title')} lead={t('receipt.lead', { n: ballot.index })}>
      <section class="card booth-receipt">
        <div class="booth-receipt-head">
          <h2>{t('receipt.card')}</h2>
          <p class="soft">{title}</p>
        </div>
        <Qr data={address} label={t('receipt.qr')} />
        <div class="stack">
          <Hash value={code.slice(0, 26)} label={t('receipt.code')} large />
          <p class="soft small">{t('receipt.qr.body')}</p>
          <dl class="booth-facts">
            <div>
              <dt>{t('receipt.index')}</dt>
              <dd class="numeric">{format.number(ballot.index)}</dd>
            </div>
            <div>
              <dt>{t('receipt.witnesses')}</dt>
              <dd>{ballot.cosigned_by.length === 0 ? t('receipt.none') : format.list(ballot.cosigned_by.map(({ name }) => name))}</dd>
            </div>
          </dl>
        </div>
      </section>
      {state.again && (
        <Notice kind="success">
          <p>{t('receipt.replaced')}</p>
        </Notice>
      )}
      <Notice kind="info">
        <p>{t('receipt.secret')}</p>
      </Notice>
      <div class="row no-print">
        <Button kind="primary" icon="download" onClick={() => saveFile(`hanpyo-receipt-${code.slice(0, 8)}.txt`, stage.receipt, 'text/plain')}>
          {t('receipt.save')}
        </Button>
        <Button icon="print" onClick={() => print()}>
          {t('receipt.print')}
        </Button>
        <ButtonLink kind="quiet" to={address.slice(location.origin.length)}>
          {t('receipt.check')}
        </ButtonLink>
      </div>
      {mayVoteAgain(state) && <p>{t('receipt.again')}</p>}
      <div class="no-print">
        <Disclosure summary={t('receipt.root')}>
          <code>{ballot.root}</code>
        </Disclosure>
      </div>
      <p class="no-print">
        <strong>{t('receipt.done')}</strong>
      </p>
    </Screen>
  );
}

import type { JSX } from 'preact';
import { observer as texts } from '../../i18n/observer';
import { useFormat, useLanguage, useText } from '../../i18n';
import { Button, ButtonLink } from '../../ui/button';
import { Disclosure } from '../../ui/disclosure';
import { CopyButton, Hash, Words } from '../../ui/hash';
import { saveFile } from '../booth/hooks';
import { rootHex } from './core/note';
import type { Watched } from './core/watch';

/** What the log signed last, to be compared with others. */
export function CheckpointCard({ shown, board }: { shown: Watched['shown']; board: string }): JSX.Element {
  const t = useText(texts);
  const format = useFormat();
  const language = useLanguage();
  return (
    <section class="card stack" aria-labelledby="observer-checkpoint">
      <h2 id="observer-checkpoint">{t('checkpoint')}</h2>
      <p class="soft">{t('checkpoint.lead')}</p>
      {shown === null ? (
        <p>{t('checkpoint.none')}</p>
      ) : (
        <>
          <dl class="observer-facts">
            <div>
              <dt>{t('checkpoint.size')}</dt>
              <dd class="numeric observer-size">{format.number(shown.size)}</dd>
            </div>
            <div>
              <dt>{t('checkpoint.at')}</dt>
              <dd class="numeric">{format.clock(new Date(shown.at))}</dd>
            </div>
          </dl>
          <Hash value={shown.root} groups={[11]} label={t('checkpoint.root')} copy />
          <div class="row">
            {shown.note !== null && <CopyButton text={shown.note} label={t('checkpoint.copy')} />}
            {shown.note !== null && (
              <Button kind="quiet" size="small" icon="download" onClick={() => saveFile(`checkpoint-${String(shown.size)}.txt`, shown.note ?? '', 'text/plain')}>
                {t('checkpoint.save')}
              </Button>
            )}
          </div>
          <Disclosure summary={t('checkpoint.words')}>
            <p class="small">{t('checkpoint.words.lead')}</p>
            <Words words={shown.words[language]} label={t('checkpoint.words')} />
          </Disclosure>
          <Disclosure summary={t('checkpoint.note')}>
            <Hash value={rootHex(shown.root)} label={t('checkpoint.hex')} copy />
            <pre class="observer-pre">{shown.note}</pre>
            <div class="row">
              <ButtonLink kind="quiet" size="small" icon="external" to={`${board}checkpoint`} target="_blank">
                {t('checkpoint')}
              </ButtonLink>
            </div>
          </Disclosure>
        </>
      )}
    </section>
  );
}

import type { JSX } from 'preact';
import { toHex } from '../../app/hex';
import { observer as texts } from '../../i18n/observer';
import { useText } from '../../i18n';
import { Hash } from '../../ui/hash';
import { Notice } from '../../ui/notice';

/** Which election the record is of, to be compared with what is printed. */
export function Fingerprint({ hash, server }: { hash: Uint8Array; server: string }): JSX.Element {
  const t = useText(texts);
  const found = toHex(hash);
  return (
    <section class="card stack" aria-labelledby="observer-fingerprint">
      <h2 id="observer-fingerprint">{t('fingerprint')}</h2>
      <p class="soft">{t('fingerprint.lead')}</p>
      <Hash value={found} label={t('fingerprint')} copy />
      {found !== server && (
        <Notice kind="danger" live="alert" title={t('fingerprint.other')}>
          <p>{t('fingerprint.other.body')}</p>
          <Hash value={server} label={t('fingerprint')} />
        </Notice>
      )}
    </section>
  );
}

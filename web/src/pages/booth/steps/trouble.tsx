import type { JSX } from 'preact';
import { booth as texts } from '../../../i18n/booth';
import { useText } from '../../../i18n';
import { Notice } from '../../../ui/notice';
import type { Trouble } from '../core/machine';

/** What went wrong with the last action, where no single field is to blame. */
export function TroubleNotice({ trouble }: { trouble: Trouble | null }): JSX.Element | null {
  const t = useText(texts);
  switch (trouble?.kind) {
    case 'busy':
      return (
        <Notice kind="warning" live="alert">
          <p>{t('trouble.busy', { n: trouble.seconds })}</p>
        </Notice>
      );
    case 'unreachable':
      return (
        <Notice kind="warning" live="alert">
          <p>{t('trouble.unreachable')}</p>
        </Notice>
      );
    case 'crashed':
      return (
        <Notice kind="warning" live="alert">
          <p>{t('trouble.crashed')}</p>
        </Notice>
      );
    case 'failed':
      return (
        <Notice kind="danger" live="alert" title={t('trouble.failed')}>
          <p>
            <code>{trouble.detail}</code>
          </p>
        </Notice>
      );
    default:
      return null;
  }
}

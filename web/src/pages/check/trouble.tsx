import type { JSX } from 'preact';
import { check as texts } from '../../i18n/check';
import { useText } from '../../i18n';
import { Notice } from '../../ui/notice';
import type { Trouble } from './checker';

/** Why there is no answer: an alarm where it is one. */
export function CheckTrouble({ trouble }: { trouble: Trouble }): JSX.Element {
  const t = useText(texts);
  switch (trouble.kind) {
    case 'busy':
      return (
        <Notice kind="warning" live="alert">
          <p>{t('trouble.busy', { n: trouble.seconds })}</p>
        </Notice>
      );
    case 'bad-record':
    case 'bad-receipt':
    case 'mismatch':
      return (
        <Notice kind="danger" live="alert" title={t(`alarm.${trouble.kind}.title`)}>
          <p>{t(`alarm.${trouble.kind}.body`)}</p>
          <p>
            <code>{trouble.detail}</code>
          </p>
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
    case 'other-election':
      return (
        <Notice kind="danger" live="alert" title={t('trouble.other-election.title')}>
          <p>{t('trouble.other-election')}</p>
        </Notice>
      );
    default:
      return (
        <Notice kind="warning" live="alert">
          <p>{t(`trouble.${trouble.kind}`)}</p>
        </Notice>
      );
  }
}

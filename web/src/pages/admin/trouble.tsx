import type { JSX } from 'preact';
import { adminSetup as texts } from '../../i18n/admin-setup';
import { useFormat, useText } from '../../i18n';
import { type ApiError, NoAnswer, Problem } from '../../api/problem';
import { Button } from '../../ui/button';
import { Notice } from '../../ui/notice';

/** An error in words. What the server says of its own is English and stands behind them, for whoever helps. */
export function useTrouble(): (error: ApiError) => string {
  const t = useText(texts);
  const format = useFormat();
  return (error) => {
    if (error instanceof NoAnswer) return t('trouble.no-answer');
    if (!(error instanceof Problem)) return t('trouble.strange');
    if (error.status === 429 && error.retryAfter !== null) return t('trouble.wait', { time: format.duration(error.retryAfter) });
    switch (error.code) {
      case 'forbidden':
        return t('trouble.forbidden');
      case 'not-found':
        return t('trouble.not-found');
      case 'stale-version':
        return t('trouble.stale');
      case 'last-administrator':
        return t('trouble.last-administrator');
      case 'wrong-state':
        return t('trouble.wrong-state');
      case 'two-persons':
        return t('trouble.two-persons');
      default:
        return t('trouble.other', { code: error.code, detail: error.message });
    }
  };
}

/** What went wrong, with another try if there is one; nothing without an error. */
export function Trouble({ error, again }: { error: ApiError | null; again?: (() => void) | undefined }): JSX.Element | null {
  const t = useText(texts);
  const say = useTrouble();
  if (error === null) return null;
  return (
    <Notice kind="danger" live="alert" title={t('trouble.title')}>
      <p>{say(error)}</p>
      {again && (
        <div class="row">
          <Button size="small" onClick={again}>
            {t('trouble.again')}
          </Button>
        </div>
      )}
    </Notice>
  );
}

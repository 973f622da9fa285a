import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { booth as texts } from '../../i18n/booth';
import { useFormat, useText } from '../../i18n';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Notice } from '../../ui/notice';
import { announce } from '../../ui/toast';
import type { Session } from './core/machine';
import type { Booth } from './core/run';
import { useEverySecond } from './hooks';

/** Seconds before the end at which the voter is asked (WCAG 2.2.1 wants at least 20). */
const WARN = 120;
/** A voter who is doing something is given more time silently when less than this is left, in seconds. */
const RENEW = 600;
/** Seconds between two silent extensions. */
const PACE = 60;

/**
 * No surprising end of the session: it is extended while its voter types or points, and asked about before it ends.
 * Ends it by the server's clock.
 */
export function SessionWatch({ booth, session }: { booth: Booth; session: Session }): JSX.Element | null {
  const t = useText(texts);
  const format = useFormat();
  const left = useEverySecond(() => session.expires - booth.now());
  const renewed = useRef(-PACE * 1000);
  const over = left <= 0;
  useEffect(() => {
    if (over) booth.dispatch({ event: 'session-over' });
  }, [over, booth]);
  useEffect(() => {
    const busy = (): void => {
      const rest = session.expires - booth.now();
      if (rest > RENEW || rest <= WARN || performance.now() - renewed.current < PACE * 1000) return;
      renewed.current = performance.now();
      void booth.extend();
    };
    addEventListener('pointerdown', busy);
    addEventListener('keydown', busy);
    return () => {
      removeEventListener('pointerdown', busy);
      removeEventListener('keydown', busy);
    };
  }, [booth, session]);
  const [failed, setFailed] = useState<'limit' | 'unanswered' | null>(null);
  const [aside, setAside] = useState(false);
  const warn = left <= WARN && !over;
  useEffect(() => {
    if (warn) return;
    setFailed(null);
    setAside(false);
  }, [warn]);
  const extend = async (): Promise<void> => {
    const outcome = await booth.extend();
    setFailed(outcome === 'more' ? null : outcome);
    if (outcome === 'more') announce(t('session.extended'));
  };
  const body = <p>{t('session.body', { left: format.duration(left) })}</p>;
  const why = failed !== null && <p>{t(`session.${failed}`)}</p>;
  const more = (
    <Button kind="primary" onClick={() => void extend()}>
      {t('session.extend')}
    </Button>
  );
  // Who cannot have more time is not kept from the ballot in what is left of it.
  if (aside && warn)
    return (
      <div class="page">
        <Notice kind="warning" title={t('session.title')}>
          {body}
          {why}
          {more}
        </Notice>
      </div>
    );
  return (
    <Dialog
      open={warn}
      title={t('session.title')}
      onClose={() => (failed === null ? void extend() : setAside(true))}
      actions={
        <>
          {more}
          {failed !== null && <Button onClick={() => setAside(true)}>{t('session.aside')}</Button>}
        </>
      }
    >
      {body}
      {why !== false && (
        <Notice kind="warning" live="alert">
          {why}
        </Notice>
      )}
    </Dialog>
  );
}

import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { booth as texts } from '../../i18n/booth';
import { useFormat, useText } from '../../i18n';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
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
  const extend = async (): Promise<void> => {
    await booth.extend();
    announce(t('session.extended'));
  };
  return (
    <Dialog
      open={left <= WARN && !over}
      title={t('session.title')}
      onClose={() => void extend()}
      actions={
        <Button kind="primary" onClick={() => void extend()}>
          {t('session.extend')}
        </Button>
      }
    >
      <p>{t('session.body', { left: format.duration(left) })}</p>
    </Dialog>
  );
}

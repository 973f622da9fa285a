import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { keepHere } from '../../app/router';
import { booth as texts } from '../../i18n/booth';
import { useText } from '../../i18n';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { lossOf } from './core/leaving';
import type { State } from './core/machine';

/** Asks before the voter leaves with marks that would be lost, or while a ballot is on its way. */
export function Leaving({ state }: { state: State }): JSX.Element {
  const t = useText(texts);
  const loss = lossOf(state);
  const loses = loss !== null;
  const [leave, setLeave] = useState<(() => void) | null>(null);
  useEffect(() => {
    if (!loses) return;
    const unload = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener('beforeunload', unload);
    const free = keepHere((go) => setLeave(() => go));
    return () => {
      removeEventListener('beforeunload', unload);
      free();
      setLeave(null);
    };
  }, [loses]);
  const stay = (): void => setLeave(null);
  return (
    <Dialog
      open={leave !== null && loses}
      title={t('leave.title')}
      onClose={stay}
      actions={
        <>
          <Button kind="primary" onClick={stay}>
            {t('leave.stay')}
          </Button>
          <Button onClick={() => leave?.()}>{t('leave.go')}</Button>
        </>
      }
    >
      {loss !== null && <p>{t(`leave.${loss}`)}</p>}
    </Dialog>
  );
}

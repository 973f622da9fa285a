/** The election's record as its public page opens it: manifest verified in this browser, figures looked at again and again. */
import { useEffect, useState } from 'preact/hooks';
import { useStore } from '../../../../app/store';
import { startBooth } from '../../../../wasm/booth';
import { Server } from '../../../booth/core/server';
import { ElectionHome, type Loaded } from '../../../home/load';
import type { Office } from './office';

export interface Record {
  loaded: Loaded;
  again: () => void;
}

/** Looks every `pace` milliseconds while the page is seen. */
export function useRecord({ path }: Office, pace: number): Record {
  const { tenant, election } = path;
  const [page] = useState(() => new ElectionHome(new Server(tenant, election), startBooth));
  const loaded = useStore(page.state);
  const ended = loaded.state === 'ready' && ['finished', 'void'].includes(loaded.figures.face.phase);
  useEffect(() => void page.load(), [page]);
  useEffect(() => {
    if (ended) return;
    const look = (): void => {
      if (document.visibilityState === 'visible') void page.refresh();
    };
    const timer = setInterval(look, pace);
    document.addEventListener('visibilitychange', look);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, [page, ended, pace]);
  return { loaded, again: () => void page.load() };
}

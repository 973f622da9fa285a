/** The pages that this server sends now, by the hash of their asset manifest, to be compared with what was announced. */
import { useEffect, useState } from 'preact/hooks';
import { sha256Hex } from './hex';

/** SHA-256 of `/assets.json`, in hex; null if the server sends none or does not answer. */
export async function servedPages(ask: (path: string, init: RequestInit) => Promise<Response> = fetch): Promise<string | null> {
  try {
    const answer = await ask('/assets.json', { cache: 'no-store', credentials: 'omit' });
    return answer.ok ? await sha256Hex(await answer.arrayBuffer()) : null;
  } catch {
    return null;
  }
}

/** The same for a page: undefined until it is known. */
export function useServedPages(): string | null | undefined {
  const [hash, setHash] = useState<string | null>();
  useEffect(() => {
    let left = false;
    void servedPages().then((found) => left || setHash(found));
    return () => {
      left = true;
    };
  }, []);
  return hash;
}

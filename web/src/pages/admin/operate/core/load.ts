/** Loading what a page shows, again and again where it changes, and doing what a button says; both with their errors. */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { type ApiError, isApiError } from '../../../../api/problem';

export interface Loaded<T> {
  /** Null until it was there once; what was there last stays while it is loaded anew or cannot be. */
  value: T | null;
  /** Why the last try failed. */
  error: ApiError | null;
  loading: boolean;
  /** Milliseconds since 1970 of the last answer. */
  at: number | null;
  reload: () => Promise<void>;
}

/** Loads with `load` whenever one of `inputs` changes and, with `pace`, every so many milliseconds while the page is seen. */
export function useLoad<T>(load: () => Promise<T>, inputs: readonly unknown[], pace?: number): Loaded<T> {
  const [state, setState] = useState<Omit<Loaded<T>, 'reload'>>({ value: null, error: null, loading: true, at: null });
  // An answer to an earlier question must not overwrite that to a later one.
  const asked = useRef(0);
  const reload = useCallback(async () => {
    asked.current += 1;
    const mine = asked.current;
    setState((before) => ({ ...before, loading: true }));
    try {
      const value = await load();
      if (mine === asked.current) setState({ value, error: null, loading: false, at: Date.now() });
    } catch (error) {
      if (!isApiError(error)) throw error;
      if (mine === asked.current) setState((before) => ({ ...before, error, loading: false }));
    }
    // The inputs stand for what `load` closes over.
  }, inputs);
  useEffect(() => {
    void reload();
    if (pace === undefined) return;
    const look = (): void => {
      if (document.visibilityState === 'visible') void reload();
    };
    const timer = setInterval(look, pace);
    document.addEventListener('visibilitychange', look);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, [reload, pace]);
  useEffect(() => () => void (asked.current += 1), []);
  return { ...state, reload };
}

export interface Act {
  busy: boolean;
  error: ApiError | null;
  /** Does it unless it is being done; true if it was. */
  run: (deed: () => Promise<void>) => Promise<boolean>;
  clear: () => void;
}

/** One thing at a time, with the error of the last. */
export function useAct(): Act {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const under = useRef(false);
  const run = useCallback(async (deed: () => Promise<void>) => {
    if (under.current) return false;
    under.current = true;
    setBusy(true);
    setError(null);
    try {
      await deed();
      return true;
    } catch (failed) {
      if (!isApiError(failed)) throw failed;
      setError(failed);
      return false;
    } finally {
      under.current = false;
      setBusy(false);
    }
  }, []);
  return { busy, error, run, clear: useCallback(() => setError(null), []) };
}

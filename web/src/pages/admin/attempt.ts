/** Asking the server for something: whether it is under way, and what went wrong. */
import { useCallback, useEffect, useState } from 'preact/hooks';
import { type ApiError, isApiError } from '../../api/problem';

export interface Attempt {
  busy: boolean;
  error: ApiError | null;
  /** Runs `act` unless one runs already; gives whether it went well. Errors that are none of the API are faults and thrown on. */
  run: (act: () => Promise<void>) => Promise<boolean>;
  clear: () => void;
}

export function useAttempt(): Attempt {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const run = useCallback(async (act: () => Promise<void>): Promise<boolean> => {
    setBusy(true);
    setError(null);
    try {
      await act();
      return true;
    } catch (found) {
      if (!isApiError(found)) throw found;
      setError(found);
      return false;
    } finally {
      setBusy(false);
    }
  }, []);
  return { busy, error, run, clear: () => setError(null) };
}

export interface Fetched<T> {
  /** What came last; null before anything has. */
  value: T | null;
  error: ApiError | null;
  busy: boolean;
  load: () => Promise<void>;
  set: (value: T) => void;
}

/** What the server has, asked for when the component appears; `ask` must keep its identity (`useCallback`). */
export function useFetched<T>(ask: () => Promise<T>): Fetched<T> {
  const [value, setValue] = useState<T | null>(null);
  const { busy, error, run } = useAttempt();
  const load = useCallback(async () => {
    await run(async () => {
      const found = await ask();
      setValue(() => found);
    });
  }, [run, ask]);
  useEffect(() => void load(), [load]);
  return { value, error, busy, load, set: (next) => setValue(() => next) };
}

/** What the booth's screens share. */
import { useEffect, useState } from 'preact/hooks';
import { useStore } from '../../app/store';
import type { Booth } from './core/run';
import type { State } from './core/machine';

/** The booth's state; the component renders anew when it changes. */
export const useBooth = (booth: Booth): State => useStore(booth.state);

/** Seconds left of `seconds`, counted down once a second from when `seconds` or `key` last changed. */
export function useCountdown(seconds: number, key: unknown = null): number {
  const [left, setLeft] = useState(seconds);
  useEffect(() => {
    const end = performance.now() + seconds * 1000;
    setLeft(seconds);
    const timer = setInterval(() => setLeft(Math.max(0, Math.ceil((end - performance.now()) / 1000))), 500);
    return () => clearInterval(timer);
  }, [seconds, key]);
  return left;
}

/** Something that changes with time, worked out anew once a second. */
export function useEverySecond<T>(read: () => T): T {
  const [value, setValue] = useState(read);
  useEffect(() => {
    const timer = setInterval(() => setValue(read()), 1000);
    return () => clearInterval(timer);
  });
  return value;
}

/** Whether the device thinks that it has a network. */
export function useOnline(): boolean {
  const [online, setOnline] = useState(navigator.onLine);
  useEffect(() => {
    const change = (): void => setOnline(navigator.onLine);
    addEventListener('online', change);
    addEventListener('offline', change);
    return () => {
      removeEventListener('online', change);
      removeEventListener('offline', change);
    };
  }, []);
  return online;
}

/** Saves bytes or text as a file of this name. */
export function saveFile(name: string, content: Uint8Array | string, type: string): void {
  const url = URL.createObjectURL(new Blob([typeof content === 'string' ? content : new Uint8Array(content)], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // Some browsers read the file after the click.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** A device whose clock is wrong. */
import type { Page } from '@playwright/test';

/** Puts the device's clock ahead (behind, if negative) on every page from now on: `Date.now()`, `new Date()` and `Date()` alike. */
export async function setClockWrong(page: Page, ahead: number): Promise<void> {
  await page.addInitScript((by) => {
    const real = Date;
    const now = (): number => real.now() + by;
    globalThis.Date = new Proxy(real, {
      get: (target, name) => (name === 'now' ? now : (Reflect.get(target, name) as unknown)),
      construct: (target, given, made) => Reflect.construct(target, given.length === 0 ? [now()] : given, made) as object,
      apply: () => new real(now()).toString(),
    });
  }, ahead);
}

export const DAY_MS = 86_400_000;
/** Years behind, as after an empty battery. */
export const YEARS_BEHIND = -20 * 365 * DAY_MS;

/** Settings of the reader and of the window, and what can be checked by measuring. */
import axe, { type AxeResults, type RunOptions } from 'axe-core';
import { expect, type Page } from '@playwright/test';
import type { Language } from '../../src/i18n/catalogue';

export const LOOKS = ['light', 'dark', 'contrast'] as const;
export type Look = (typeof LOOKS)[number];

/** Sets language and theme as the display menu does, before or after a page is open. */
export async function setLook(page: Page, { language = 'ko', theme = 'light', textSize = 2 }: { language?: Language; theme?: Look | 'system'; textSize?: number }): Promise<void> {
  const kept = JSON.stringify({ language, theme, textSize });
  await page.addInitScript((value) => localStorage.setItem('hanpyo.settings', value), kept);
  if (page.url().startsWith('http')) {
    await page.evaluate((value) => localStorage.setItem('hanpyo.settings', value), kept);
    await page.reload();
  }
}

const RULES: RunOptions = { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'] };

/**
 * Fails on any violation that axe finds on the page as it is, contrast included.
 * It runs in the page itself, which has no frames, and is put there once a document: reading it takes longer than its run.
 */
export async function expectAccessible(page: Page, what = page.url()): Promise<void> {
  if (await page.evaluate(() => !('axe' in globalThis))) await page.evaluate(axe.source);
  const violations = await page.evaluate(async (rules) => {
    const there = globalThis as unknown as { axe: { run: (options: RunOptions) => Promise<AxeResults> } };
    return (await there.axe.run(rules)).violations;
  }, RULES);
  const told = violations.map(({ id, help, nodes }) => `${id}: ${help}\n${nodes.map((node) => `    ${node.target.join(' ')}: ${node.failureSummary ?? ''}`).join('\n')}`);
  expect(told, `accessibility of ${what}`).toEqual([]);
}

/** Switches the theme of an open page without loading it, for as long as `deed` takes. */
export async function inTheme(page: Page, theme: Look, deed: () => Promise<void>): Promise<void> {
  const set = async (value: string | undefined): Promise<void> => page.evaluate((one) => void (document.documentElement.dataset['theme'] = one), value);
  const before = await page.evaluate(() => document.documentElement.dataset['theme']);
  await set(theme);
  await settle(page);
  await deed();
  await set(before);
}

/** Runs axe on an open page in each theme: light, dark, high contrast. */
export const expectAccessibleInEveryTheme = (page: Page, what = page.url()): Promise<void> => expectAccessibleIn(page, LOOKS, what);

/** The same in some themes. */
export async function expectAccessibleIn(page: Page, looks: readonly Look[], what = page.url()): Promise<void> {
  for (const theme of looks) await inTheme(page, theme, () => expectAccessible(page, `${what} (${theme})`));
}

/** A phone and a desk. */
const WIDTHS = [360, 1280] as const;

/** The page as it stands, narrow and wide, in every theme; nothing is wider than the window. Then it is as it was before. */
export async function expectAccessibleEverywhere(page: Page, what = page.url()): Promise<void> {
  const before = page.viewportSize();
  if (before === null) throw new Error('the page has no viewport to change');
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: before.height });
    await expectReflow(page);
    await expectAccessibleInEveryTheme(page, `${what} at ${String(width)} px`);
  }
  await page.setViewportSize(before);
}

/** Waits until running transitions have ended, so that colours are what they will be. */
export async function settle(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const finite = document.getAnimations().filter((one) => one.effect?.getComputedTiming().iterations !== Infinity);
    await Promise.race([Promise.allSettled(finite.map((one) => one.finished)), new Promise((done) => setTimeout(done, 2000))]);
  });
}

/** Nothing is wider than the window: no scrolling in two directions (WCAG 1.4.10 asks for it at 320 px). */
export async function expectReflow(page: Page): Promise<void> {
  const wide = await page.evaluate(() => {
    const limit = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= limit) return [];
    return [...document.querySelectorAll('body *')].filter((one) => one.getBoundingClientRect().right > limit + 1).map((one) => `${one.tagName}.${one.getAttribute('class') ?? ''} ${String(Math.round(one.getBoundingClientRect().right))}`);
  });
  expect(wide, `wider than the window at ${page.url()}`).toEqual([]);
}

/** Controls are at least 44 px (the rules ask for 48 px of the voter's), text links in a sentence aside. */
export async function expectTargets(page: Page, least = 44): Promise<void> {
  const small = await page.evaluate((limit) => {
    const controls = document.querySelectorAll<HTMLElement>('button, input:not([type=hidden]), select, textarea, .button, label.choice');
    return [...controls]
      .filter((one) => one.checkVisibility({ visibilityProperty: true }))
      .filter((one) => one.getBoundingClientRect().height < limit || one.getBoundingClientRect().width < limit)
      .map((one) => `${one.tagName}.${one.className} ${String(Math.round(one.getBoundingClientRect().width))}x${String(Math.round(one.getBoundingClientRect().height))} ${one.textContent.slice(0, 20)}`);
  }, least);
  expect(small, `too small to touch at ${page.url()}`).toEqual([]);
}

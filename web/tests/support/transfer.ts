/** What a voter's browser loads from the personal link on: files of the pages, compressed by the build. */
import { type Browser, expect, type Page } from '@playwright/test';
import { identify, WORDS } from '../voter-support';
import type { TestElection } from './election';

/** Bytes that the booth may load, from the personal link to the verified receipt. */
export const BOOTH_LIMIT = 150_000;
const w = WORDS.ko;

/** A phone that was never here. */
export async function fresh<T>(browser: Browser, run: (page: Page) => Promise<T>): Promise<T> {
  const context = await browser.newContext({ viewport: { width: 360, height: 800 } });
  try {
    return await run(await context.newPage());
  } finally {
    await context.close();
  }
}

/** Loads, does what is asked, and adds up what was sent. Answers of the API are not files: they grow with the election. */
export async function transfer(browser: Browser, election: TestElection, use: (page: Page) => Promise<void>): Promise<{ bytes: number; wasm: string }> {
  return fresh(browser, async (page) => {
    const files = new Map<string, Promise<number>>();
    page.on('requestfinished', (request) => {
      const { pathname } = new URL(request.url());
      if (pathname.startsWith('/api/') || pathname.startsWith('/board/')) return;
      const size = async (): Promise<number> => {
        const response = await request.response();
        const { 'content-encoding': encoding, 'content-length': length } = (await response?.allHeaders()) ?? {};
        expect([encoding, Number(length) > 0], pathname).toEqual(['br', true]);
        return Number(length);
      };
      if (!files.has(pathname)) files.set(pathname, size());
    });
    await page.goto(election.link(0));
    await use(page);
    const sizes = await Promise.all([...files].map(async ([path, size]) => [path, await size] as const));
    for (const [path, size] of sizes) console.log(`  ${path} ${String(size)}`);
    const [wasm, ...others] = sizes.map(([path]) => path).filter((path) => path.endsWith('.wasm'));
    if (wasm === undefined) throw new Error('the module was not seen');
    expect(others, 'an election needs one module').toEqual([]);
    return { bytes: sizes.reduce((sum, [, size]) => sum + size, 0), wasm };
  });
}

/** From the notice to the receipt that the browser verified. */
export async function voteOnce(page: Page, election: TestElection): Promise<void> {
  await identify(page, election, 0);
  await page.getByRole('radio', { name: w.all }).check({ force: true });
  await page.getByRole('button', { name: w.review }).click();
  await page.getByRole('button', { name: w.right }).click();
  await page.getByRole('button', { name: w.cast }).click();
  await expect(page.getByRole('heading', { level: 1, name: w.recorded })).toBeVisible({ timeout: 60_000 });
}

/** The notice of the election is verified, and voting can be begun. */
export const arrive = (page: Page): Promise<void> => expect(page.getByRole('button', { name: w.begin })).toBeVisible({ timeout: 60_000 });

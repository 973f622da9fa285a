/**
 * What the booth costs a voter, from a real server, of a yes-or-no election unless the name says otherwise:
 *
 * - `booth_transfer_bytes`: every file that is loaded from the personal link to the verified receipt, as compressed
 *   by the build (brotli). Answers of the API are not files: they grow with the election, not with the program.
 * - `booth_transfer_score_bytes`: the same until voting can be begun in an election with a score contest, which needs
 *   the module with range proofs in place of the other.
 * - `booth_encrypt_ms_6x`: encryption and proof of one ballot, processor slowed down sixfold, median.
 * - `booth_interactive_ms_slow4g_6x`: from opening the link until voting can be begun, with the notice of the
 *   election verified; nothing cached, network of "Slow 4G", processor slowed down sixfold, median.
 */
import { type Browser, expect, type Page } from '@playwright/test';
import { resolve } from 'node:path';
import { build } from 'vite';
import { setUpElection, type TestElection } from '../support/election';
import { TENANT } from '../support/server';
import { identify, KINDS, startSite, test, UNITS, WORDS } from '../voter-support';

const SLOWER = 6;
/** "Slow 4G" of Chromium's developer tools: 1.44 Mbit/s down, 0.675 up, 562.5 ms of latency a request. */
const SLOW_4G = { offline: false, latency: 562.5, downloadThroughput: (1.6e6 / 8) * 0.9, uploadThroughput: (750e3 / 8) * 0.9 };
const w = WORDS.ko;

const figure = (name: string, value: number): void => console.log(JSON.stringify({ [name]: Math.round(value * 10) / 10 }).replace(':', ': '));

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
};

async function fresh<T>(browser: Browser, run: (page: Page) => Promise<T>): Promise<T> {
  const context = await browser.newContext({ viewport: { width: 360, height: 800 } });
  try {
    return await run(await context.newPage());
  } finally {
    await context.close();
  }
}

/** Loads, does what is asked, and adds up what was sent. */
async function transfer(browser: Browser, election: TestElection, use: (page: Page) => Promise<void>): Promise<{ bytes: number; wasm: string }> {
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

async function vote(page: Page, election: TestElection): Promise<void> {
  await identify(page, election, 0);
  await page.getByRole('radio', { name: w.all }).check({ force: true });
  await page.getByRole('button', { name: w.review }).click();
  await page.getByRole('button', { name: w.right }).click();
  await page.getByRole('button', { name: w.cast }).click();
  await expect(page.getByRole('heading', { level: 1, name: w.recorded })).toBeVisible({ timeout: 60_000 });
}

const arrive = (page: Page): Promise<void> => expect(page.getByRole('button', { name: w.begin })).toBeVisible({ timeout: 60_000 });

/** The script that measures inside the page. */
async function inPage(): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'warn',
    build: { write: false, target: 'es2022', lib: { entry: resolve(import.meta.dirname, 'in-page.ts'), formats: ['iife'], name: 'bench' } },
  });
  const outputs = (Array.isArray(result) ? result : [result]).flatMap((one) => ('output' in one ? one.output : []));
  const [chunk] = outputs.filter((one) => one.type === 'chunk');
  if (!chunk) throw new Error('nothing was built');
  return chunk.code;
}

async function encryption(browser: Browser, election: TestElection, wasm: string): Promise<number> {
  const script = await inPage();
  return fresh(browser, async (page) => {
    await page.goto(election.home);
    const session = await page.context().newCDPSession(page);
    await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
    await page.evaluate(script);
    const { code, index } = election.letter(1);
    const times = await page.evaluate((setting) => (globalThis as unknown as { encryptTimes: (one: typeof setting) => Promise<number[]> }).encryptTimes(setting), { tenant: TENANT, election: election.slug, wasm, code, index, rounds: 15 });
    return median(times);
  });
}

/** Once; nothing is cached, as every context is new. */
const interactive = (browser: Browser, election: TestElection): Promise<number> =>
  fresh(browser, async (page) => {
    const session = await page.context().newCDPSession(page);
    await session.send('Network.enable');
    await session.send('Network.emulateNetworkConditions', SLOW_4G);
    await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
    const begun = performance.now();
    await page.goto(election.link(2), { waitUntil: 'commit' });
    await arrive(page);
    return performance.now() - begun;
  });

test('what the booth costs', async ({ browser }) => {
  const site = await startSite();
  try {
    const election = await setUpElection(site, { slug: 'bench', voters: 3, units: UNITS });
    const { bytes, wasm } = await transfer(browser, election, (page) => vote(page, election));
    figure('booth_transfer_bytes', bytes);
    const scores = await setUpElection(site, { slug: 'bench-score', voters: 1, units: UNITS, contests: KINDS });
    figure('booth_transfer_score_bytes', (await transfer(browser, scores, arrive)).bytes);
    figure('booth_encrypt_ms_6x', await encryption(browser, election, wasm));
    const loads: number[] = [];
    for (let round = 0; round < 5; round += 1) loads.push(await interactive(browser, election));
    figure('booth_interactive_ms_slow4g_6x', median(loads));
  } finally {
    await site.stop();
  }
});

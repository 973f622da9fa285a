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
import { type Browser, expect } from '@playwright/test';
import { resolve } from 'node:path';
import { build } from 'vite';
import { setUpElection, type TestElection } from '../support/election';
import { TENANT } from '../support/server';
import { arrive, BOOTH_LIMIT, fresh, transfer, voteOnce } from '../support/transfer';
import { KINDS, startSite, test, UNITS } from '../voter-support';

const SLOWER = 6;
/** "Slow 4G" of Chromium's developer tools: 1.44 Mbit/s down, 0.675 up, 562.5 ms of latency a request. */
const SLOW_4G = { offline: false, latency: 562.5, downloadThroughput: (1.6e6 / 8) * 0.9, uploadThroughput: (750e3 / 8) * 0.9 };
/** Milliseconds, with the processor slowed down. */
const ENCRYPT_LIMIT = 100;

const figure = (name: string, value: number): void => console.log(JSON.stringify({ [name]: Math.round(value * 10) / 10 }).replace(':', ': '));

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
};

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
    const { bytes, wasm } = await transfer(browser, election, (page) => voteOnce(page, election));
    figure('booth_transfer_bytes', bytes);
    const scores = await setUpElection(site, { slug: 'bench-score', voters: 1, units: UNITS, contests: KINDS });
    figure('booth_transfer_score_bytes', (await transfer(browser, scores, arrive)).bytes);
    const encrypt = await encryption(browser, election, wasm);
    figure('booth_encrypt_ms_6x', encrypt);
    const loads: number[] = [];
    for (let round = 0; round < 5; round += 1) loads.push(await interactive(browser, election));
    figure('booth_interactive_ms_slow4g_6x', median(loads));
    expect(bytes, 'bytes that the booth loads').toBeLessThanOrEqual(BOOTH_LIMIT);
    expect(encrypt, 'milliseconds to encrypt').toBeLessThanOrEqual(ENCRYPT_LIMIT);
  } finally {
    await site.stop();
  }
});

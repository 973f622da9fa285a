/**
 * Puts four screens of the booth on a phone side by side, for the README: `make strip` after `make screenshots`.
 * Reads target/screenshots/voter/ko-360, writes docs/images/voting.png.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { chromium } from 'playwright-core';

const ROOT = resolve(import.meta.dirname, '../..');
const SCREENS = ['4-choose-one', '5-review', '6-submit', '7-receipt'];
/** Of each screen, in CSS pixels: what a phone shows. */
const [WIDTH, HEIGHT] = [360, 828];
const GAP = 28;

/** @param {string} name */
const image = (name) => `data:image/png;base64,${readFileSync(resolve(ROOT, 'target/screenshots/voter/ko-360', `${name}.png`)).toString('base64')}`;
const phones = SCREENS.map((name) => `<div><img src="${image(name)}" width="${WIDTH}" alt=""></div>`).join('');
const html = `<!doctype html><style>
  body { margin: 0; padding: ${GAP}px; display: flex; gap: ${GAP}px; background: #e6e3dc; }
  div { width: ${WIDTH}px; height: ${HEIGHT}px; overflow: hidden; border-radius: 18px; background: #faf8f4; border: 1px solid #cdc8bd; flex: none; }
  img { display: block; }
</style>${phones}`;

const browser = await chromium.launch({ executablePath: process.env['HANPYO_CHROMIUM'] ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
try {
  const page = await browser.newPage({ viewport: { width: SCREENS.length * (WIDTH + 2 + GAP) + GAP, height: HEIGHT + 2 + 2 * GAP } });
  await page.setContent(html);
  await page.waitForFunction('[...document.images].every((one) => one.complete && one.naturalWidth > 0)');
  const path = resolve(ROOT, 'docs/images/voting.png');
  mkdirSync(resolve(path, '..'), { recursive: true });
  await page.screenshot({ path });
} finally {
  await browser.close();
}

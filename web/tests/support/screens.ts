/** Pictures of pages into target/screenshots, made when `HANPYO_SCREENSHOTS` is set (`make screenshots`). */
import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Page } from '@playwright/test';
import { settle } from './look';

const FOLDER = resolve(import.meta.dirname, '../../../target/screenshots');

/** Takes `<name>.png` of the whole page, `name` with folders if wanted, such as `booth/ko-360-review`. */
export async function picture(page: Page, name: string): Promise<void> {
  if (process.env['HANPYO_SCREENSHOTS'] === undefined) return;
  await settle(page);
  const path = resolve(FOLDER, `${name}.png`);
  mkdirSync(dirname(path), { recursive: true });
  await page.screenshot({ path, fullPage: true, animations: 'disabled' });
}

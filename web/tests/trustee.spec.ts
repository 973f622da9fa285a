/**
 * A trustee's own pages, served by its own program on loopback: pages of other origins, a program that has ended. What the
 * pages ask for, from the secret file to the decryption, is tested over their API in tally/tests/programs.
 */
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { BrowserContext, Page } from '@playwright/test';
import { expect as expectSoon, test } from './support/fixtures';
import { expectAccessibleInEveryTheme, expectReflow } from './support/look';
import { type LocalProgram, startLocal } from './support/local';

/** Opening a secret file is meant to be slow, and a busy machine makes it slower. */
const expect = expectSoon.configure({ timeout: 90_000 });
/** An officer's window: the page of a program on this computer, in a language of its own. */
interface Desk {
  page: Page;
  program: LocalProgram;
}

const closing: (() => Promise<void>)[] = [];
test.afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function openDesk(context: BrowserContext, folder: string, binary: string, language: 'ko' | 'en', ...more: string[]): Promise<Desk> {
  const program = await startLocal(folder, binary, ...more);
  closing.push(program.stop);
  const page = await context.newPage();
  // Before its program ends, so that it does not ask in vain.
  closing.unshift(() => page.close());
  await page.addInitScript((value) => localStorage.setItem('hanpyo.settings', value), JSON.stringify({ language, theme: 'light', textSize: 2 }));
  await page.goto(program.url);
  return { page, program };
}

test('a page of another origin gets nothing from the program', async ({ context, server, expectTrouble }) => {
  // The browser says so for each of them.
  expectTrouble(/blocked by CORS policy|ERR_FAILED|403|net::ERR/);
  const { page: own, program } = await openDesk(context, join(server.folder, 'another-origin'), 'hanpyo-trustee', 'ko');
  await expect(own.locator('h1')).toHaveText('비밀 파일 만들기');
  const token = /#t=(\w+)/.exec(program.url)?.[1] ?? '';
  const base = program.url.split('/#')[0] ?? '';
  const evil = createServer((_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>evil</title><body></body>'));
  await new Promise<void>((done) => evil.listen(0, '127.0.0.1', done));
  closing.push(() => new Promise((done) => evil.close(() => done())));
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${String((evil.address() as AddressInfo).port)}/`);
  // Even with the token, and whatever way is tried.
  const outcomes = await page.evaluate(
    async ([url, bearer]) => {
      const body = JSON.stringify({ kind: 'create', passphrase: 'chosen by somebody else', again: 'chosen by somebody else' });
      const tries: RequestInit[] = [
        { headers: { authorization: `Bearer ${bearer ?? ''}` } },
        { method: 'POST', body, mode: 'no-cors', headers: { 'content-type': 'text/plain' } },
        { method: 'POST', body, headers: { authorization: `Bearer ${bearer ?? ''}`, 'content-type': 'application/json' } },
      ];
      const found: string[] = [];
      for (const one of tries) {
        try {
          const answer = await fetch(`${url ?? ''}/api/${one.method === 'POST' ? 'jobs' : 'state'}`, one);
          found.push(`${answer.type} ${String(answer.status)}`);
        } catch {
          found.push('refused');
        }
      }
      return found;
    },
    [base, token],
  );
  expect(outcomes).toEqual(['refused', 'opaque 0', 'refused']);
  expect(existsSync(join(program.folder, 'secret.age'))).toBe(false);
  await expect(own.locator('h1')).toHaveText('비밀 파일 만들기');
});

test('a page without its token, and a program that has ended, say so', async ({ context, server, expectTrouble }) => {
  expectTrouble(/ERR_CONNECTION_(?:REFUSED|RESET)/);
  const { page, program } = await openDesk(context, join(server.folder, 'ended'), 'hanpyo-trustee', 'ko');
  await expect(page.locator('h1')).toHaveText('비밀 파일 만들기');
  await page.reload();
  await expect(page.locator('h1')).toHaveText('이 주소로는 열 수 없습니다');
  await expectAccessibleInEveryTheme(page);
  await page.setViewportSize({ width: 320, height: 800 });
  await expectReflow(page);
  // The same tab again: only the fragment changes.
  await page.goto(program.url);
  await expect(page.locator('h1')).toHaveText('비밀 파일 만들기');
  await program.stop();
  await expect(page.getByText('프로그램이 응답하지 않습니다')).toBeVisible({ timeout: 15_000 });
  await expect(page.getByRole('button', { name: '비밀 파일 만들기' })).toHaveAttribute('aria-disabled', 'true');
  await expectAccessibleInEveryTheme(page);
});

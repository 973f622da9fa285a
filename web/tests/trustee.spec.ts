/**
 * A trustee's own pages, served by its own program on loopback: secret file, preflight, ceremony; pages of other origins;
 * a program that has ended. What follows the ceremony, and the authority's pages, are tested over their API in
 * tally/tests/programs.
 */
import { chmodSync, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { BrowserContext, Page } from '@playwright/test';
import { announceElection, officerKey, type TestElection } from './support/election';
import { expect as expectSoon, test } from './support/fixtures';
import { expectAccessibleInEveryTheme, expectReflow, expectTargets } from './support/look';
import { type LocalProgram, startLocal } from './support/local';
import { picture } from './support/screens';

/** Opening a secret file is meant to be slow, and a busy machine makes it slower. */
const expect = expectSoon.configure({ timeout: 90_000 });
const PASSPHRASE = 'passphrase of an officer';

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

/** Makes the secret file and opens it again with its passphrase; gives the public key. */
async function makeFile({ page, program }: Desk, look?: string): Promise<string> {
  const ko = (await page.locator('html').getAttribute('lang')) === 'ko';
  await expect(page.locator('h1')).toHaveText(ko ? '비밀 파일 만들기' : 'Make the secret file');
  // The token is in the page's memory only.
  expect(page.url()).not.toContain('t=');
  await page.locator('#passphrase').fill('short');
  await page.locator('#again').fill('short');
  await page.getByRole('button', { name: ko ? '비밀 파일 만들기' : 'Make the secret file' }).click();
  await expect(page.getByRole('alert')).toContainText(ko ? '12자 이상' : 'at least 12 characters');
  if (look !== undefined) await inspect(page, `${look}-file`);
  await page.locator('#passphrase').fill(PASSPHRASE);
  await page.locator('#again').fill(PASSPHRASE);
  await page.getByRole('button', { name: ko ? '비밀 파일 만들기' : 'Make the secret file' }).click();
  await reopen({ page, program });
  const secret = join(program.folder, 'secret.age');
  expect(statSync(secret).mode & 0o777).toBe(0o600);
  const key = (await page.locator('.hash-value').first().innerText()).replace(/[^0-9a-f]/g, '');
  expect(key).toHaveLength(64);
  return key;
}

/** The forced re-open test. */
async function reopen({ page }: Desk): Promise<void> {
  const ko = (await page.locator('html').getAttribute('lang')) === 'ko';
  await expect(page.locator('h1')).toHaveText(ko ? '다시 열어 보기' : 'Open it again');
  await page.locator('#passphrase').fill('not the passphrase');
  await page.getByRole('button', { name: ko ? '열기' : 'Open', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText(ko ? '암호문이 맞지 않습니다' : 'The passphrase is wrong');
  await page.locator('#passphrase').fill(PASSPHRASE);
  await page.getByRole('button', { name: ko ? '열기' : 'Open', exact: true }).click();
  await expect(page.locator('#passphrase')).toBeHidden();
}

/** Reads the board and agrees to the fingerprint. */
async function connect({ page }: Desk, election: TestElection): Promise<void> {
  const ko = (await page.locator('html').getAttribute('lang')) === 'ko';
  await page.locator('#board').fill(election.board);
  await page.locator('#vkey').fill(election.vkey);
  await page.getByRole('button', { name: ko ? '게시판 읽고 점검하기' : 'Read the board and check everything' }).click();
}

async function agree(page: Page): Promise<void> {
  const ko = (await page.locator('html').getAttribute('lang')) === 'ko';
  const go = page.getByRole('button', { name: ko ? '다음으로' : 'Go on', exact: true });
  await expect(go).toHaveAttribute('aria-disabled', 'true');
  await page.getByText(ko ? '지문이 공고와 같음을 확인했습니다' : 'The fingerprint is the one that was announced').click();
  await go.click();
}

/** Axe in every theme, two widths, and a picture. */
async function inspect(page: Page, name: string): Promise<void> {
  await expectAccessibleInEveryTheme(page, name);
  const size = page.viewportSize();
  await picture(page, `local/${name}-1280`);
  for (const width of [360, 320]) {
    await page.setViewportSize({ width, height: 800 });
    await expectReflow(page);
    if (width === 360) {
      await expectTargets(page, 40);
      await picture(page, `local/${name}-360`);
    }
  }
  if (size !== null) await page.setViewportSize(size);
}

test('a trustee makes its file, opens it again, and is stopped by the preflight until everything is well', async ({ context, server }) => {
  test.setTimeout(600_000);
  const slug = 'own-pages';
  const folder = join(server.folder, slug);
  const desk = await openDesk(context, join(folder, 'trustee1'), 'hanpyo-trustee', 'en');
  const { page } = desk;
  const key = await makeFile(desk, 'trustee-en');
  const others = await Promise.all(['trustee2', 'trustee3'].map((name) => officerKey(server, slug, name, 'hanpyo-trustee')));
  const [authority, tally] = await Promise.all([officerKey(server, slug, 'authority', 'hanpyo-authority'), officerKey(server, slug, 'tally', 'hanpyo-tally')]);
  const election = await announceElection(server, { slug, voters: 0, opensIn: 3600, closesIn: 86_400 }, { authority, tally, trustees: [key, ...others] });

  await connect(desk, election);
  // The folder may be written by others: mended, then looked at again.
  chmodSync(join(folder, 'trustee1'), 0o777);
  await page.getByRole('button', { name: 'Look again' }).click();
  await expect(page.getByText('Others on this computer can read or change it (0777)')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Go on', exact: true })).toBeHidden();
  chmodSync(join(folder, 'trustee1'), 0o700);
  await page.getByRole('button', { name: 'Look again' }).click();
  await expect(page.getByRole('row', { name: /Clock/ })).toContainText('good');
  await expect(page.getByText('Trustee 1 of 3; 2 are needed to decrypt')).toBeVisible();
  await expect(page.locator('.words li')).toHaveCount(16);
  await inspect(page, 'trustee-en-preflight');
  await agree(page);

  await page.getByRole('button', { name: 'Take part' }).click();
  await expect(page.getByText('Waiting for others.')).toBeVisible();
  await expect(page.getByRole('row').filter({ hasText: '1. 수탁자 1' }).getByText('done', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Stop waiting' }).click();
  await expect(page.getByText('Stopped. Go on at any time.')).toBeVisible();
  await inspect(page, 'trustee-en-ceremony');
});

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
  // The same tab again: only the fragment changes.
  await page.goto(program.url);
  await expect(page.locator('h1')).toHaveText('비밀 파일 만들기');
  await program.stop();
  await expect(page.getByText('프로그램이 응답하지 않습니다')).toBeVisible({ timeout: 15_000 });
  await expect(page.getByRole('button', { name: '비밀 파일 만들기' })).toHaveAttribute('aria-disabled', 'true');
  await expectAccessibleInEveryTheme(page);
});

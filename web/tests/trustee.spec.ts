/**
 * Trustees and an authority through their own pages, served by their own programs on loopback: two of three trustees make
 * a key, drill and decrypt a real election, and the authority issues its codes. The third trustee has a command line.
 */
import { chmodSync, existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { BrowserContext, Page } from '@playwright/test';
import { announceElection, authorityRoll, importRoll, officerKey, readLetters, sealRoll, TestElection } from './support/election';
import { expect as expectSoon, test } from './support/fixtures';
import { expectAccessibleInEveryTheme, expectReflow, expectTargets } from './support/look';
import { type LocalProgram, startLocal } from './support/local';
import { picture } from './support/screens';
import { castVotes } from './support/voting';

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

test('two of three trustees and an authority through their own pages', async ({ context, server }) => {
  test.setTimeout(1_200_000);
  const slug = 'own-pages';
  const folder = join(server.folder, slug);
  const first = await openDesk(context, join(folder, 'trustee1'), 'hanpyo-trustee', 'ko');
  const second = await openDesk(context, join(folder, 'trustee2'), 'hanpyo-trustee', 'en');
  const office = await openDesk(context, join(folder, 'authority'), 'hanpyo-authority', 'ko');

  const keys = [await makeFile(first), await makeFile(second, 'trustee-en'), await officerKey(server, slug, 'trustee3', 'hanpyo-trustee')];
  const authority = await makeFile(office);
  const tally = await officerKey(server, slug, 'tally', 'hanpyo-tally');
  const plan = { slug, voters: 6, closesIn: 600 };
  const announced = await announceElection(server, plan, { authority, tally, trustees: keys });

  await test.step('preflight', async () => {
    for (const desk of [first, second]) await connect(desk, announced);
    // The folder may be written by others: mended, then looked at again.
    chmodSync(join(folder, 'trustee2'), 0o777);
    await second.page.getByRole('button', { name: 'Look again' }).click();
    await expect(second.page.getByText('Others on this computer can read or change it (0777)')).toBeVisible();
    await expect(second.page.getByRole('button', { name: 'Go on', exact: true })).toBeHidden();
    chmodSync(join(folder, 'trustee2'), 0o700);
    await second.page.getByRole('button', { name: 'Look again' }).click();
    await expect(second.page.getByRole('row', { name: /Clock/ })).toContainText('good');
    const words = async (page: Page): Promise<string[]> => page.locator('.words li').allInnerTexts();
    expect(await words(first.page)).toHaveLength(16);
    await inspect(first.page, 'trustee-ko-preflight');
    await agree(first.page);
    await agree(second.page);
  });

  await test.step('ceremony', async () => {
    await first.page.getByRole('button', { name: '참여하기' }).click();
    await expect(first.page.getByText('다른 사람을 기다리고 있습니다')).toBeVisible();
    await expect(first.page.getByRole('row').filter({ hasText: '1. 수탁자 1' }).getByText('마침')).toBeVisible();
    await inspect(first.page, 'trustee-ko-ceremony');
    const third = announced.officer('trustee3', 'hanpyo-trustee', 'ceremony', '--follow', '--interval', '1');
    await second.page.getByRole('button', { name: 'Take part' }).click();
    await third;
    // The share was saved: nothing goes on before the person has opened the file again.
    for (const desk of [first, second]) await reopen(desk);
  });

  await test.step('drill', async () => {
    const third = announced.officer('trustee3', 'hanpyo-trustee', 'drill', '--follow', '--interval', '1');
    await first.page.getByRole('button', { name: '연습하기' }).click();
    await second.page.getByRole('button', { name: 'Do the drill' }).click();
    await third;
    await announced.waitForPhase('roll');
    await first.page.getByRole('button', { name: '게시판 새로 읽기' }).click();
    await expect(first.page.locator('h1')).toHaveText('투표가 끝나기를 기다립니다');
  });

  const letters = join(folder, 'authority/issued/letters.csv');
  const election = await test.step('the authority issues codes', async () => {
    const { page } = office;
    const roll = await importRoll(announced, plan);
    await connect(office, announced);
    await agree(page);
    await expect(page.locator('h1')).toHaveText('투표 코드 만들기');
    const choose = async (text: string): Promise<void> => page.locator('#roll').setInputFiles({ name: 'roll.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
    await choose('voter_id,style,unit,weight\nV1,0,7,1\n');
    await page.getByRole('button', { name: '명부 살펴보기' }).click();
    await expect(page.getByRole('alert')).toContainText('명부 파일을 쓸 수 없습니다');
    await expect(page.getByRole('alert')).toContainText('row 2');
    expect(existsSync(letters)).toBe(false);
    await choose(authorityRoll(roll));
    await page.getByRole('button', { name: '명부 살펴보기' }).click();
    await expect(page.getByText('선거인 6명')).toBeVisible();
    await inspect(page, 'authority-ko-roll');
    await page.getByRole('button', { name: '코드 6개 만들기' }).click();
    await expect(page.locator('h1')).toHaveText('게시판에 올리기');
    expect(statSync(letters).mode & 0o777).toBe(0o600);
    const assignment = readFileSync(join(folder, 'authority/issued/assignment.csv'), 'utf8');
    await announced.staff.authority.ask('PUT', `${announced.api}/roll/assignment`, assignment);
    await page.getByRole('button', { name: '올리고 확정에 서명하기' }).click();
    await Promise.all([sealRoll(announced), expect(page.getByText('남은 서명: commission').or(page.getByRole('heading', { name: '취소와 재발급', level: 1 }))).toBeVisible()]);
    await announced.waitForPhase('open');
    return new TestElection(server, slug, announced.vkey, readLetters(letters, roll), folder, announced.staff);
  });

  await test.step('a revocation is signed', async () => {
    const { page } = office;
    await page.getByRole('button', { name: '게시판 새로 읽기' }).click();
    await expect(page.locator('h1')).toHaveText('취소와 재발급');
    await page.locator('#revoke-index').fill(String(election.letter(5).index));
    await page.locator('#revoke-reason').fill('분실 신고');
    await page.getByRole('button', { name: '취소에 서명하기' }).click();
    await expect(page.getByText('서명했습니다.')).toBeVisible();
    await expect(page.getByText('남은 서명: commission')).toBeVisible();
    await inspect(page, 'authority-ko-changes');
  });

  await castVotes(election, ['1', '2', '1', '1', 'blank']);

  await test.step('nothing is decrypted before the close', async () => {
    await first.page.getByRole('button', { name: '지금까지의 게시판 검사하기' }).click();
    await expect(first.page.locator('h1')).toHaveText('투표가 끝나기를 기다립니다');
    await inspect(first.page, 'trustee-ko-voting');
  });

  const counting = election.officer('tally', 'hanpyo-tally', 'run');
  await test.step('decryption', async () => {
    await until(election, ['tally']);
    for (const [desk, ko] of [
      [first, true],
      [second, false],
    ] as const) {
      const { page } = desk;
      await page.getByRole('button', { name: ko ? '지금까지의 게시판 검사하기' : 'Verify the board so far' }).click();
      await page.getByRole('button', { name: ko ? '게시판을 검사하고 합계 더하기' : 'Verify the board and add up the sums' }).click();
      await expect(page.locator('h1')).toHaveText(ko ? '이것을 복호합니까?' : 'Decrypt this?');
      await expect(page.getByText(ko ? '온라인 투표' : 'Online ballots').locator('xpath=following-sibling::dd[1]')).toHaveText('5');
      const yes = page.getByRole('button', { name: ko ? '복호합니다' : 'Decrypt', exact: true });
      await expect(yes).toHaveAttribute('aria-disabled', 'true');
      await inspect(page, `trustee-${ko ? 'ko' : 'en'}-ask`);
      if (ko) {
        // Saying no releases nothing.
        await page.getByRole('button', { name: '그만두기' }).click();
        await expect(page.getByRole('alert')).toContainText('그만두었습니다');
        expect(existsSync(join(desk.program.folder, 'secret.age.pins'))).toBe(false);
        await page.getByRole('button', { name: '게시판을 검사하고 합계 더하기' }).click();
        await expect(page.locator('h1')).toHaveText('이것을 복호합니까?');
      }
      await page.getByText(ko ? '뿌리를 참관인이나 다른 수탁자와 견주었습니다' : 'I have compared the root with observers or other trustees').click();
      await yes.click();
      await expect(page.getByText(ko ? '복호를 마쳤습니다' : 'You have decrypted').or(page.getByRole('heading', { name: ko ? '수탁자가 할 일을 모두 마쳤습니다' : 'The trustees’ work is done' })).first()).toBeVisible();
      expect(existsSync(join(desk.program.folder, 'secret.age.pins'))).toBe(true);
    }
    await counting;
    await election.waitForPhase('finished');
  });
  const results = (await (await fetch(`${server.url}/api/v1${election.api}/results`)).json()) as { contests: { totals: number[] }[] };
  expect(results.contests[0]?.totals.slice(0, 2)).toEqual([3, 1]);
});

async function until(election: TestElection, phases: readonly string[]): Promise<void> {
  await expect.poll(async () => (await election.public()).phase, { timeout: 900_000, intervals: [1000] }).toMatch(new RegExp(phases.join('|')));
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
  // The same tab again: only the fragment changes.
  await page.goto(program.url);
  await expect(page.locator('h1')).toHaveText('비밀 파일 만들기');
  await program.stop();
  await expect(page.getByText('프로그램이 응답하지 않습니다')).toBeVisible({ timeout: 15_000 });
  await expect(page.getByRole('button', { name: '비밀 파일 만들기' })).toHaveAttribute('aria-disabled', 'true');
  await expectAccessibleInEveryTheme(page);
});

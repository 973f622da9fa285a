/**
 * The observer's page against boards that lie. The boards are really signed: two logs of one key that part, an earlier
 * state, spoilt files (tests/unit/wasm-election.json). They are shown in place of the real board, under their own key.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Page } from '@playwright/test';
import { announceElection, officerKey, type TestElection } from './support/election';
import { expectAccessibleInEveryTheme, expectReflow, expectTargets, setLook } from './support/look';
import { picture } from './support/screens';
import { expect, test as base } from './voter-support';

type Files = Record<string, string>;
const fixture = JSON.parse(readFileSync(resolve(import.meta.dirname, 'unit/wasm-election.json'), 'utf8')) as { vkey: string; early_size: number; early_root: string; early: Files; forked: Files; board: Files; ballot_code: string; acknowledgement: string };
const checkpointOf = (files: Files): string => Buffer.from(files['checkpoint'] ?? '', 'hex').toString();

const test = base.extend<object, { announced: TestElection }>({
  announced: [
    async ({ site }, use) => {
      const slug = 'alarms';
      const key = (name: string, binary: string): Promise<string> => officerKey(site, slug, name, binary);
      const trustees = await Promise.all([1, 2, 3].map((number) => key(`trustee${String(number)}`, 'hanpyo-trustee')));
      await use(await announceElection(site, { slug, voters: 0 }, { authority: await key('authority', 'hanpyo-authority'), tally: await key('tally', 'hanpyo-tally'), trustees }));
    },
    { scope: 'worker', timeout: 300_000 },
  ],
});
test.describe.configure({ timeout: 240_000 });

/** Shows files in place of the board, or its checkpoint alone; the object may be changed. */
async function show(page: Page, board: { files: Files; withheld?: boolean }): Promise<void> {
  await page.route('**/board/**', async (route) => {
    const path = new URL(route.request().url()).pathname.split('/').slice(4).join('/');
    if (board.withheld === true && path !== 'checkpoint') return route.fulfill({ status: 503 });
    const file = board.files[path];
    await (file === undefined ? route.fulfill({ status: 404 }) : route.fulfill({ status: 200, body: Buffer.from(file, 'hex'), headers: { 'cache-control': 'no-store' } }));
  });
}

/** Opens the page under the key of the files. */
async function observe(page: Page, election: TestElection): Promise<void> {
  await page.goto(`${election.home}observe`);
  await page.getByText('다른 키로 검증하기').click();
  await page.getByLabel('공고문이나 참관인에게서 받은 vkey').fill(fixture.vkey);
  await page.getByRole('button', { name: '이 키로 검증' }).click();
  await expect(page.getByText('이 키는 직접 적어 넣은 것입니다.')).toBeVisible();
}

const check = (page: Page, number: number, outcome: string) => page.locator(`[data-check="${String(number)}"][data-outcome="${outcome}"]`);
const LONG = { timeout: 120_000 };

test('a whole record: twelve checks by their numbers; the server names another key', async ({ page, announced }) => {
  await show(page, { files: fixture.board });
  await observe(page, announced);
  await expect(page.getByText('필요한 검사를 모두 통과했습니다')).toBeVisible(LONG);
  for (let number = 2; number <= 10; number += 1) await expect(check(page, number, 'pass'), `check ${String(number)}`).toBeVisible();
  // Its manifest asks for no witnesses, which also evidence the times; and nothing was given to look for.
  for (const number of [1, 11, 12]) await expect(check(page, number, 'not_checked'), `check ${String(number)}`).toBeVisible();
  await expect(page.getByText('서버가 지금은 다른 키를 말하고 있습니다')).toBeVisible();
  await page.getByText('루트 해시를 낱말로').click();
  await expect(page.getByRole('list', { name: '루트 해시를 낱말로' }).getByRole('listitem')).toHaveCount(32);
  await expectAccessibleInEveryTheme(page, 'observer, all checks');
  await expectTargets(page, 24);
  await picture(page, 'observer/ko-1280-pass');
});

test('check 12: a code and an acknowledgement that the record keeps, a code that it does not', async ({ page, announced }) => {
  await show(page, { files: fixture.board });
  await observe(page, announced);
  await expect(page.getByText('필요한 검사를 모두 통과했습니다')).toBeVisible(LONG);
  const form = page.getByRole('form', { name: '투표를 찾아보기 (12번 검사)' });
  const look = form.getByRole('button', { name: '기록에서 찾기' });
  await look.click();
  await expect(form.getByText('확인 코드를 적거나 수령 확인서 파일을 골라 주세요.')).toBeVisible();
  await form.getByLabel('확인 코드').fill('AB-CD');
  await look.click();
  await expect(form.getByText('확인 코드가 아닙니다: AB-CD')).toBeVisible();
  await form.getByLabel('확인 코드').fill(fixture.ballot_code);
  await form.getByLabel('수령 확인서 파일').setInputFiles({ name: 'acknowledgement', mimeType: 'application/octet-stream', buffer: Buffer.from(fixture.acknowledgement, 'hex') });
  await look.click();
  await expect(page.locator('[data-given="counted"]')).toBeVisible(LONG);
  await expect(page.locator('[data-given="kept"]')).toBeVisible();
  // Another code of the same form: nobody's ballot.
  await form.getByLabel('확인 코드').fill(fixture.ballot_code.replace(/^./, (digit) => (digit === '0' ? '1' : '0')));
  await look.click();
  await expect(page.locator('[data-given="not_found"]')).toBeVisible(LONG);
  await expect(check(page, 12, 'fail')).toBeVisible(LONG);
  await expect(page.getByText('실패한 검사가 있습니다')).toBeVisible();
  await expectAccessibleInEveryTheme(page, 'observer, looked for');
  await picture(page, 'observer/ko-1280-given');
  await page.setViewportSize({ width: 320, height: 800 });
  await expectReflow(page);
});

test('a fork raises an alarm; the evidence stays when the board is well, on reload, and goes only when removed', async ({ page, announced }) => {
  const board = { files: fixture.early };
  await show(page, board);
  await observe(page, announced);
  await expect(page.getByText('지금까지 어긋난 곳이 없습니다')).toBeVisible(LONG);
  board.files = fixture.forked;
  const alarm = page.getByRole('alert').filter({ hasText: '경보: 원장이 갈라졌습니다' });
  await expect(alarm).toBeVisible(LONG);
  await expect(check(page, 1, 'fail')).toBeVisible(LONG);
  board.files = fixture.early;
  await page.reload();
  await expect(page.getByText('지금 게시판에 있는 기록 하나만 본 결과입니다')).toBeVisible(LONG);
  await expect(page.getByText('지금까지 어긋난 곳이 없습니다')).toHaveCount(0);
  await expect(alarm).toBeVisible();
  await alarm.getByText('증거 보기').click();
  await expectAccessibleInEveryTheme(page, 'observer, fork');
  await picture(page, 'observer/ko-1280-fork');
  const [download] = await Promise.all([page.waitForEvent('download'), alarm.getByRole('button', { name: '증거를 파일로 저장' }).click()]);
  const saved = JSON.parse(readFileSync(await download.path(), 'utf8')) as unknown;
  expect(saved).toMatchObject({ format: 'hanpyo-evidence-1', kind: 'forked', vkey: fixture.vkey, first: { checkpoint: checkpointOf(fixture.early) }, second: { checkpoint: checkpointOf(fixture.forked) } });
  await alarm.getByRole('button', { name: '증거 지우기' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '남겨 두기' }).click();
  await expect(alarm).toBeVisible();
  await alarm.getByRole('button', { name: '증거 지우기' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '증거 지우기' }).click();
  await expect(alarm).toBeHidden();
  await page.reload();
  await expect(page.getByText('지금까지 어긋난 곳이 없습니다')).toBeVisible(LONG);
  await expect(alarm).toBeHidden();
});

test('a fork of which only the checkpoint was shown is compared on the next visit, and both checkpoints are in the file', async ({ page, announced }) => {
  const board = { files: fixture.forked, withheld: true };
  await show(page, board);
  await observe(page, announced);
  await expect(page.getByText('게시판에서 답이 오지 않습니다')).toBeVisible(LONG);
  Object.assign(board, { files: fixture.board, withheld: false });
  await page.reload();
  const alarm = page.getByRole('alert').filter({ hasText: '경보: 새 기록이 전의 기록과 이어지지 않습니다' });
  await expect(alarm).toBeVisible(LONG);
  await expect(check(page, 1, 'fail')).toBeVisible(LONG);
  await expect(page.getByText('필요한 검사를 모두 통과했습니다')).toHaveCount(0);
  const [download] = await Promise.all([page.waitForEvent('download'), alarm.getByRole('button', { name: '증거를 파일로 저장' }).click()]);
  const saved = JSON.parse(readFileSync(await download.path(), 'utf8')) as unknown;
  expect(saved).toMatchObject({ kind: 'inconsistent', first: { checkpoint: checkpointOf(fixture.forked) }, second: { checkpoint: checkpointOf(fixture.board) }, consistency: { old_size: fixture.early_size }, unconfirmed: [checkpointOf(fixture.forked)] });
});

test('a board that was rolled back, during a visit and across a reload', async ({ page, announced }) => {
  const board = { files: fixture.board };
  await show(page, board);
  await observe(page, announced);
  await expect(page.getByText('필요한 검사를 모두 통과했습니다')).toBeVisible(LONG);
  // While the page is open.
  board.files = fixture.early;
  const alarm = page.getByRole('alert').filter({ hasText: '경보: 게시판의 기록이 줄었습니다' });
  await expect(alarm).toBeVisible(LONG);
  await expect(page.getByText('게시판이 앞서 보여 준 것보다 적은 기록')).toBeVisible();
  board.files = fixture.board;
  await expect(page.getByText('게시판이 앞서 보여 준 것보다 적은 기록')).toBeHidden(LONG);
  await expect(alarm).toBeVisible();
  await alarm.getByRole('button', { name: '증거 지우기' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '증거 지우기' }).click();
  await expect(alarm).toBeHidden();
  // While it was closed: the last verified checkpoint is remembered.
  board.files = fixture.early;
  await page.reload();
  await expect(alarm).toBeVisible(LONG);
  await page.setViewportSize({ width: 320, height: 800 });
  await expectReflow(page);
  await page.setViewportSize({ width: 360, height: 800 });
  await setLook(page, { language: 'en', theme: 'dark' });
  await expect(page.getByText('Alarm: the record on the board has shrunk')).toBeVisible(LONG);
  await picture(page, 'observer/en-360-dark-rollback');
});

test('a spoilt file of the board fails check 1, with what was expected and found', async ({ page, announced }) => {
  const [path = ''] = Object.keys(fixture.board).filter((name) => name.startsWith('tile/entries/'));
  const file = fixture.board[path] ?? '';
  const board = { files: { ...fixture.board, [path]: file.replace(/.$/, (digit) => (digit === '0' ? '1' : '0')) } };
  await show(page, board);
  await observe(page, announced);
  await expect(page.getByText('실패한 검사가 있습니다')).toBeVisible(LONG);
  await expect(check(page, 1, 'fail')).toBeVisible();
  await expect(check(page, 1, 'fail').getByText('발견한 것').first()).toBeVisible();
  await expectAccessibleInEveryTheme(page, 'observer, spoilt file');
  await picture(page, 'observer/ko-1280-spoilt');
  board.files = fixture.board;
  await page.getByRole('button', { name: '처음부터 다시 검증' }).click();
  await expect(page.getByText('필요한 검사를 모두 통과했습니다')).toBeVisible(LONG);
});

test('roots and checkpoints from elsewhere: extended, equal, mistyped, split', async ({ page, announced }) => {
  await show(page, { files: fixture.board });
  await observe(page, announced);
  await expect(page.getByText('필요한 검사를 모두 통과했습니다')).toBeVisible(LONG);
  await page.getByRole('tab', { name: '비교' }).click();
  const typed = page.getByRole('form', { name: '건수와 루트 해시로 비교' });
  const type = async (size: string, root: string): Promise<void> => {
    await typed.getByLabel('기록 건수').fill(size);
    await typed.getByLabel('루트 해시').fill(root);
    await typed.getByRole('button', { name: '비교하기' }).click();
  };
  await type('', 'nonsense');
  await expect(typed.getByText('기록 건수를 숫자로 적어 주세요.')).toBeVisible();
  await expect(typed.locator('.field-error').getByText('루트 해시는 base64')).toBeVisible();
  await type(String(fixture.early_size), Buffer.from(fixture.early_root, 'base64').toString('hex').toUpperCase());
  await expect(page.getByText('이어집니다.')).toBeVisible();
  const pasted = page.getByRole('form', { name: '체크포인트나 접수증으로 비교' });
  await pasted.getByLabel('또는 내용 붙여넣기').fill(checkpointOf(fixture.board));
  await pasted.getByRole('button', { name: '비교하기' }).click();
  await expect(page.getByText('같습니다. 지금 이 게시판이')).toBeVisible();
  await type(String(fixture.early_size), `${fixture.early_root.startsWith('A') ? 'B' : 'A'}${fixture.early_root.slice(1)}`);
  await expect(page.getByText('경보: 다른 곳에서 본 것과 다릅니다')).toBeVisible();
  await pasted.getByLabel('체크포인트 또는 접수증 파일').setInputFiles({ name: 'checkpoint', mimeType: 'text/plain', buffer: Buffer.from(checkpointOf(fixture.forked)) });
  await expect(page.getByText('경보: 새 기록이 전의 기록과 이어지지 않습니다')).toBeVisible();
  await pasted.getByLabel('또는 내용 붙여넣기').fill(checkpointOf(fixture.early).replace(`\n${String(fixture.early_size)}\n`, '\n1\n'));
  await pasted.getByRole('button', { name: '비교하기' }).click();
  await expect(pasted.getByText('이 선거의 원장이 서명한 체크포인트가 아닙니다.')).toBeVisible();
  await expectAccessibleInEveryTheme(page, 'observer, compare');
  await picture(page, 'observer/ko-1280-compare');
  await page.setViewportSize({ width: 320, height: 800 });
  await expectReflow(page);
});

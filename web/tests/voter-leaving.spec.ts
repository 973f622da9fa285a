/** A voter in the middle of it: leaving by mistake, a reload, a dialog escaped, a score that is none. */
import { setUpElection, type TestElection } from './support/election';
import { expectAccessibleEverywhere } from './support/look';
import { expect, heading, identify, test as base, UNITS, WORDS } from './voter-support';

const TWO = [
  { ko: '찬성', en: 'Yes' },
  { ko: '반대', en: 'No' },
];

/** Voters with odd numbers score, the others choose. */
const test = base.extend<object, { plan: TestElection }>({
  plan: [
    async ({ site }, use) =>
      use(
        await setUpElection(site, {
          slug: 'leaving',
          contests: [
            { title: { ko: '조례안', en: 'By-law' }, options: TWO, kind: { type: 'choose-one', blank: true }, rule: 'majority' },
            { title: { ko: '예산 평가', en: 'Budget' }, options: [{ ko: '자전거길', en: '' }, { ko: '도서관', en: '' }], kind: { type: 'score', max: 50, unanswered: true }, rule: 'mean' },
            { title: { ko: '조례안 둘', en: 'Second by-law' }, options: TWO, kind: { type: 'choose-one', blank: true }, rule: 'majority' },
          ],
          styles: [
            { title: { ko: '0', en: '' }, contests: [0] },
            { title: { ko: '1', en: '' }, contests: [1, 2] },
          ],
          styleOf: (voter) => voter % 2,
          voters: 8,
          units: UNITS,
          closesIn: 86_400,
        }),
      ),
    { scope: 'worker', timeout: 400_000 },
  ],
});
test.describe.configure({ timeout: 180_000 });
const w = WORDS.ko;
const LEAVE = '투표를 마치지 않고 나가시겠습니까?';

test('with marks: the brand link and the back button ask; staying keeps the marks, leaving leaves', async ({ page, plan }) => {
  await page.goto(plan.home);
  await page.getByRole('link', { name: '투표하러 가기' }).click();
  await identify(page, plan, 0);
  await page.locator('#voting-code-0').fill(plan.letter(0).code);
  await page.getByRole('button', { name: '투표용지 받기' }).click();
  await page.getByRole('radio', { name: '찬성' }).check({ force: true });
  const dialog = page.getByRole('dialog', { name: LEAVE });

  await page.locator('a.brand').click();
  await expect(dialog).toBeVisible();
  await expectAccessibleEverywhere(page, 'leaving');
  await dialog.getByRole('button', { name: '계속 투표하기' }).click();
  await expect(dialog).toHaveCount(0);
  await page.goBack();
  await expect(dialog).toBeVisible();
  expect(new URL(page.url()).pathname).toBe(new URL(`${plan.home}vote`).pathname);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('radio', { name: '찬성' })).toBeChecked();

  // Asked again at the very moment in which the dialog closes, before the browser has said that it did.
  await page.locator('a.brand').click();
  await expect(dialog).toBeVisible();
  await page.evaluate(() => {
    const shown = document.querySelector<HTMLDialogElement>('dialog[open]');
    if (shown === null) throw new Error('no dialog is open');
    shown.close = () => {
      Reflect.deleteProperty(shown, 'close');
      shown.close();
      document.querySelector<HTMLElement>('a.brand')?.click();
    };
  });
  const closed = page.evaluate(() => new Promise((resolve) => document.querySelector('dialog[open]')?.addEventListener('close', () => setTimeout(resolve, 300))));
  await page.keyboard.press('Escape');
  await closed;
  await expect(dialog).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);

  await page.goBack();
  await dialog.getByRole('button', { name: '나가기' }).click();
  await expect(page).toHaveURL(plan.home);
  await expect(page.getByRole('link', { name: '투표하러 가기' })).toBeVisible();
});

test('a ballot on its way: going back asks, and the election’s page leads to what is not settled', async ({ page, plan, expectTrouble }) => {
  await page.goto(plan.home);
  await page.getByRole('link', { name: '투표하러 가기' }).click();
  await identify(page, plan, 2);
  await page.locator('#voting-code-0').fill(plan.letter(2).code);
  await page.getByRole('button', { name: '투표용지 받기' }).click();
  await page.getByRole('radio', { name: '찬성' }).check({ force: true });
  await page.getByRole('button', { name: w.review, exact: true }).click();
  await page.getByRole('button', { name: w.right }).click();
  await expect(heading(page, w.last)).toBeVisible();
  expectTrouble(/Failed to load resource/);
  await page.route('**/ballots**', (route) => route.abort('connectionreset'));
  await page.getByRole('button', { name: w.cast, exact: true }).click();
  await expect(page.getByText('아직 알 수 없습니다').or(page.getByText('확인하고 있습니다')).first()).toBeVisible();
  await page.goBack();
  const dialog = page.getByRole('dialog', { name: LEAVE });
  await expect(dialog).toContainText('아직 확인되지 않았습니다');
  await dialog.getByRole('button', { name: '나가기' }).click();
  await expect(page.getByText('이 창에서 보낸 투표지가 아직 확인되지 않았습니다')).toBeVisible();
  await expectAccessibleEverywhere(page, 'unsettled');
  await page.unroute('**/ballots**');
  await page.getByRole('link', { name: '투표지 확인하기' }).click();
  await page.getByLabel(w.voter).fill(plan.letter(2).voter);
  const seen = plan.codesSent(2).length;
  await page.getByRole('button', { name: w.send }).click();
  await page.getByRole('textbox', { name: w.otp }).fill(await plan.oneTimeCode(2, seen));
  await page.getByRole('button', { name: w.confirm, exact: true }).click();
  await expect(heading(page, w.recorded)).toBeVisible({ timeout: 60_000 });
  await page.locator('a.brand').click();
  await expect(page.getByText('이 창에서 보낸 투표지가 아직 확인되지 않았습니다')).toHaveCount(0);
});

test('a score emptied is no score; one that is none holds the voter up at its field', async ({ page, plan }) => {
  await page.goto(plan.link(1));
  // Ballots differ in their number of contests, and whose this will be is not known yet.
  await expect(page.getByRole('button', { name: w.begin })).toBeVisible();
  await expect(page.getByText(/안건 \d+개/)).toHaveCount(0);
  await identify(page, plan, 1);
  const fields = page.locator('input[type=number]');
  await fields.first().fill('15');
  await fields.first().fill('');
  await fields.nth(1).fill('7');
  await fields.nth(1).fill('7.5');
  await page.getByRole('button', { name: w.next, exact: true }).click();
  await expect(heading(page, '예산 평가')).toBeVisible();
  await expect(fields.nth(1)).toBeFocused();
  await expect(fields.nth(1)).toHaveValue('7.5');
  await expect(fields.nth(1)).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByText('0부터 50까지의 정수를 적어 주십시오.')).toBeVisible();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await fields.nth(1).fill('51');
  await page.getByRole('button', { name: w.next, exact: true }).click();
  await expect(fields.nth(1)).toBeFocused();
  await fields.nth(1).fill('8');
  await expect(page.getByText('0부터 50까지의 정수를 적어 주십시오.')).toHaveCount(0);
  await page.getByRole('button', { name: w.next, exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: '이대로 두기' }).click();
  await page.getByRole('radio', { name: '찬성' }).check({ force: true });
  await page.getByRole('button', { name: w.review, exact: true }).click();
  await expect(page.getByText('자전거길: 점수 없음')).toBeVisible();
  await expect(page.getByText('도서관: 8점')).toBeVisible();
});

test('after a reload the booth still refuses any manifest but the link’s', async ({ page, plan }) => {
  await page.goto(plan.link(4));
  await expect(page.getByRole('button', { name: w.begin })).toBeVisible();
  expect(await page.evaluate(() => Object.values(sessionStorage).join())).not.toContain(plan.letter(4).code);
  await page.reload();
  await expect(page.getByRole('button', { name: w.begin })).toBeVisible();
  await expect(page.locator('.notice-warning')).toHaveCount(0);
  // As a server would that has another manifest: what it serves is not what the letter names.
  await page.evaluate(() => {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith('hanpyo.manifest/')) sessionStorage.setItem(key, '0'.repeat(64));
  });
  await page.reload();
  await expect(page.getByRole('button', { name: w.begin })).toHaveCount(0);
  await expect(page.locator('h1')).toContainText('다른 선거');
});

test('the session’s dialog stays while nobody answers; then it says why there is no more time, and lets the voter go on', async ({ page, plan, expectTrouble }) => {
  const end = Date.now() + 110_000;
  const ending = (body: object): object => ({ ...body, expires_at: new Date(end).toISOString() });
  let own = {};
  await page.route('**/voter/session', async (route) => {
    const answer = await route.fetch();
    own = (await answer.json()) as object;
    await route.fulfill({ response: answer, json: ending(own) });
  });
  let hangUp: () => void = () => undefined;
  const hung = new Promise<void>((resolve) => (hangUp = resolve));
  let asked = 0;
  await page.route('**/voter/session/extend', async (route) => {
    asked += 1;
    await hung;
    // Later on, as a server does at its limit: the same end again.
    await (asked > LOST ? route.fulfill({ json: ending(own) }) : route.abort('internetdisconnected'));
  });
  const LOST = 4;
  await page.goto(plan.link(6));
  await identify(page, plan, 6);
  const dialog = page.locator('dialog[open]');
  await expect(dialog).toBeVisible();
  for (let times = 0; times < LOST; times += 1) {
    await page.keyboard.press('Escape');
    await expect(dialog).toBeVisible();
  }
  await expect.poll(() => asked).toBe(LOST);
  expectTrouble(/net::ERR_/);
  hangUp();
  await expect(dialog.getByRole('alert')).toContainText('서버의 답을 받지 못해');
  await dialog.getByRole('button', { name: '계속하기' }).click();
  await expect(dialog.getByRole('alert')).toContainText('더 늘릴 수 없습니다');
  await expect(page.getByText('시간을 늘렸습니다.')).toHaveCount(0);
  await dialog.getByRole('button', { name: '늘리지 않고 돌아가기' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByText('더 늘릴 수 없습니다')).toBeVisible();
  await page.getByRole('radio', { name: '찬성' }).check({ force: true });
});

/** Casts that do not go smoothly: every one ends in a verified receipt, and every voter is counted once. */
import { expectAccessible, setLook } from './support/look';
import { picture } from './support/screens';
import { codeOn, expect, heading, identify, mark, test, toSubmit, WORDS } from './voter-support';

test.describe.configure({ timeout: 240_000 });
const BALLOTS = '**/ballots';
const w = WORDS.ko;

test('the answer to a cast is lost, and the page is loaded anew: settled by the confirmation code', async ({ page, open, voter, expectTrouble }) => {
  expectTrouble(/net::ERR_/);
  await toSubmit(page, open, voter);
  const code = await codeOn(page);
  let sent = 0;
  // The server takes the ballot; its answer never arrives, and neither does any to the questions after it.
  await page.route(BALLOTS, async (route) => {
    sent += 1;
    await route.fetch();
    await route.abort('connectionreset');
  });
  await page.route('**/ballots/*', (route) => route.abort('connectionreset'));
  await page.getByRole('button', { name: w.cast }).click();
  await expect(heading(page, '접수 여부를 확인하고 있습니다')).toBeVisible();
  await expect(page.getByText(w.recorded)).toHaveCount(0);
  await picture(page, 'voter/states/settling');
  expect(await codeOn(page)).toBe(code);

  // Only code, entry and manifest hash are kept: neither voting code nor choice nor session.
  const kept = await page.evaluate(() => JSON.stringify(Object.entries(sessionStorage)));
  expect(kept).toContain(code.slice(0, 4));
  expect(kept).not.toContain(open.letter(voter).code);
  expect(kept).not.toContain(open.letter(voter).code.replaceAll('-', ''));
  expect(await page.evaluate(() => Object.keys(localStorage))).not.toContainEqual(expect.stringContaining('pending'));

  await page.unroute(BALLOTS);
  await page.unroute('**/ballots/*');
  page.on('dialog', (dialog) => void dialog.accept());
  // Without link, code or session: the record settles it.
  await page.goto(`${open.home}vote`);
  await expect(heading(page, w.recorded)).toBeVisible({ timeout: 60_000 });
  expect(await codeOn(page)).toBe(code);
  expect(sent).toBe(1);
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
});

test('a cast that never arrived is sent again as it is, after a full queue; the device’s clock is wrong', async ({ page, open, voter, expectTrouble }) => {
  expectTrouble(/net::ERR_/);
  await page.addInitScript(() => {
    const real = Date.now.bind(Date);
    Date.now = () => real() - 20 * 365 * 86_400_000;
  });
  await page.goto(open.link(voter));
  await expect(page.getByText('이 기기의 시계가 맞지 않습니다')).toBeVisible();
  await identify(page, open, voter);
  await mark(page);
  await page.getByRole('button', { name: w.right }).click();
  const code = await codeOn(page);
  const bodies: string[] = [];
  await page.route(BALLOTS, async (route) => {
    bodies.push(route.request().postDataBuffer()?.toString('base64') ?? '');
    if (bodies.length === 1) await route.abort('internetdisconnected');
    else if (bodies.length === 2) await route.fulfill({ status: 503, headers: { 'retry-after': '4', 'content-type': 'application/problem+json' }, body: JSON.stringify({ type: 'urn:hanpyo:problem:busy', title: 'busy', status: 503, code: 'busy', waiting: { ahead: 1234, seconds: 4 } }) });
    else await route.continue();
  });
  await page.getByRole('button', { name: w.cast }).click();
  await expect(heading(page, '투표하려는 사람이 많아 잠시 기다립니다')).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText(w.notYet).first()).toBeVisible();
  await expect(page.getByText('앞에 대기 중인 투표지가 약 1,234건 있습니다.')).toBeVisible();
  await expectAccessible(page, 'waiting');
  await picture(page, 'voter/states/waiting');
  await expect(heading(page, w.recorded)).toBeVisible({ timeout: 60_000 });
  expect(await codeOn(page)).toBe(code);
  expect(bodies).toHaveLength(3);
  expect(new Set(bodies).size).toBe(1);
});

test('a receipt that proves nothing is an alarm, never "recorded"', async ({ page, open, voter }) => {
  await setLook(page, { language: 'en' });
  await toSubmit(page, open, voter, WORDS.en);
  await page.route('**/ballots/*', async (route) => {
    const answer = await route.fetch();
    const text = await answer.text();
    // One character of the signature's note is another.
    await route.fulfill({ response: answer, body: answer.status() === 200 ? text.replace(/— (\S+) (.)/, (_, name: string, first: string) => `— ${name} ${first === 'A' ? 'B' : 'A'}`) : text });
  });
  await page.getByRole('button', { name: WORDS.en.cast }).click();
  await expect(heading(page, 'The server’s answer cannot be trusted')).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText(WORDS.en.recorded)).toHaveCount(0);
  await picture(page, 'voter/states/unproven');
});

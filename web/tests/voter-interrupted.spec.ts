/** Casts that do not go smoothly: every one ends in a verified receipt, and every voter is counted once. */
import type { Route } from '@playwright/test';
import { setClockWrong, YEARS_BEHIND } from './support/clock';
import { expectAccessibleEverywhere, setLook } from './support/look';
import { picture } from './support/screens';
import { codeOn, expect, heading, identify, mark, test, toSubmit, WORDS } from './voter-support';

test.describe.configure({ timeout: 480_000 });
const BALLOTS = '**/ballots';
const w = WORDS.ko;

/** Something to wait for until it is ended. */
function looked(): { done: Promise<void>; end: () => void } {
  let end = (): void => undefined;
  const done = new Promise<void>((resolve) => (end = resolve));
  return { done, end: () => end() };
}

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
  await expectAccessibleEverywhere(page, 'settling');
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
  // What stays is the manifest hash that the link named, which is public.
  expect(await page.evaluate(() => Object.keys(sessionStorage))).toEqual([expect.stringMatching(/^hanpyo\.manifest\//)]);
});

test('a cast that never arrived is sent again as it is, after a full queue and a halt; the device’s clock is wrong', async ({ page, open, voter, expectTrouble }) => {
  expectTrouble(/net::ERR_/);
  await setClockWrong(page, YEARS_BEHIND);
  await page.goto(open.link(voter));
  await expect(page.getByText('이 기기의 시계가 맞지 않습니다')).toBeVisible();
  await expectAccessibleEverywhere(page, 'the clock is wrong');
  await picture(page, 'voter/states/clock');
  await identify(page, open, voter);
  await mark(page);
  await page.getByRole('button', { name: w.right }).click();
  const code = await codeOn(page);
  const bodies: string[] = [];
  const refusal = (code: string, seconds: number, more: object = {}) => ({ status: 503, headers: { 'retry-after': String(seconds), 'content-type': 'application/problem+json' }, body: JSON.stringify({ type: `urn:hanpyo:problem:${code}`, title: code, status: 503, code, ...more }) });
  const answers: readonly ((route: Route) => Promise<void>)[] = [
    (route) => route.abort('internetdisconnected'),
    // Long enough for a look; the voter's own button is quicker.
    (route) => route.fulfill(refusal('busy', 300, { waiting: { ahead: 1234, seconds: 300 } })),
    (route) => route.fulfill(refusal('ledger-stopped', 300)),
    // This one passes by itself.
    (route) => route.fulfill(refusal('cannot-write', 3)),
    (route) => route.continue(),
  ];
  await page.route(BALLOTS, async (route) => {
    const answer = answers[bodies.length];
    bodies.push(route.request().postDataBuffer()?.toString('base64') ?? '');
    if (answer === undefined) throw new Error('sent more often than expected');
    await answer(route);
  });
  await page.getByRole('button', { name: w.cast }).click();
  await expect(heading(page, '투표하려는 사람이 많아 잠시 기다립니다')).toBeVisible({ timeout: 30_000 });
  // The first attempt may still arrive: nobody knows that this voter has not voted.
  await expect(page.getByText('접수되었는지 아직 확인되지 않았습니다')).toBeVisible();
  await expect(page.getByText(w.notYet)).toHaveCount(0);
  await expect(page.getByText('앞에 대기 중인 투표지가 약 1,234건 있습니다.')).toBeVisible();
  await expectAccessibleEverywhere(page, 'waiting');
  await picture(page, 'voter/states/waiting');
  await page.getByRole('button', { name: '지금 다시 보내기' }).click();
  await expect(heading(page, '투표 접수가 멈추었습니다')).toBeVisible();
  await expectAccessibleEverywhere(page, 'halted');
  await picture(page, 'voter/states/halted');
  await page.getByRole('button', { name: '지금 다시 보내기' }).click();
  await expect(heading(page, '서버가 잠시 투표를 받지 못합니다')).toBeVisible();
  await expect(heading(page, w.recorded)).toBeVisible({ timeout: 60_000 });
  expect(await codeOn(page)).toBe(code);
  expect(bodies).toHaveLength(answers.length);
  expect(new Set(bodies).size).toBe(1);
});

test('what stands before the server refuses every attempt and look-up: nothing is given up, and the vote is recorded', async ({ page, open, voter, expectTrouble }) => {
  expectTrouble(/40[48]|503|net::ERR_/);
  await toSubmit(page, open, voter);
  const code = await codeOn(page);
  let attempts = 0;
  // The answer to the first attempt is lost; a proxy answers in place of the server from then on.
  await page.route(BALLOTS, async (route) => {
    attempts += 1;
    if (attempts > 1) return route.fulfill({ status: 408, body: '<html>timeout' });
    await route.fetch();
    return route.abort('connectionreset');
  });
  await page.route('**/ballots/*', (route) => route.fulfill({ status: 404, body: '<html>no such page' }));
  await page.getByRole('button', { name: w.cast }).click();
  await expect(heading(page, '접수 여부를 확인하고 있습니다')).toBeVisible();
  await expect(page.getByText('접수되지 않았')).toHaveCount(0);
  expect(await page.evaluate(() => Object.keys(sessionStorage))).toContainEqual(expect.stringContaining('pending'));
  await page.unroute('**/ballots/*');
  await page.getByRole('button', { name: '지금 확인하기' }).click();
  await expect(heading(page, w.recorded)).toBeVisible({ timeout: 60_000 });
  expect(await codeOn(page)).toBe(code);
});

test('a look-up that is turned away leaves an acknowledged ballot acknowledged', async ({ page, open, voter }) => {
  await toSubmit(page, open, voter);
  let looks = 0;
  await page.route('**/ballots/*', async (route) => {
    looks += 1;
    if (looks > 2) await route.continue();
    else await route.fulfill({ status: 503, headers: { 'retry-after': '3', 'content-type': 'application/problem+json' }, body: JSON.stringify({ code: 'busy', title: 'busy', status: 503 }) });
  });
  await page.getByRole('button', { name: w.cast }).click();
  await expect(heading(page, '접수되었습니다. 게시판에 기록되기를 기다립니다')).toBeVisible();
  await expect.poll(() => looks).toBe(2);
  await expect(heading(page, '접수되었습니다. 게시판에 기록되기를 기다립니다')).toBeVisible();
  await expect(page.getByText(w.notYet)).toHaveCount(0);
  await expect(heading(page, w.recorded)).toBeVisible({ timeout: 60_000 });
});

test('a receipt that proves nothing is an alarm, never "recorded"', async ({ page, open, voter }) => {
  await setLook(page, { language: 'en' });
  await toSubmit(page, open, voter, WORDS.en);
  // Each answer waits until its page was looked at.
  const [sending, recording] = [looked(), looked()];
  await page.route(BALLOTS, async (route) => {
    await sending.done;
    await route.continue();
  });
  await page.route('**/ballots/*', async (route) => {
    await recording.done;
    const answer = await route.fetch();
    const text = await answer.text();
    // One character of the signature's note is another.
    await route.fulfill({ response: answer, body: answer.status() === 200 ? text.replace(/— (\S+) (.)/, (_, name: string, first: string) => `— ${name} ${first === 'A' ? 'B' : 'A'}`) : text });
  });
  await page.getByRole('button', { name: WORDS.en.cast }).click();
  await expect(heading(page, 'Sending your ballot')).toBeVisible();
  await expectAccessibleEverywhere(page, 'sending');
  sending.end();
  await expect(heading(page, 'Received. Waiting for its place on the board')).toBeVisible();
  await expectAccessibleEverywhere(page, 'recording');
  await picture(page, 'voter/states/recording');
  recording.end();
  await expect(heading(page, 'The server’s answer cannot be trusted')).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText(WORDS.en.recorded)).toHaveCount(0);
  await expectAccessibleEverywhere(page, 'unproven');
  await picture(page, 'voter/states/unproven');
});

/** The observer's page beside a real election: ballots as they come, objections and replies, the result recomputed. */
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from '@playwright/test';
import { closeAfter, past, setUpElection, type TestElection, whileOpen } from './support/election';
import { expectAccessibleInEveryTheme, expectReflow, setLook } from './support/look';
import { picture } from './support/screens';
import { type HanpyoServer, program, TENANT } from './support/server';
import { expect, startSite, test, UNITS } from './voter-support';

const run = promisify(execFile);
/** Of 14 voters, 6 vote for the first option and 4 for the second. */
const VOTES = [1, 1, 1, 2, 1, 2, 1, 2, 1, 2];
const LONG = { timeout: 120_000 };

const stat = (page: Page, label: string) => page.locator('.stat', { hasText: label }).locator('.stat-value').first();

/** Casts the votes of some voters, by the program that votes as the booth does. */
async function cast(site: HanpyoServer, election: TestElection, voters: readonly number[]): Promise<void> {
  const rows = voters.map((voter) => `${election.letter(voter).voter},${election.letter(voter).contact},0,cast,${String(VOTES[voter])}`);
  const choices = join(election.folder, `choices-${String(voters[0])}.csv`);
  writeFileSync(choices, `voter_id,contact,at_ms,intent,choices\n${rows.join('\n')}\n`);
  await run(program('hanpyo-voter'), ['many', '--server', site.url, '--election', `${TENANT}/${election.slug}`, '--vkey', election.vkey, '--codes', join(election.folder, 'authority/issued/letters.csv'), '--choices', choices, '--outbox', join(site.folder, 'data/outbox'), '--keep', join(election.folder, `voters-${String(voters[0])}`)]);
}

test('an election from the first ballots to the result', async ({ page }) => {
  test.setTimeout(600_000);
  const site = await startSite(['ledger.schedule_ms=60000']);
  try {
    await observed(page, site);
  } finally {
    await site.stop();
  }
});

async function observed(page: Page, site: HanpyoServer): Promise<void> {
  const election = await setUpElection(site, { slug: 'observed', voters: 14, units: UNITS, opensIn: 1, profile: 'kr-resident-vote-2022', test: true, draft: past() });
  const closes = await whileOpen(election, () => watchVoting(page, site, election));

  // The result, followed without a reload.
  await closeAfter(election, closes);
  await election.count();
  await watchResult(page);
}

async function watchVoting(page: Page, site: HanpyoServer, election: TestElection): Promise<void> {
  // By the way that visitors take.
  await page.goto(election.home);
  await page.getByRole('link', { name: '참관 화면' }).click();
  await expect(page.getByRole('heading', { level: 1, name: '참관' })).toBeVisible();
  await expect(page.getByText('지금까지 어긋난 곳이 없습니다')).toBeVisible(LONG);
  await expect(page.getByText('이 키는 이 서버가 알려 준 것입니다.')).toBeVisible();
  await expect(stat(page, '집계되는 투표')).toHaveText('0');

  // Ballots appear by themselves, verified.
  await cast(site, election, [0, 1, 2, 3]);
  await expect(stat(page, '집계되는 투표')).toHaveText('4', LONG);
  await expect(page.locator('[data-outcome="fail"]')).toHaveCount(0);
  await cast(site, election, [4, 5, 6, 7, 8, 9]);
  await expect(stat(page, '집계되는 투표')).toHaveText('10', LONG);
  await expect(async () => {
    const { log_size: size } = await election.public();
    await expect(stat(page, '검증한 기록')).toHaveText(String(size), { timeout: 10_000 });
  }).toPass(LONG);

  await page.getByRole('tab', { name: '투표율과 결과' }).click();
  await expect(page.getByText('서버가 알리는 투표율과 같습니다.')).toBeVisible(LONG);
  await expect(page.getByText('71.42%').first()).toBeVisible();
  await page.getByRole('tab', { name: '경과' }).click();
  const timeline = page.getByRole('list', { name: '선거의 경과' });
  await expect(timeline.getByText('선거 공고 확정')).toBeVisible();
  await expect(timeline.getByText('투표 시작', { exact: true })).toBeVisible();
  await expect(timeline.getByText('투표와 공개된 확인 투표').first()).toBeVisible();
  await expect(timeline.getByText('투표율 70%')).toBeVisible();
  await expectAccessibleInEveryTheme(page, 'observer, timeline');
  await picture(page, 'observer/ko-1280-timeline');

  // An objection, and the reply of the commission.
  await page.getByRole('tab', { name: '이의 제기' }).click();
  const form = page.getByRole('form', { name: '이의 제기하기' });
  await form.getByRole('button', { name: '이의 제기' }).click();
  await expect(form.getByText('이의 내용을 적어 주세요.')).toBeVisible();
  await form.getByLabel('이의 내용').fill('개시 시각이 공고와 다릅니다.');
  await form.getByLabel('이름 또는 단체').fill('참여시민연합');
  await form.getByLabel('관련된 기록 번호').fill('0');
  await form.getByLabel('연락처').fill('observer@mail.invalid');
  await form.getByLabel('증거 파일').setInputFiles({ name: 'note.txt', mimeType: 'text/plain', buffer: Buffer.from('evidence') });
  await form.getByRole('button', { name: '이의 제기' }).click();
  const objection = page.getByRole('article', { name: '이의 1번' });
  await expect(objection.getByText('개시 시각이 공고와 다릅니다.')).toBeVisible();
  await expect(objection.getByText('답변 대기')).toBeVisible();
  await expect(page.getByText('observer@mail.invalid')).toHaveCount(0);
  await election.staff.manager.ask('POST', `${election.api}/objections/1/replies`, { text: '공고 시각과 기록이 같음을 확인했습니다.' });
  await expect(objection.getByText('공고 시각과 기록이 같음을 확인했습니다.')).toBeVisible(LONG);
  await expectAccessibleInEveryTheme(page, 'observer, objections');
  await picture(page, 'observer/ko-1280-objections');
  await page.setViewportSize({ width: 320, height: 800 });
  await expectReflow(page);
  await page.setViewportSize({ width: 1280, height: 900 });
}

async function watchResult(page: Page): Promise<void> {
  await expect(page.getByText('필요한 검사를 모두 통과했습니다')).toBeVisible(LONG);
  await page.getByRole('tab', { name: '검사' }).click();
  for (let number = 2; number <= 10; number += 1) await expect(page.locator(`[data-check="${String(number)}"]`), `check ${String(number)}`).toHaveAttribute('data-outcome', 'pass');
  await page.getByRole('tab', { name: '투표율과 결과' }).click();
  await expect(page.getByText('서버가 공표한 결과와, 이 브라우저가 기록에서 다시 계산한 결과가 같습니다.')).toBeVisible(LONG);
  await expect(page.getByText('결정되었습니다: 소득 하위 50% 학생부터 단계적으로')).toBeVisible();
  await expectAccessibleInEveryTheme(page, 'observer, result');
  await picture(page, 'observer/ko-1280-result');

  // A server that publishes another result than the record has.
  await page.route('**/results', async (route) => {
    const answer = await route.fetch();
    const body = (await answer.json()) as { contests: { totals: number[] }[] };
    body.contests.forEach(({ totals }) => totals.reverse());
    await route.fulfill({ response: answer, json: body });
  });
  await setLook(page, { language: 'en', theme: 'light' });
  await expect(page.getByText('Every required check passed')).toBeVisible(LONG);
  await page.setViewportSize({ width: 360, height: 800 });
  await page.getByRole('tab', { name: 'Turnout and result' }).click();
  await expect(page.getByText('The result published by the server is not that of the record').first()).toBeVisible(LONG);
  await expectReflow(page);
  await picture(page, 'observer/en-360-other-result');

  // A server that dodges the comparison of its turnout, and one that speaks of another election.
  await page.route('**/turnout', async (route) => {
    const answer = await route.fetch();
    const body = (await answer.json()) as { counted: number; log_size: number };
    await route.fulfill({ response: answer, json: { ...body, counted: body.counted + 1_000, log_size: body.log_size + 1 } });
  });
  await page.route('**/public', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: { ...((await answer.json()) as object), manifest_hash: '07'.repeat(32) } });
  });
  await page.reload();
  await expect(page.getByText('The server names another fingerprint')).toBeVisible(LONG);
  await page.getByRole('tab', { name: 'Turnout and result' }).click();
  await expect(page.getByText('The server’s turnout cannot be compared with the record')).toBeVisible(LONG);
  await expectAccessibleInEveryTheme(page, 'observer, figures that dodge');
  await expectReflow(page);
  await picture(page, 'observer/en-360-dodged');
}

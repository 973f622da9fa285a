/** From an election that has not begun to its result or its end as void, on the election's page and in the booth. */
import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import type { Page } from '@playwright/test';
import { announceElection, closeAfter, past, setUpElection, type TestElection, whileOpen } from './support/election';
import { expectAccessibleEverywhere, expectAccessibleInEveryTheme, expectReflow, setLook } from './support/look';
import { picture } from './support/screens';
import { program, TENANT } from './support/server';
import { expect, heading, startSite, test, UNITS } from './voter-support';

const run = promisify(execFile);
/** Of 14 voters, 6 vote for the first option and 4 for the second. */
const VOTES = [1, 1, 1, 2, 1, 2, 1, 2, 1, 2];

/** Public keys of officers who do nothing here. */
function idleKey(): string {
  const { x = '' } = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
  return Buffer.from(x, 'base64url').toString('hex');
}

test('announced, then declared void: said on the election’s page and in the booth', async ({ page, site }) => {
  test.setTimeout(180_000);
  const election = await announceElection(site, { slug: 'announced', voters: 0, units: UNITS, opensIn: 86_400, closesIn: 2 * 86_400, test: true }, { authority: idleKey(), tally: idleKey(), trustees: [idleKey(), idleKey(), idleKey()] });
  await page.goto(election.home);
  await expect(page.getByText('키 생성').first()).toBeVisible();
  await expect(page.getByRole('link', { name: '투표하러 가기' })).toHaveCount(0);
  await expectAccessibleEverywhere(page, 'home, announced');
  await picture(page, 'voter/home/announced-1280');
  await page.goto(`${election.home}vote`);
  await expect(heading(page, '아직 투표 시간이 아닙니다')).toBeVisible();
  await expect(page.getByText('시험 투표입니다')).toBeVisible();
  await expectAccessibleEverywhere(page, 'not open');
  await picture(page, 'voter/states/before');

  const reason = '시험을 마침';
  await election.staff.manager.ask('POST', `${election.api}/void`, { reason });
  await page.goto(election.home);
  await expect(page.getByText(`사유: ${reason}`)).toBeVisible();
  await expectAccessibleEverywhere(page, 'home, void');
  await picture(page, 'voter/home/void-1280');
  await page.goto(`${election.home}vote`);
  await expect(heading(page, '이 선거는 무효가 되었습니다')).toBeVisible();
  await expectAccessibleEverywhere(page, 'booth, void');
  await picture(page, 'voter/states/void');
});

test('during and after voting: phases, turnout, the result explained', async ({ page }) => {
  test.setTimeout(600_000);
  const site = await startSite(['ledger.schedule_ms=60000']);
  try {
    const election = await setUpElection(site, { slug: 'result', voters: 14, units: UNITS, opensIn: 1, profile: 'kr-resident-vote-2022', test: true, draft: past() });
    await closeAfter(election, await whileOpen(election, () => turnout(page, election)));
    await page.goto(election.link(10));
    await expect(heading(page, '투표가 끝났습니다')).toBeVisible();
    await expectAccessibleEverywhere(page, 'closed');
    await picture(page, 'voter/states/closed');
    await page.goto(election.home);
    await expect(page.getByText('투표 마감').first()).toBeVisible();
    await expectAccessibleEverywhere(page, 'home, closed');
    await picture(page, 'voter/home/closed-1280');

    await election.count(async () => {
      await page.goto(election.home);
      await expect(page.getByText('개표 중').first()).toBeVisible();
      await expectAccessibleEverywhere(page, 'home, counting');
      await picture(page, 'voter/home/tally-1280');
    });
    await result(page, election);
  } finally {
    await site.stop();
  }
});

async function turnout(page: Page, election: TestElection): Promise<void> {
  const { server, folder, slug, vkey } = election;
  const rows = VOTES.map((choice, voter) => `${election.letter(voter).voter},${election.letter(voter).contact},0,cast,${String(choice)}`);
  writeFileSync(join(folder, 'choices.csv'), `voter_id,contact,at_ms,intent,choices\n${rows.join('\n')}\n`);
  await run(program('hanpyo-voter'), ['many', '--server', server.url, '--election', `${TENANT}/${slug}`, '--vkey', vkey, '--codes', join(folder, 'authority/issued/letters.csv'), '--choices', join(folder, 'choices.csv'), '--outbox', join(server.folder, 'data/outbox'), '--keep', join(folder, 'voters')]);
  await page.goto(election.home);
  await expect(page.getByText('정족수 4명을 채웠습니다.')).toBeVisible();
  // 10 of 14, cut off and not rounded.
  await expect(page.locator('.stat-value').first()).toHaveText('71.42%');
  await expectAccessibleEverywhere(page, 'home, voting');
  await picture(page, 'voter/home/turnout-1280');
}

async function result(page: Page, election: TestElection): Promise<void> {
  for (const language of ['ko', 'en'] as const) {
    await setLook(page, { language, theme: language === 'ko' ? 'light' : 'dark' });
    await page.goto(election.home);
    await expect(page.getByRole('heading', { name: language === 'ko' ? '개표 결과' : 'Result', exact: true })).toBeVisible();
    await expect(page.getByText(language === 'ko' ? '결정되었습니다: 소득 하위 50% 학생부터 단계적으로' : 'Decided: Step by step, lower half by income first')).toBeVisible();
    await expect(page.getByText(language === 'ko' ? '10명이 투표해 정족수 4명(선거인 14명의 1/4)을 채웠습니다' : '10 voted, enough for the quorum of 4 (1/4 of 14 voters)')).toBeVisible();
    await expect(page.getByText(language === 'ko' ? '과반수(6표 이상)' : 'A majority of the 10 votes')).toBeVisible();
    // From nobody at the opening to everyone at the end, online.
    const course = page.locator('figure.lines');
    await course.locator('summary').click();
    await expect(course.locator('tbody tr').first().locator('td')).toHaveText('0');
    await expect(course.locator('tbody tr').last().locator('td')).toHaveText('10');
    await expectAccessibleInEveryTheme(page, `result ${language}`);
    await picture(page, `voter/home/result-${language}-1280`);
  }
  await page.setViewportSize({ width: 360, height: 800 });
  await expectReflow(page);
  await expectAccessibleInEveryTheme(page, 'result at 360 px');
  await picture(page, 'voter/home/result-en-360-dark');
}

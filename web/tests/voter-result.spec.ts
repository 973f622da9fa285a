/** From an election that has not begun to its result, on the election's page and in the booth. */
import { join } from 'node:path';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { setUpElection, until } from './support/election';
import { expectAccessible, expectReflow, setLook } from './support/look';
import { picture } from './support/screens';
import { program, TENANT } from './support/server';
import { expect, heading, test, UNITS } from './voter-support';

const run = promisify(execFile);
/** Seconds from the beginning of the set-up: long enough for it on a slow machine. */
const OPENS = 200;
const CLOSES = 260;
/** Of 14 voters, 6 vote for the first option and 4 for the second. */
const VOTES = [1, 1, 1, 2, 1, 2, 1, 2, 1, 2];

test('before, during and after: phases, turnout, the result explained', async ({ page, site }) => {
  test.setTimeout(600_000);
  const election = await setUpElection(site, { slug: 'result', voters: 14, units: UNITS, opensIn: OPENS, closesIn: CLOSES, profile: 'kr-resident-vote-2022', test: true });
  await election.waitForPhase('sealed');
  await page.goto(election.link(0));
  await expect(heading(page, '아직 투표 시간이 아닙니다')).toBeVisible();
  await expect(page.getByText('시험 투표입니다')).toBeVisible();
  await expectAccessible(page, 'not open');
  await picture(page, 'voter/states/before');

  await election.waitForPhase('open');
  const folder = join(election.folder, 'voters');
  const rows = VOTES.map((choice, voter) => `${election.letter(voter).voter},${election.letter(voter).contact},0,cast,${String(choice)}`);
  writeFileSync(join(election.folder, 'choices.csv'), `voter_id,contact,at_ms,intent,choices\n${rows.join('\n')}\n`);
  await run(program('hanpyo-voter'), ['many', '--server', site.url, '--election', `${TENANT}/result`, '--vkey', election.vkey, '--codes', join(election.folder, 'authority/issued/letters.csv'), '--choices', join(election.folder, 'choices.csv'), '--outbox', join(site.folder, 'data/outbox'), '--keep', folder]);
  await page.goto(election.home);
  await expect(page.getByText('정족수 4명을 채웠습니다.')).toBeVisible();
  // 10 of 14, cut off and not rounded.
  await expect(page.locator('.stat-value').first()).toHaveText('71.42%');

  await until('the end of voting', async () => (await election.public()).phase !== 'open', 300);
  await page.goto(election.link(10));
  await expect(heading(page, '투표가 끝났습니다')).toBeVisible();
  await expectAccessible(page, 'closed');
  await picture(page, 'voter/states/closed');

  await election.count();
  for (const language of ['ko', 'en'] as const) {
    await setLook(page, { language, theme: language === 'ko' ? 'light' : 'dark' });
    await page.goto(election.home);
    await expect(page.getByRole('heading', { name: language === 'ko' ? '개표 결과' : 'Result', exact: true })).toBeVisible();
    await expect(page.getByText(language === 'ko' ? '결정되었습니다: 소득 하위 50% 학생부터 단계적으로' : 'Decided: Step by step, lower half by income first')).toBeVisible();
    await expect(page.getByText(language === 'ko' ? '10명이 투표해 정족수 4명(선거인 14명의 1/4)을 채웠습니다' : '10 voted, enough for the quorum of 4 (1/4 of 14 voters)')).toBeVisible();
    await expect(page.getByText(language === 'ko' ? '과반수(6표 이상)' : 'A majority of the 10 votes')).toBeVisible();
    await expectAccessible(page, `result ${language}`);
    await picture(page, `voter/home/result-${language}-1280`);
  }
  await page.setViewportSize({ width: 360, height: 800 });
  await expectReflow(page);
  await picture(page, 'voter/home/result-en-360-dark');
});

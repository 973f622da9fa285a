/** Where the charter lets people vote again: the earlier vote stands until the next one is recorded, and one counts. */
import { setUpElection, type TestElection } from './support/election';
import { expectAccessibleEverywhere, expectReflow } from './support/look';
import { picture } from './support/screens';
import { codeOn, expect, heading, identify, test, UNITS, WORDS } from './voter-support';
import type { Page } from '@playwright/test';

const w = WORDS.ko;

async function toReview(page: Page, election: TestElection, choice: string): Promise<void> {
  await page.goto(election.link(0));
  await expect(page.getByText('마감 전까지 다시 투표할 수 있습니다. 마지막 투표만 집계됩니다.')).toBeVisible();
  await identify(page, election, 0);
  await page.getByRole('radio', { name: choice }).check({ force: true });
  await page.getByRole('button', { name: w.review }).click();
  await expect(heading(page, w.reviewTitle)).toBeVisible();
}

async function cast(page: Page): Promise<string> {
  await page.getByRole('button', { name: w.right }).click();
  await expect(heading(page, w.last)).toBeVisible();
  const code = await codeOn(page);
  await page.getByRole('button', { name: w.cast }).click();
  await expect(heading(page, w.recorded)).toBeVisible({ timeout: 60_000 });
  return code;
}

test('a later vote replaces the earlier one, and says so before and after', async ({ page, site }) => {
  test.setTimeout(420_000);
  const election = await setUpElection(site, { slug: 'again', voters: 3, units: UNITS, revoting: true });
  await toReview(page, election, w.all);
  await expect(page.getByText(w.notYet)).toBeVisible();
  const first = await cast(page);
  await expect(page.getByText('앞서 한 투표는 이 투표로 바뀌었습니다')).toHaveCount(0);
  await expect(page.getByText('마감 전까지 다시 투표할 수 있습니다').first()).toBeVisible();

  await toReview(page, election, '소득 하위 50% 학생부터 단계적으로');
  // "Not voted yet" would be wrong: the earlier vote counts as long as nothing else is cast.
  await expect(page.getByText(w.notYet)).toHaveCount(0);
  await expect(page.getByText('누르지 않으면 앞서 한 투표가 그대로 집계됩니다.')).toBeVisible();
  await expectAccessibleEverywhere(page, 'voting again');
  await picture(page, 'voter/states/again');
  const second = await cast(page);
  expect(second).not.toBe(first);
  await expect(page.getByText('앞서 한 투표는 이 투표로 바뀌었습니다. 이 투표만 집계됩니다.')).toBeVisible();
  await expectAccessibleEverywhere(page, 'replaced');
  await expectReflow(page);
  await picture(page, 'voter/states/replaced');

  const turnout = (await (await fetch(`${site.url}/api/v1${election.api}/turnout`)).json()) as { counted: number };
  expect(turnout.counted).toBe(1);
});

/** The public page of the trustees: what each has done, what is next, which command to run; no secrets. */
import { announceElection, officerKey, type TestElection } from './support/election';
import { expect, test } from './support/fixtures';
import { expectAccessibleInEveryTheme, expectReflow, setLook } from './support/look';
import { picture } from './support/screens';
import type { HanpyoServer } from './support/server';

async function announce(server: HanpyoServer, slug: string): Promise<TestElection> {
  const key = (name: string, binary: string): Promise<string> => officerKey(server, slug, name, binary);
  const [authority, tally, ...trustees] = await Promise.all([key('authority', 'hanpyo-authority'), key('tally', 'hanpyo-tally'), ...['trustee1', 'trustee2', 'trustee3'].map((name) => key(name, 'hanpyo-trustee'))]);
  return announceElection(server, { slug, voters: 0, opensIn: 3600, closesIn: 86_400 }, { authority, tally, trustees });
}

test('who has done what, as it happens', async ({ page, server }) => {
  test.setTimeout(180_000);
  const election = await announce(server, 'status');
  await page.goto(`${election.home}trustees`);
  await expect(page.locator('h1')).toHaveText('수탁자 현황');
  const row = (number: number) => page.getByRole('row').filter({ hasText: `${String(number)}. 수탁자 ${String(number)}` });
  await expect(page.getByText('기다리는 수탁자: 1. 수탁자 1, 2. 수탁자 2 및 3. 수탁자 3')).toBeVisible();
  await expect(row(1).getByText('할 차례')).toBeVisible();
  await expect(page.getByText(`hanpyo-trustee --secret trustee.age ui --board ${election.board} --vkey VKEY`)).toBeVisible();
  await expect(page.getByText('ceremony --follow')).toBeVisible();

  await election.officer('trustee1', 'hanpyo-trustee', 'ceremony');
  // The page looks again by itself.
  await expect(row(1).getByText('마침')).toBeVisible({ timeout: 20_000 });
  await expect(row(2).getByText('할 차례')).toBeVisible();
  await expect(page.getByText('기다리는 수탁자: 2. 수탁자 2 및 3. 수탁자 3')).toBeVisible();
  await picture(page, 'trustee-status/ko-1280');
  await expectAccessibleInEveryTheme(page);
  for (const width of [360, 320]) {
    await page.setViewportSize({ width, height: 800 });
    await expectReflow(page);
  }
  await setLook(page, { language: 'en' });
  await expect(page.locator('h1')).toHaveText('Trustees');
  await expect(page.getByText('Waiting for: 2. 수탁자 2 and 3. 수탁자 3')).toBeVisible();
  await page.setViewportSize({ width: 360, height: 800 });
  await picture(page, 'trustee-status/en-360');
  await expectAccessibleInEveryTheme(page);

  const others = ['trustee1', 'trustee2', 'trustee3'];
  for (const step of ['ceremony', 'drill']) await Promise.all(others.map((name) => election.officer(name, 'hanpyo-trustee', step, '--follow', '--interval', '1')));
  await expect(page.getByText('Trustees have nothing to do until voting is over')).toBeVisible({ timeout: 20_000 });
  await expect(page.getByText('done', { exact: true })).toHaveCount(15);
});

test('an election that is not there, and a server that does not answer', async ({ page, server, expectTrouble }) => {
  expectTrouble(/ERR_FAILED/);
  await page.goto(`${server.url}/e/city/none/trustees`);
  await expect(page.locator('h1')).toHaveText('이 주소의 선거가 없습니다');
  await expectAccessibleInEveryTheme(page);
  await page.route('**/api/v1/**', (route) => route.abort());
  await page.getByRole('button', { name: '다시 불러오기' }).click();
  await expect(page.locator('h1')).toHaveText('서버에 연결하지 못했습니다');
});

/** Pages that are not those that were announced: said on the home page, signed as a change by the commission during voting. */
import type { Page } from '@playwright/test';
import { past, setUpElection, whileOpen } from './support/election';
import { expect, test } from './support/fixtures';
import { expectAccessibleInEveryTheme, expectReflow } from './support/look';
import { ADMIN, startServer, TENANT } from './support/server';

/** Sends another asset manifest than the server does; gives the way back. */
async function otherPages(page: Page): Promise<() => Promise<void>> {
  await page.route('**/assets.json', (route) => route.fulfill({ contentType: 'application/json', body: '{"corrected.js":{"sha256":"00","size":1}}' }));
  return () => page.unroute('**/assets.json');
}

test('a change of the voting pages is seen, signed and announced', async ({ page }) => {
  test.setTimeout(600_000);
  const server = await startServer({ settings: ['ledger.schedule_ms=60000'] });
  try {
    const election = await setUpElection(server, { slug: 'corrected', voters: 4, opensIn: 1, draft: past() });
    await whileOpen(election, async () => {
      await page.goto(`${server.url}/admin`);
      for (const [field, text] of Object.entries({ tenant: TENANT, login: 'test-manager', password: ADMIN.password })) await page.locator(`[id="${field}"]`).fill(text);
      await page.getByRole('button', { name: '로그인', exact: true }).click();
      await expect(page.locator('h1')).not.toHaveText('관리자 로그인');
      await page.goto(`${server.url}/admin/e/${election.slug}/voting`);
      await expect(page.getByText('이 서버는 공고된 투표 화면을 보내고 있습니다.')).toBeVisible({ timeout: 30_000 });

      const back = await otherPages(page);
      await page.reload();
      await expect(page.getByText('이 서버는 공고된 것과 다른 투표 화면을 보내고 있습니다')).toBeVisible({ timeout: 30_000 });
      await expectAccessibleInEveryTheme(page, 'other pages');
      await page.goto(election.home);
      await expect(page.getByText('이 서버가 보내는 화면이 공고된 것과 다릅니다')).toBeVisible();
      await expectAccessibleInEveryTheme(page, 'home, other pages');
      await page.setViewportSize({ width: 320, height: 800 });
      await expectReflow(page);
      await page.setViewportSize({ width: 1280, height: 900 });

      await page.goto(`${server.url}/admin/e/${election.slug}/voting`);
      await page.getByRole('button', { name: '화면 변경에 서명…' }).click();
      const dialog = page.locator('dialog[open]');
      await dialog.getByRole('button', { name: '화면 변경에 서명…' }).click();
      await expect(dialog).toBeVisible();
      await dialog.locator('textarea').fill('글꼴이 깨지는 문제를 고침');
      await dialog.getByRole('button', { name: '화면 변경에 서명…' }).click();
      await expect(page.getByText('이 서버는 공고된 투표 화면을 보내고 있습니다.')).toBeVisible({ timeout: 30_000 });

      // Everyone sees the change; and that it is not what is sent, once the old pages are back.
      await page.goto(election.home);
      await expect(page.getByText('글꼴이 깨지는 문제를 고침')).toBeVisible();
      await expect(page.getByText('이 서버가 보내는 화면이 공고된 것과 다릅니다')).toHaveCount(0);
      await back();
      await page.reload();
      await expect(page.getByText('이 서버가 보내는 화면이 공고된 것과 다릅니다')).toBeVisible();
    });
  } finally {
    await server.stop();
  }
});

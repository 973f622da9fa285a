/** Pages in a browser that blocks cookies: there the very mention of storage throws. Nothing is kept, and every page works. */
import { expectAccessibleEverywhere } from './support/look';
import { expect, test, WORDS } from './voter-support';

test.describe.configure({ timeout: 300_000 });

test('booth, home and observer open where storage is blocked; booth and observer say that nothing is kept', async ({ page, open, voter }) => {
  const broken: string[] = [];
  page.on('pageerror', (error) => broken.push(error.message));
  await page.addInitScript(() => {
    for (const name of ['localStorage', 'sessionStorage'])
      Object.defineProperty(window, name, {
        get: () => {
          throw new DOMException(`Failed to read the '${name}' property from 'Window': Access is denied for this document.`, 'SecurityError');
        },
      });
  });
  await page.goto(open.link(voter));
  await expect(page.getByRole('button', { name: WORDS.ko.begin })).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText('이 브라우저에서는 저장 공간을 쓸 수 없습니다')).toBeVisible();
  await expectAccessibleEverywhere(page, 'a browser that keeps nothing');
  await page.goto(open.home);
  await expect(page.getByRole('link', { name: '투표하러 가기' })).toBeVisible({ timeout: 60_000 });
  await page.goto(`${open.home}observe`);
  await expect(page.getByText('아무것도 보관하지 않습니다')).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText('지금까지 어긋난 곳이 없습니다')).toBeVisible({ timeout: 120_000 });
  expect(broken).toEqual([]);
});

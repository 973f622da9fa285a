/** Several people at one browser: what one wrote is never another's; and a session that outlives reloads and second tabs. */
import type { Page } from '@playwright/test';
import { DAY_MS, setClockWrong, YEARS_BEHIND } from './support/clock';
import { cuttingLine } from './support/cutting';
import { secondManager, setUpElection, Staff, staffOf } from './support/election';
import { expect, test } from './support/fixtures';
import { ADMIN, TENANT } from './support/server';

const draft = (ko: string): object => ({
  title: { ko, en: 'T' },
  notice: { ko: '공고', en: '' },
  profile: { id: 'kr-by-charter' },
  schedule: { windows: [{ opens: 1900000000, closes: 1900086400 }], override_reason: 'x' },
  contests: [{ title: { ko: '안건', en: 'C' }, options: [{ ko: '찬성', en: 'Y' }, { ko: '반대', en: 'N' }], kind: { type: 'choose-one', blank: true }, rule: 'majority' }],
  units: [{ title: { ko: '전체', en: 'All' } }],
  roles: { authorities: [{ name: 'A', key: null }], trustees: ['a', 'b', 'c'].map((name) => ({ name, key: null })), quorum: 2, tally: null },
  counting: { floor: 5, revoting: false },
  test: true,
});

async function logIn(page: Page, tenant: string, login: string): Promise<void> {
  await page.getByLabel('기관 이름').fill(tenant);
  await page.getByLabel('아이디').fill(login);
  await page.getByLabel('비밀번호', { exact: true }).fill(ADMIN.password);
  await page.getByRole('button', { name: '로그인' }).click();
  await expect(page.locator('h1')).toHaveText('선거 목록');
}

const logOut = (page: Page): Promise<void> => page.getByRole('button', { name: '로그아웃' }).click();
const title = (page: Page): ReturnType<Page['locator']> => page.locator('[id="title.ko"]');

/** Another address without loading the page anew, which would empty its memory. */
async function toPage(page: Page, address: string): Promise<void> {
  await page.evaluate((path) => {
    history.pushState(null, '', path);
    dispatchEvent(new PopStateEvent('popstate'));
  }, address);
}

const toWizard = (page: Page, slug: string): Promise<void> => toPage(page, `/admin/e/${slug}/edit/basics`);

test('what a manager wrote and did not save is gone for whoever logs in next', async ({ page, server }) => {
  const staff = await staffOf(server);
  await secondManager(server, 'test-next');
  await staff.manager.ask('POST', `/tenants/${TENANT}/elections`, { slug: 'same', draft: draft('원래 제목') });
  await page.goto(`${server.url}/admin`);
  await logIn(page, TENANT, 'test-manager');
  await page.getByRole('link', { name: '원래 제목' }).click();
  await toWizard(page, 'same');
  await title(page).fill('저장하지 않은 제목');
  await logOut(page);
  await logIn(page, TENANT, 'test-next');
  await toWizard(page, 'same');
  await expect(title(page)).toHaveValue('원래 제목');
  await page.getByRole('button', { name: '저장하고 다음' }).click();
  await expect(page.locator('h1')).toHaveText('일정');
  expect(await staff.manager.ask('GET', `/tenants/${TENANT}/elections/same`)).toMatchObject({ draft: { title: { ko: '원래 제목' } } });
});

test('two organisations with one short name: neither sees nor saves the other’s draft', async ({ page, server }) => {
  const staff = await staffOf(server);
  await staff.manager.ask('POST', `/tenants/${TENANT}/elections`, { slug: 'secret', draft: draft('도시의 초안') });
  const admin = await Staff.logIn(server.url, ADMIN.login, ADMIN.password);
  await admin.ask('POST', '/tenants', { slug: 'town', name: '다른 기관', admin_login: 'bob', admin_password: 'from the administrator' });
  const newcomer = async (login: string): Promise<Staff> => {
    const first = await Staff.logIn(server.url, login, 'from the administrator', 'town');
    await first.ask('POST', '/auth/password', { current: 'from the administrator', new: ADMIN.password });
    return Staff.logIn(server.url, login, ADMIN.password, 'town');
  };
  const bob = await newcomer('bob');
  await bob.ask('POST', '/tenants/town/staff', { login: 'carol', roles: ['manager'], password: 'from the administrator' });
  const carol = await newcomer('carol');
  await carol.ask('POST', '/tenants/town/elections', { slug: 'secret', draft: draft('마을의 초안') });

  await page.goto(`${server.url}/admin`);
  await logIn(page, TENANT, 'test-manager');
  await page.getByRole('link', { name: '도시의 초안' }).click();
  await toWizard(page, 'secret');
  await title(page).fill('도시의 저장하지 않은 글');
  await logOut(page);

  // The answer is held back, so that whatever is still in memory would be seen.
  let answer = (): void => undefined;
  const held = new Promise<void>((done) => (answer = done));
  await page.route('**/elections/secret', async (route) => {
    if (route.request().method() === 'GET') await held;
    await route.continue();
  });
  await logIn(page, 'town', 'carol');
  await page.getByRole('link', { name: '마을의 초안' }).click();
  await expect(page.getByText('불러오는 중').first()).toBeVisible();
  await expect(page.locator('#main')).not.toContainText('도시의');
  answer();
  await expect(page.locator('.admin-election-title')).toHaveText('마을의 초안');
  await toWizard(page, 'secret');
  await expect(title(page)).toHaveValue('마을의 초안');
  await page.getByRole('button', { name: '저장하고 다음' }).click();
  await expect(page.locator('h1')).toHaveText('일정');
  expect(await carol.ask('GET', '/tenants/town/elections/secret')).toMatchObject({ draft: { title: { ko: '마을의 초안' } } });
});

test('reloads while the answer is on its way, and a duplicated tab, leave the session as it is', async ({ page, context, server }) => {
  await staffOf(server);
  // An access token that is about to end is renewed by the page that finds it.
  const soon = async (tab: Page): Promise<void> =>
    tab.evaluate(() => {
      const kept = JSON.parse(sessionStorage.getItem('hanpyo.staff') ?? '{}') as { access: { ends: number } };
      kept.access.ends = Date.now();
      sessionStorage.setItem('hanpyo.staff', JSON.stringify(kept));
    });
  await page.goto(`${server.url}/admin`);
  await logIn(page, TENANT, 'test-manager');
  let renewals = 0;
  await page.route('**/auth/refresh', async (route) => {
    renewals += 1;
    await route.continue();
  });
  // Just after a page was committed the driver may have no page to reload: then it is told again.
  for (let pressed = 0; pressed < 2; pressed += 1) await expect(() => page.reload({ waitUntil: 'commit' })).toPass({ timeout: 30_000 });
  await expect(() => page.reload()).toPass({ timeout: 30_000 });
  await expect(page.locator('h1')).toHaveText('선거 목록');
  expect(renewals).toBe(0);

  const opened = context.waitForEvent('page');
  // A window that is opened by a page begins with a copy of its session storage.
  await page.evaluate(() => void window.open('/admin', '_blank'));
  const copy = await opened;
  await expect(copy.locator('h1')).toHaveText('선거 목록');
  await soon(copy);
  await copy.reload();
  await expect(copy.locator('h1')).toHaveText('선거 목록');
  // The first tab was told what the copy got; its own refresh token was spent.
  await soon(page);
  await page.reload();
  await expect(page.locator('h1')).toHaveText('선거 목록');
  await soon(copy);
  await copy.reload();
  await expect(copy.locator('h1')).toHaveText('선거 목록');
});

test('what is due is judged by the server’s clock', async ({ newPerson, server }) => {
  test.setTimeout(300_000);
  await setUpElection(server, { slug: 'clock', voters: 1, closesIn: 86_400 });
  const context = await newPerson();
  const page = await context.newPage();
  await setClockWrong(page, 3 * DAY_MS);
  await page.goto(`${server.url}/admin`);
  await logIn(page, TENANT, 'test-manager');
  await toPage(page, '/admin/e/clock/voting');
  const locks = page.locator('.operate-locks li');
  await expect(locks.filter({ hasText: '마감 시각' })).toContainText('아직');
  await expect(locks.filter({ hasText: '유예가 끝나는 시각' })).toContainText('아직');
});

test('a mistyped present password is sent once, is said at its field, and leaves the session as it is', async ({ page, server }) => {
  // An account of its own: its password is another one afterwards.
  await staffOf(server);
  await secondManager(server, 'test-mistyped');
  await page.goto(`${server.url}/admin`);
  await logIn(page, TENANT, 'test-mistyped');
  const asked: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST') asked.push(new URL(request.url()).pathname);
  });
  await toPage(page, '/admin/account');
  await page.getByLabel('지금 비밀번호', { exact: true }).fill('mistyped password');
  await page.getByLabel('새 비밀번호', { exact: true }).fill('a new password of one’s own');
  await page.getByLabel('새 비밀번호 다시 입력').fill('a new password of one’s own');
  await page.getByRole('button', { name: '비밀번호 바꾸기' }).click();
  await expect(page.getByLabel('지금 비밀번호', { exact: true })).toHaveAccessibleDescription(/지금 비밀번호가 맞지 않습니다/);
  expect(asked).toEqual(['/api/v1/auth/password']);
  await page.getByLabel('지금 비밀번호', { exact: true }).fill(ADMIN.password);
  await page.getByRole('button', { name: '비밀번호 바꾸기' }).click();
  await expect(page.getByText('비밀번호를 바꾸었습니다.')).toBeVisible();
});

test('an answer that breaks off is told, with another try', async ({ page, server, expectTrouble }) => {
  expectTrouble(/^Failed to load resource: net::ERR_CONTENT_LENGTH_MISMATCH/);
  await staffOf(server);
  const line = await cuttingLine(server.url);
  try {
    await page.goto(`${line.url}/admin`);
    await logIn(page, TENANT, 'test-manager');
    line.cut = /^GET .*\/elections(\?|$)/;
    await page.reload();
    await expect(page.getByRole('alert')).toContainText('서버에 연결하지 못했습니다');
    line.cut = null;
    await page.getByRole('button', { name: '다시 시도' }).click();
    await expect(page.getByRole('alert')).toHaveCount(0);
    await expect(page.getByText('불러오는 중').first()).toHaveCount(0);
  } finally {
    await line.stop();
  }
});

test('the dates that a new election begins with follow the server’s clock', async ({ page, server }) => {
  const { manager } = await staffOf(server);
  await setClockWrong(page, YEARS_BEHIND);
  await page.goto(`${server.url}/admin`);
  await logIn(page, TENANT, 'test-manager');
  await toPage(page, '/admin/new');
  await page.getByLabel('제목 (한국어)').fill('시계');
  await page.getByLabel('제목 (영어)').fill('Clocks');
  await page.getByRole('button', { name: '만들고 이어서 작성' }).click();
  await expect(page.locator('h1')).toHaveText('기본 사항');
  const proposed = async (): Promise<number> => {
    const found = (await manager.ask('GET', `/tenants/${TENANT}/elections/clocks`)) as { draft: { schedule: { windows: { opens: number }[] } } };
    return ((found.draft.schedule.windows[0]?.opens ?? 0) * 1000 - Date.now()) / DAY_MS;
  };
  // Two days of early voting, on the fifth and fourth day before the first Wednesday at least 23 days from now.
  expect(await proposed()).toBeGreaterThan(16);
  expect(await proposed()).toBeLessThan(26);
});

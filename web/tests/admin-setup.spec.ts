/** The console's first half by its pages alone: first log-in, accounts, a referendum by the wizard, approval by a second person. */
import { generateKeyPairSync } from 'node:crypto';
import type { Page } from '@playwright/test';
import { staffOf } from './support/election';
import { expect, test } from './support/fixtures';
import { expectFocusSeen, keyboardOf } from './support/keyboard';
import { expectAccessibleEverywhere, expectReflow, expectTargets, setLook } from './support/look';
import { picture } from './support/screens';
import { ADMIN, TENANT } from './support/server';

const PASSWORD = 'four words that nobody guesses';

/** A public key as an officer's program prints it. */
function officerKey(): string {
  const { x = '' } = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
  return Buffer.from(x, 'base64url').toString('hex');
}

async function logIn(page: Page, login: string, password: string): Promise<void> {
  await page.getByLabel('기관 이름').fill(TENANT);
  await page.getByLabel('아이디').fill(login);
  await page.getByLabel('비밀번호').fill(password);
  await page.getByRole('button', { name: '로그인' }).click();
}

/** Makes an account by the page of people; gives the password that the page told. */
async function addPerson(page: Page, login: string, ...roles: string[]): Promise<string> {
  await page.getByRole('link', { name: '사용자' }).click();
  await page.getByRole('button', { name: '계정 만들기' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('아이디').fill(login);
  for (const role of roles) await dialog.getByRole('checkbox', { name: new RegExp(`^${role}`) }).check();
  await dialog.getByRole('button', { name: '만들기', exact: true }).click();
  await expect(page.getByText(`${login}의 첫 비밀번호`)).toBeVisible();
  return page.locator('.admin-password').innerText();
}

/** First log-in with a password that somebody else made. */
async function firstLogIn(page: Page, login: string, given: string): Promise<void> {
  await logIn(page, login, given);
  await expect(page.locator('h1')).toHaveText('새 비밀번호를 정하십시오');
  await page.getByLabel('받으신 비밀번호').fill(given);
  await page.getByLabel('새 비밀번호', { exact: true }).fill(PASSWORD);
  await page.getByLabel('새 비밀번호 다시 입력').fill(PASSWORD);
  await page.getByRole('button', { name: '비밀번호 바꾸기' }).click();
  await expect(page.locator('h1')).toHaveText('선거 목록');
}

async function logOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: '로그아웃' }).click();
  await expect(page.locator('h1')).toHaveText('관리자 로그인');
}

/** Axe in every theme, narrow and wide, no scrolling in two directions at 320 px, controls large enough; pictures at 360 and 1280 px in both languages. */
async function look(page: Page, name: string): Promise<void> {
  await expectAccessibleEverywhere(page, name);
  for (const language of ['ko', 'en'] as const) {
    // The display menu's own button changes the language without loading, so that nothing typed is lost.
    if (language === 'en') await page.getByRole('button', { name: 'English', exact: true }).first().click();
    for (const width of [360, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      await expectReflow(page);
      await picture(page, `admin/${language}-${String(width)}-${name}`);
    }
    if (language === 'en') await page.getByRole('button', { name: '한국어', exact: true }).first().click();
  }
  await page.setViewportSize({ width: 320, height: 640 });
  await expectReflow(page);
  // For staff at desks, WCAG's own size; voters get 48 px.
  await expectTargets(page, 24);
  await page.setViewportSize({ width: 1280, height: 900 });
}

/** A page of somebody in a tab of their own. */
async function openConsole(page: Page, url: string): Promise<void> {
  await setLook(page, { language: 'ko', theme: 'light' });
  await page.goto(`${url}/admin`);
}

test('wrong log-ins say so at the field and to nobody which part was wrong', async ({ page, server }) => {
  await openConsole(page, server.url);
  await look(page, 'login');
  await page.getByRole('button', { name: '로그인' }).click();
  await expect(page.getByRole('alert')).toContainText('고쳐야 할 곳이 3군데 있습니다');
  await expect(page.getByLabel('아이디')).toHaveAttribute('aria-invalid', 'true');
  await expectAccessibleEverywhere(page, 'login with errors');
  await logIn(page, ADMIN.login, 'not the password at all');
  await expect(page.locator('#password-error')).toContainText('맞지 않는 것이 있습니다');
  await expect(page.getByRole('alert')).toBeFocused();
});

test('keyboard only: log-in and the first steps of the wizard, the focus always seen', async ({ page, server }) => {
  test.setTimeout(120_000);
  await staffOf(server);
  await openConsole(page, server.url);
  const { reach, press, type } = keyboardOf(page);
  await reach('textbox', /^기관 이름/);
  await type(TENANT);
  await press('Tab');
  await type('test-manager');
  await press('Tab');
  await expectFocusSeen(page);
  await type(ADMIN.password);
  await press('Enter');
  await expect(page.locator('h1')).toHaveText('선거 목록');
  await reach('link', '새 선거 만들기');
  await press('Enter');
  await expect(page.locator('h1')).toBeFocused();

  // Sent with nothing in it: the summary of errors has the focus, and its links lead to the fields.
  await reach('button', '만들고 이어서 작성');
  await press('Enter');
  await expect(page.getByRole('alert')).toBeFocused();
  await press('Tab', 'Enter');
  const title = page.getByLabel('제목 (한국어)');
  await expect(title).toBeFocused();
  await expectFocusSeen(page);
  await type('키보드로 만드는 주민투표');
  await press('Tab');
  await type('By keyboard alone');
  await reach('radio', /^주민투표/);
  await press('ArrowDown');
  await expect(page.getByRole('radio', { name: /^국가정책/ })).toBeChecked();
  await expectFocusSeen(page);
  await press('ArrowUp');
  await reach('checkbox', /시험 투표/);
  await press('Space');
  await reach('button', '만들고 이어서 작성');
  await press('Enter');

  await expect(page.locator('h1')).toHaveText('기본 사항');
  await expect(page.locator('h1')).toBeFocused();
  await expect(page.getByRole('checkbox', { name: /시험 투표/ })).toBeChecked();
  await reach('textbox', /^공고문 \(한국어\)/);
  await press('Control+A');
  await type('키보드만으로 작성한 공고문입니다.');
  await reach('button', '저장하고 다음');
  await press('Enter');

  await expect(page.locator('h1')).toHaveText('일정');
  await expect(page.locator('h1')).toBeFocused();
  await reach('radio', /^법에 따라 계산/);
  await press('ArrowDown');
  await expect(page.getByRole('radio', { name: /^직접 정하기/ })).toBeChecked();
  await expectFocusSeen(page);
  await reach('textbox', /^법정 일정과 다른 이유/);
  await type('시험 투표');
  await reach('button', '저장하고 다음');
  await press('Enter');
  await expect(page.locator('h1')).toHaveText('안건');
  await expect(page.locator('h1')).toBeFocused();
  await reach('textbox', '선택지 1 (한국어)');
  await press('Control+A');
  await type('매우 찬성');
  await expect(page.getByLabel('선택지 1 (한국어)')).toHaveValue('매우 찬성');
});

test('a referendum is set up and approved by pages only', async ({ page, context, newPerson, server }) => {
  test.setTimeout(900_000);
  await openConsole(page, server.url);

  // The first administrator makes another one, who writes no elections and makes the accounts of those who do.
  await logIn(page, ADMIN.login, ADMIN.password);
  await expect(page.locator('h1')).toHaveText('선거 목록');
  await page.getByRole('link', { name: '사용자' }).click();
  await page.getByRole('button', { name: '계정 만들기' }).click();
  await page.getByRole('dialog').getByLabel('아이디').fill('Not A Name');
  await page.getByRole('dialog').getByRole('button', { name: '만들기', exact: true }).click();
  await expect(page.locator('#login-error')).toContainText('영문 소문자');
  await expect(page.locator('#roles-error')).toContainText('하나 이상');
  await expectAccessibleEverywhere(page, 'new account with errors');
  await page.getByRole('dialog').getByRole('button', { name: '취소' }).click();
  const bossPassword = await addPerson(page, 'boss', '관리자');
  await logOut(page);

  await logIn(page, 'boss', bossPassword);
  await expect(page.locator('h1')).toHaveText('새 비밀번호를 정하십시오');
  await look(page, 'first-password');
  await page.getByLabel('받으신 비밀번호').fill(bossPassword);
  await page.getByLabel('새 비밀번호', { exact: true }).fill('short');
  await page.getByLabel('새 비밀번호 다시 입력').fill('other');
  await page.getByRole('button', { name: '비밀번호 바꾸기' }).click();
  await expect(page.locator('#next-error')).toContainText('12자 이상');
  await expect(page.locator('#again-error')).toContainText('서로 다릅니다');
  await page.getByLabel('새 비밀번호', { exact: true }).fill(PASSWORD);
  await page.getByLabel('새 비밀번호 다시 입력').fill(PASSWORD);
  await page.getByRole('button', { name: '비밀번호 바꾸기' }).click();
  await expect(page.locator('h1')).toHaveText('선거 목록');

  // A reload keeps the session of this tab.
  await page.reload();
  await expect(page.locator('h1')).toHaveText('선거 목록');
  const minji = await addPerson(page, 'minji', '선거 담당', '승인');
  const suho = await addPerson(page, 'suho', '승인');
  await look(page, 'people');
  await logOut(page);

  // Minji writes a referendum. She may approve elections, too: only not this one.
  await firstLogIn(page, 'minji', minji);
  await look(page, 'dashboard-empty');
  await page.getByRole('link', { name: '새 선거 만들기' }).click();
  await page.getByRole('button', { name: '만들고 이어서 작성' }).click();
  await expect(page.getByRole('alert')).toContainText('2군데');
  await look(page, 'create');
  await page.getByLabel('제목 (한국어)').fill('도서관 개관 시간 연장에 관한 주민투표');
  await page.getByLabel('제목 (영어)').fill('Longer opening hours of the library');
  await expect(page.getByLabel('주소에 쓸 이름')).toHaveValue('longer-opening-hours-library');
  await page.getByLabel('주소에 쓸 이름').fill('library');
  await page.getByRole('button', { name: '만들고 이어서 작성' }).click();

  await expect(page.locator('h1')).toHaveText('기본 사항');
  await look(page, 'wizard-basics');
  await page.getByLabel('공고문 (한국어)').fill('');
  await page.getByRole('button', { name: '저장하고 다음' }).click();
  await expect(page.locator('[id="notice.ko-error"]')).toContainText('입력하십시오');
  await expect(page.getByRole('alert')).toBeFocused();
  await page.getByLabel('공고문 (한국어)').fill('도서관 개관 시간을 밤 10시까지 연장하는 안에 대하여 주민투표를 실시합니다.');
  await page.getByRole('button', { name: '저장하고 다음' }).click();

  await expect(page.locator('h1')).toHaveText('일정');
  await page.getByLabel('투표 발의일').fill('2030-01-01');
  await expect(page.getByText('2030년 1월 30일 (수)').first()).toBeVisible();
  await expect(page.getByText('2030년 1월 25일 (금) 06:00부터 18:00까지')).toBeVisible();
  await look(page, 'wizard-schedule');
  await page.getByRole('radio', { name: '직접 정하기' }).check();
  await page.locator('[id="schedule.windows[0].closes"]').fill('2030-01-25T05:00');
  await page.getByRole('button', { name: '저장하고 다음' }).click();
  await expect(page.locator('[id="schedule.windows[0].closes-error"]')).toContainText('뒤여야');
  await expect(page.locator('[id="schedule.override_reason-error"]')).toContainText('이유');
  await look(page, 'wizard-schedule-errors');
  await page.getByRole('radio', { name: '법에 따라 계산' }).check();
  await page.getByLabel('투표 발의일').fill('2030-01-01');
  await page.getByRole('button', { name: '저장하고 다음' }).click();

  // Yes and no are there already.
  await expect(page.locator('h1')).toHaveText('안건');
  await expect(page.getByLabel('선택지 1 (한국어)')).toHaveValue('찬성');
  await expect(page.getByLabel('선택지 2 (영어)')).toHaveValue('Against');
  await expect(page.getByLabel('안건 제목 (한국어)')).toHaveValue('도서관 개관 시간 연장에 관한 주민투표');
  await page.getByLabel('선택지 2 (한국어)').fill('찬성');
  await page.getByRole('button', { name: '저장하고 다음' }).click();
  await expect(page.locator('[id="contests[0].options[1].ko-error"]')).toContainText('이름이 같거나');
  await page.getByLabel('선택지 2 (한국어)').fill('반대');
  // The order is drawn by lot: the server commits itself first.
  await page.getByText('추첨으로 순서 정하기').click();
  await page.getByRole('button', { name: '추첨 준비' }).click();
  await page.getByLabel('현장에서 더하는 말').fill('7 23 41');
  await page.getByRole('button', { name: '추첨', exact: true }).click();
  await expect(page.getByText('현장에서 더한 말: 7 23 41')).toBeVisible();
  await look(page, 'wizard-contests');
  // What the lot decided is not moved afterwards.
  const up = page.getByRole('button', { name: '선택지 2 위로' });
  await up.click();
  await page.getByRole('button', { name: '저장하고 다음' }).click();
  await expect(page.locator('[id="contests[0].options-error"]')).toContainText('마지막 추첨과 다릅니다');
  await up.click();
  await page.getByRole('button', { name: '저장하고 다음' }).click();

  await expect(page.locator('h1')).toHaveText('투표구와 집계');
  await page.getByText('여러 투표구를 한 번에 넣기').click();
  await page.getByLabel('투표구 목록').fill('동부, East\n서부, West\n');
  await page.getByRole('button', { name: '투표구 2개로 바꾸기' }).click();
  await page.getByLabel('함께 공개할 최소 표 수').fill('2');
  await page.getByRole('button', { name: '저장하고 다음' }).click();
  await expect(page.locator('[id="counting.floor-error"]')).toContainText('5 이상');
  await look(page, 'wizard-districts');
  await page.getByLabel('함께 공개할 최소 표 수').fill('5');
  await page.getByRole('button', { name: '저장하고 다음' }).click();

  await expect(page.locator('h1')).toHaveText('관리 인원');
  const key = officerKey();
  for (const number of [1, 2, 3]) {
    await page.getByLabel(`수탁자 ${String(number)} 이름`).fill(`수탁자 ${['가', '나', '다'][number - 1] ?? ''}`);
    await page.getByLabel(`수탁자 ${String(number)} 공개키`).fill(number === 1 ? key : number === 2 ? key : 'abc');
  }
  await page.getByLabel('발급 기관 1 이름').fill('시 선거관리위원회');
  await page.getByLabel('발급 기관 1 공개키').fill(officerKey());
  await page.getByRole('button', { name: '저장하고 다음' }).click();
  await expect(page.locator('[id="roles.trustees[1].key-error"]')).toContainText('다른 사람의 키와 같습니다');
  await expect(page.locator('[id="roles.trustees[2].key-error"]')).toContainText('64자리');
  await expect(page.locator('[id="roles.tally-error"]')).toContainText('붙여 넣으십시오');
  await look(page, 'wizard-officers');
  await page.getByLabel('수탁자 2 공개키').fill(officerKey());
  await page.getByLabel('수탁자 3 공개키').fill(officerKey());
  await page.getByLabel('집계 담당 공개키').fill(officerKey());
  await page.getByRole('button', { name: '저장하고 다음' }).click();

  await expect(page.locator('h1')).toHaveText('확인과 제출');
  await look(page, 'wizard-review');

  // The ballot as voters will see it.
  await page.getByRole('link', { name: '투표용지 미리 보기' }).click();
  await expect(page.locator('h1')).toHaveText('도서관 개관 시간 연장에 관한 주민투표');
  await look(page, 'preview');
  await page.getByRole('group', { name: '언어' }).getByRole('radio', { name: 'English' }).check();
  await expect(page.locator('h1')).toHaveText('Longer opening hours of the library');
  await page.getByRole('group', { name: 'Appearance' }).getByRole('radio', { name: 'Dark' }).check();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.getByRole('radio', { name: /^\d?\s*For/ }).check();
  await page.locator('form button[type=submit]').click();
  await expect(page.locator('.summary')).toContainText('For');
  await page.goBack();
  await expect(page.locator('h1')).toHaveText('확인과 제출');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');

  await page.getByRole('button', { name: '승인 요청' }).click();
  await expect(page.locator('h1')).toHaveText('개요');
  // The author cannot approve.
  await page.getByRole('button', { name: '확정' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '확정' }).click();
  await expect(page.getByRole('dialog').getByRole('alert')).toContainText('서로 다른 사람이어야');
  await expectAccessibleEverywhere(page, 'approval by the author');
  await page.getByRole('dialog').getByRole('button', { name: '취소' }).click();

  // Suho returns it with a reason, Minji sees it and submits again.
  const second = await context.newPage();
  await openConsole(second, server.url);
  await firstLogIn(second, 'suho', suho);
  await look(second, 'dashboard-in-review');
  await second.getByRole('link', { name: '도서관 개관 시간 연장에 관한 주민투표' }).click();
  await expect(second.getByText('확인하고 결정해 주십시오')).toBeVisible();
  await expect(second.getByText('현장에서 더한 말: 7 23 41')).toBeVisible();
  await expect(second.getByText('추첨한 계정: minji')).toBeVisible();
  await look(second, 'overview-in-review');
  await second.getByRole('button', { name: '돌려보내기' }).click();
  await second.getByRole('dialog').getByRole('button', { name: '돌려보내기' }).click();
  await expect(second.locator('#reason-error')).toContainText('적으십시오');
  await second.getByLabel('고쳐야 할 것').fill('공고문에 밤 10시가\n맞는지 확인해 주십시오.');
  await second.getByRole('dialog').getByRole('button', { name: '돌려보내기' }).click();
  await expect(second.getByText('승인 담당이 돌려보냈습니다')).toBeVisible();

  await page.reload();
  await expect(page.getByText('공고문에 밤 10시가 맞는지 확인해 주십시오.')).toBeVisible();
  await page.getByRole('link', { name: '이어서 작성' }).click();
  await page.getByRole('button', { name: '승인 요청' }).click();
  await expect(page.locator('h1')).toHaveText('개요');

  await second.reload();
  const shown = (await second.locator('.hash-value').first().innerText()).replace(/\s/g, '');
  await second.getByRole('button', { name: '확정' }).click();
  await second.getByRole('dialog').getByRole('button', { name: '확정' }).click();
  await expect(second.getByText('내용이 확정되었습니다')).toBeVisible();
  await expect(second.getByText('키 생성').first()).toBeVisible();
  await look(second, 'overview-approved');

  // What was shown is what is frozen, and nobody writes any more.
  const face = (await (await fetch(`${server.url}/api/v1/tenants/${TENANT}/elections/library/public`)).json()) as { manifest_hash: string; phase: string; title: { ko: string } };
  expect(face).toMatchObject({ manifest_hash: shown, phase: 'ceremony', title: { ko: '도서관 개관 시간 연장에 관한 주민투표' } });
  // Everyone sees the draw, and not whose account it was.
  const anyone = await (await newPerson()).newPage();
  await anyone.goto(`${server.url}/e/${TENANT}/library/`);
  await expect(anyone.getByText('현장에서 더한 말: 7 23 41')).toBeVisible();
  await expect(anyone.getByText('추첨한 계정')).toHaveCount(0);
  await look(anyone, 'public-draws');
  await page.goto(`${server.url}/admin/e/library/edit/basics`);
  await expect(page.getByText('확정된 내용은 아무도 고칠 수 없습니다')).toBeVisible();
});

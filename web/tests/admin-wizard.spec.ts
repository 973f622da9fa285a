/** The wizard with every kind of contest, several districts and ballot styles; its preview; and what the server makes of it. */
import { generateKeyPairSync } from 'node:crypto';
import type { Page } from '@playwright/test';
import { staffOf } from './support/election';
import { expect, test } from './support/fixtures';
import { expectAccessibleInEveryTheme, expectReflow, setLook } from './support/look';
import { picture } from './support/screens';
import { ADMIN, TENANT } from './support/server';

function officerKey(): string {
  const { x = '' } = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
  return Buffer.from(x, 'base64url').toString('hex');
}

const next = (page: Page): Promise<void> => page.getByRole('button', { name: '저장하고 다음' }).click();

/** One contest of the wizard's page. */
async function contest(page: Page, number: number, title: [ko: string, en: string], options: readonly [ko: string, en: string][]): Promise<ReturnType<Page['locator']>> {
  const card = page.locator('section.card').nth(number - 1);
  await card.getByLabel('안건 제목 (한국어)').fill(title[0]);
  await card.getByLabel('안건 제목 (영어)').fill(title[1]);
  for (const [index, [ko, en]] of options.entries()) {
    if (index >= 2) await card.getByRole('button', { name: '선택지 더하기' }).click();
    await card.getByLabel(`선택지 ${String(index + 1)} (한국어)`).fill(ko);
    await card.getByLabel(`선택지 ${String(index + 1)} (영어)`).fill(en);
  }
  return card;
}

const PEOPLE: readonly [string, string][] = [
  ['김하나', 'Kim Hana'],
  ['이두리', 'Lee Duri'],
  ['박세찬', 'Park Sechan'],
  ['최네온', 'Choi Neon'],
];

test('an association elects by choosing, scoring and ranking, each branch by its own ballot', async ({ page, server }) => {
  test.setTimeout(600_000);
  const staff = await staffOf(server);
  await setLook(page, {});
  await page.goto(`${server.url}/admin`);
  await page.getByLabel('기관 이름').fill(TENANT);
  await page.getByLabel('아이디').fill('test-manager');
  await page.getByLabel('비밀번호', { exact: true }).fill(ADMIN.password);
  await page.getByRole('button', { name: '로그인' }).click();
  await page.getByRole('link', { name: '새 선거 만들기' }).click();
  await page.getByRole('radio', { name: /^위탁선거/ }).check();
  await page.getByLabel('제목 (한국어)').fill('조합 임원 선거');
  await page.getByLabel('제목 (영어)').fill('Election of the board');
  await page.getByLabel('주소에 쓸 이름').fill('board');
  await page.getByRole('button', { name: '만들고 이어서 작성' }).click();
  await expect(page.locator('h1')).toHaveText('기본 사항');
  await next(page);
  await expect(page.locator('h1')).toHaveText('일정');
  await next(page);

  await test.step('contests: two to three of four; points that add up; ranks', async () => {
    await expect(page.locator('h1')).toHaveText('안건');
    const choose = await contest(page, 1, ['이사 선출', 'Board members'], PEOPLE);
    await choose.getByRole('radio', { name: /^여럿 고르기/ }).check();
    await choose.getByLabel('적어도 몇 개').fill('3');
    await choose.getByLabel('많아야 몇 개').fill('2');
    await page.getByRole('button', { name: '안건 더하기' }).click();
    const score = await contest(page, 2, ['사업 우선순위', 'Priorities'], PEOPLE.slice(0, 3));
    await score.getByRole('radio', { name: /^점수 주기/ }).check();
    await score.getByLabel('가장 높은 점수').fill('10');
    await score.getByLabel('점수의 합').selectOption({ label: '꼭 맞추어야 함' });
    await score.getByLabel('점수 합계').fill('10');
    await score.getByRole('checkbox', { name: /^점수를 주지 않은/ }).uncheck();
    await page.getByRole('button', { name: '안건 더하기' }).click();
    const rank = await contest(page, 3, ['조합장 선출', 'President'], PEOPLE.slice(0, 3));
    await rank.getByRole('radio', { name: /^순위 매기기/ }).check();
    await expect(rank.getByLabel('많아야 몇 순위까지')).toHaveValue('3');
    await rank.getByLabel('적어도 몇 순위까지').fill('2');
    await rank.getByLabel('결정 방법').selectOption({ label: '1순위를 많이 받은 순서' });

    // At least three and at most two cannot be.
    await next(page);
    await expect(page.getByRole('alert')).toContainText('투표 방식의 수가 선택지의 수와 맞지 않습니다.');
    await choose.getByLabel('적어도 몇 개').fill('2');
    await choose.getByLabel('많아야 몇 개').fill('3');
    await choose.getByLabel(/^뽑는/).fill('2');
    await expectAccessibleInEveryTheme(page, 'contests of every kind');
    await picture(page, 'admin/ko-1280-wizard-kinds');
    await next(page);
  });

  await test.step('districts and ballot styles', async () => {
    await expect(page.locator('h1')).toHaveText('투표구와 집계');
    await page.getByText('여러 투표구를 한 번에 넣기').click();
    await page.getByLabel('투표구 목록').fill('본점, Head office\n강남지점, Gangnam branch\n부산지점, Busan branch\n');
    await page.getByRole('button', { name: '투표구 3개로 바꾸기' }).click();
    await page.getByRole('radio', { name: /^사람에 따라/ }).check();
    await page.getByRole('button', { name: '투표용지 더하기' }).click();
    const [first, second] = [page.locator('section .card').nth(0), page.locator('section .card').nth(1)];
    await first.getByLabel('투표용지 이름 (한국어)').fill('정조합원');
    await first.getByLabel('투표용지 이름 (영어)').fill('Full members');
    await second.getByLabel('투표용지 이름 (한국어)').fill('준조합원');
    await second.getByLabel('투표용지 이름 (영어)').fill('Associate members');
    // A contest that is on no ballot is refused.
    for (const card of [first, second]) await card.getByRole('checkbox', { name: '사업 우선순위' }).uncheck();
    await next(page);
    await expect(page.getByRole('alert')).toContainText('어느 투표용지에도 없는 안건이 있습니다.');
    for (const card of [first, second]) await card.getByRole('checkbox', { name: '사업 우선순위' }).check();
    await second.getByRole('checkbox', { name: '조합장 선출' }).uncheck();
    await expectReflow(page);
    await expectAccessibleInEveryTheme(page, 'ballot styles');
    await picture(page, 'admin/ko-1280-wizard-styles');
    await next(page);
  });

  await test.step('officers', async () => {
    await expect(page.locator('h1')).toHaveText('관리 인원');
    for (const number of [1, 2, 3]) {
      await page.getByLabel(`수탁자 ${String(number)} 이름`).fill(`수탁자 ${String(number)}`);
      await page.getByLabel(`수탁자 ${String(number)} 공개키`).fill(officerKey());
    }
    await page.getByLabel('발급 기관 1 이름').fill('조합 선거관리위원회');
    await page.getByLabel('발급 기관 1 공개키').fill(officerKey());
    await page.getByLabel('집계 담당 공개키').fill(officerKey());
    await next(page);
    await expect(page.locator('h1')).toHaveText('확인과 제출');
    for (const text of ['2개부터 3개까지 고름', '2명을 뽑음', '선택지마다 0점부터 10점까지', '점수의 합은 꼭 10점이어야 함', '2순위부터 3순위까지 매김', '준조합원: 이사 선출 및 사업 우선순위']) await expect(page.locator('#main')).toContainText(text);
    await picture(page, 'admin/ko-1280-wizard-kinds-review');
  });

  await test.step('each ballot as its voters will see it', async () => {
    await page.getByRole('link', { name: '투표용지 미리 보기' }).click();
    const submit = page.locator('form button[type=submit]');
    await expect(page.locator('h1')).toHaveText('이사 선출');
    for (const name of ['김하나', '이두리', '박세찬']) await page.getByRole('checkbox', { name }).check();
    // The fourth cannot be marked.
    await expect(page.getByRole('checkbox', { name: '최네온' })).toBeDisabled();
    await submit.click();
    await expect(page.locator('h1')).toHaveText('사업 우선순위');
    await expect(page.getByText('이두리')).toBeVisible();
    await page.getByLabel('투표용지', { exact: true }).selectOption({ label: '준조합원' });
    await expect(page.locator('h1')).toHaveText('이사 선출');
    for (const name of ['김하나', '이두리', '박세찬']) await page.getByRole('checkbox', { name }).check();
    await submit.click();
    await expect(page.locator('h1')).toHaveText('사업 우선순위');
    for (const [name, points] of [['김하나', '5'], ['이두리', '3'], ['박세찬', '2']] as const) await page.getByRole('group', { name }).getByRole('radio', { name: `${points}점`, exact: true }).check({ force: true });
    await submit.click();
    // Associate members do not elect the president.
    await expect(page.locator('.summary')).toContainText('사업 우선순위');
    await expect(page.locator('.summary')).not.toContainText('조합장 선출');
    await expectAccessibleInEveryTheme(page, 'preview of a style');
    await page.getByLabel('투표용지', { exact: true }).selectOption({ label: '정조합원' });
    for (const name of ['김하나', '이두리', '박세찬']) await page.getByRole('checkbox', { name }).check();
    await submit.click();
    for (const [name, points] of [['김하나', '5'], ['이두리', '3'], ['박세찬', '2']] as const) await page.getByRole('group', { name }).getByRole('radio', { name: `${points}점`, exact: true }).check({ force: true });
    await submit.click();
    await expect(page.locator('h1')).toHaveText('조합장 선출');
    for (const place of [1, 2, 3]) await page.getByRole('button', { name: new RegExp(`${String(place)}순위로`) }).first().click();
    await picture(page, 'admin/ko-1280-preview-rank');
    await submit.click();
    await expect(page.locator('.summary')).toContainText('조합장 선출');
    await page.goBack();
  });

  await test.step('the server takes it, and another person freezes it', async () => {
    await expect(page.locator('h1')).toHaveText('확인과 제출');
    await page.getByRole('button', { name: '승인 요청' }).click();
    await expect(page.locator('h1')).toHaveText('개요');
    const path = `/tenants/${TENANT}/elections/board`;
    const view = (await staff.approver.ask('GET', path)) as { version: number; manifest_hash: string; state: string; draft: Record<string, unknown> };
    expect(view.state).toBe('in_review');
    expect(view.draft).toMatchObject({
      contests: [
        { kind: { type: 'choose', min: 2, max: 3 }, rule: 'plurality', seats: 2 },
        { kind: { type: 'score', max: 10, total: { exactly: 10 }, unanswered: false }, rule: 'mean' },
        { kind: { type: 'rank', min: 2, max: 3 }, rule: 'first-preferences' },
      ],
      units: [{ title: { ko: '본점' } }, { title: { ko: '강남지점' } }, { title: { ko: '부산지점' } }],
      styles: [{ title: { ko: '정조합원' }, contests: [0, 1, 2] }, { title: { ko: '준조합원' }, contests: [0, 1] }],
    });
    await staff.approver.ask('POST', `${path}/approve`, { manifest_hash: view.manifest_hash }, view.version);
    const face = (await (await fetch(`${server.url}/api/v1${path}/public`)).json()) as { manifest_hash: string; phase: string };
    expect(face).toMatchObject({ manifest_hash: view.manifest_hash, phase: 'ceremony' });
    // The public page reads the same manifest.
    await page.goto(`${server.url}/e/${TENANT}/board/`);
    await expect(page.getByRole('article').filter({ hasText: '조합장 선출' })).toContainText('박세찬');
  });
});

/** The printed forms: made from the record in the browser, with the figures of the record, on A4. */
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Locator, Page } from '@playwright/test';
import { closeAfter, past, setUpElection, type TestElection, whileOpen } from './support/election';
import { expect as patience, test } from './support/fixtures';
import { expectAccessible, expectAccessibleInEveryTheme, expectReflow, setLook } from './support/look';
import { picture } from './support/screens';
import { ADMIN, program, startServer, TENANT } from './support/server';

const run = promisify(execFile);
/** The record is checked before anything is shown. */
const expect = patience.configure({ timeout: 60_000 });

const UNITS = [
  { ko: '종로구', en: 'Jongno-gu' },
  { ko: '중구', en: 'Jung-gu' },
];
const VOTERS = 16;
/** Twelve vote: eight for the first option, four for the second; the districts in turn, so that each has six. */
const VOTES = [1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2];

async function vote(election: TestElection): Promise<void> {
  const choices = join(election.folder, 'choices.csv');
  writeFileSync(choices, `voter_id,contact,at_ms,intent,choices\n${VOTES.map((choice, voter) => `${election.letter(voter).voter},${election.letter(voter).contact},0,cast,${String(choice)}`).join('\n')}\n`);
  const { server, slug, vkey, folder } = election;
  await run(program('hanpyo-voter'), ['many', '--server', server.url, '--election', `${TENANT}/${slug}`, '--vkey', vkey, '--codes', join(folder, 'authority/issued/letters.csv'), '--choices', choices, '--outbox', join(server.folder, 'data/outbox')]);
}

async function logIn(page: Page, election: TestElection): Promise<void> {
  await page.goto(`${election.server.url}/admin`);
  await page.getByLabel('기관 이름').fill(TENANT);
  await page.getByLabel('아이디').fill('test-manager');
  await page.getByLabel('비밀번호', { exact: true }).fill(ADMIN.password);
  await page.getByRole('button', { name: '로그인' }).click();
  await expect(page.getByRole('button', { name: '로그아웃' })).toBeVisible();
}

const sheet = (page: Page): Locator => page.locator('.paper');
/** The value beside a name. */
const fact = (page: Page, name: string): Locator =>
  sheet(page)
    .getByRole('row')
    .filter({ has: page.getByRole('rowheader', { name, exact: true }) })
    .first()
    .getByRole('cell');
/** The cells of a row of figures. */
const cells = (page: Page, table: string, name: string): Locator =>
  sheet(page)
    .getByRole('table', { name: table })
    .getByRole('row')
    .filter({ has: page.getByRole('rowheader', { name, exact: true }) })
    .getByRole('cell');

/** Prints as the button does, on A4; gives the number of pages. */
async function printed(page: Page, name: string): Promise<number> {
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
  // 210 x 297 mm in points.
  expect(pdf).toMatch(/\/MediaBox\s*\[\s*0 0 59[45](\.\d+)? 84[12](\.\d+)?\s*\]/);
  await page.emulateMedia({ media: 'print' });
  for (const hidden of ['.top-bar', '.footer', '.admin-election', '.no-print']) for (const one of await page.locator(hidden).all()) await expect(one).toBeHidden();
  await expect(sheet(page)).toBeVisible();
  await page.setViewportSize({ width: 680, height: 960 });
  await picture(page, `papers/${name}-print`);
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.emulateMedia({ media: null });
  return [...pdf.matchAll(/\/Type\s*\/Page\b(?!s)/g)].length;
}

test('voting record and count sheet say what the record says, in Korean and English, on A4', async ({ page }) => {
  test.setTimeout(1_200_000);
  const server = await startServer({ settings: ['ledger.schedule_ms=60000'] });
  try {
    const election = await setUpElection(server, { slug: 'forms', voters: VOTERS, units: UNITS, opensIn: 1, profile: 'kr-resident-vote-2022', draft: past() });
    const get = async <T>(path: string): Promise<T> => (await (await fetch(`${server.url}/api/v1${election.api}/${path}`)).json()) as T;
    await setLook(page, {});

    const closes = await whileOpen(election, async () => {
      await vote(election);
      await election.staff.manager.ask('POST', `${election.api}/paper/strikes`, { voter_id: election.letter(12).voter });
      await election.staff.manager.ask('POST', `${election.api}/paper/turnout`, { per_unit: [1, 0] });

      // While voting goes on there is no count sheet, and the voting record says that it is not final.
      await page.goto(`${election.home}papers/count-sheet`);
      await expect(page.getByText('개표상황표는 결과가 확정된 뒤에 만들 수 있습니다')).toBeVisible();
      await page.goto(`${election.home}papers/voting-record`);
      await expect(sheet(page)).toContainText('작성 중인 문서');
      await expect(fact(page, '투표 마감')).toHaveText('아직');
      expect((await page.request.get(`${election.home}papers/nothing`)).ok()).toBe(true);
      await page.goto(`${election.home}papers/nothing`);
      await expect(page.locator('h1')).toHaveText('찾는 화면이 없습니다');
    });
    await closeAfter(election, closes);
    await election.count();

    await logIn(page, election);
    await page.goto(`${server.url}/admin/e/forms/results`);
    await page.getByRole('link', { name: '개표상황표' }).click();
    await test.step('the count sheet', async () => {
      await expect(page.locator('h1')).toHaveText('개표상황표');
      await expect(sheet(page)).not.toContainText('작성 중인 문서');
      await expect(cells(page, '투표 상황', '계')).toHaveText(['16', '12', '1', '13', '3', '81.25%']);
      await expect(cells(page, '투표 상황', '종로구')).toHaveText(['8', '6', '1', '7', '1', '87.5%']);
      await expect(cells(page, '투표 상황', '중구')).toHaveText(['8', '6', '0', '6', '2', '75%']);
      await expect(fact(page, '투표율 기준')).toHaveText('선거인의 1/4, 4명 이상: 충족');
      await expect(cells(page, '득표', '1')).toHaveText(['소득 하위 50% 학생부터 단계적으로', '8', '66.66%', '채택']);
      await expect(cells(page, '득표', '2')).toHaveText(['소득 구분 없이 모든 학생에게', '4', '33.33%', '']);
      // Even voters are of the first district, odd ones of the second: four of the first option each, two of the second.
      await expect(cells(page, '지역별 득표', '종로구')).toHaveText(['6', '4', '2', '6']);
      await expect(cells(page, '지역별 득표', '중구')).toHaveText(['6', '4', '2', '6']);
      await expect(cells(page, '지역별 득표', '계')).toHaveText(['12', '8', '4', '12']);
      await expect(fact(page, '결과')).toHaveText('결정: 소득 하위 50% 학생부터 단계적으로');
      // Trustees 1 and 3 decrypted, 2 did not.
      await expect(fact(page, '복호한 수탁자')).toContainText('수탁자 1: ');
      await expect(fact(page, '복호한 수탁자')).toContainText('수탁자 3: ');
      await expect(fact(page, '복호한 수탁자')).not.toContainText('수탁자 2');
      await expect(sheet(page)).toContainText('종이투표 1명은 투표율에만 들어 있습니다.');

      // By what it is compared with other copies of the record.
      const [origin = '', size = '', root = ''] = (await (await fetch(`${election.board}checkpoint`)).text()).split('\n');
      await expect(fact(page, '검사 결과')).toHaveText('모든 검사를 통과함');
      await expect(fact(page, '기록의 이름')).toHaveText(origin);
      await expect(fact(page, '기록 수')).toHaveText(`${Number(size).toLocaleString('ko')}건`);
      await expect(fact(page, '루트 해시 (root)')).toHaveText(root);
      const face = await get<{ manifest_hash: string; vkey: string }>('public');
      expect((await fact(page, '선거 공고의 지문').innerText()).replace(/\s/g, '')).toBe(face.manifest_hash);
      await expect(fact(page, '게시판의 서명키 (vkey)')).toHaveText(face.vkey);

      // What people write is on the form, and nowhere else.
      await expect(sheet(page)).toContainText('서울특별시 선거관리위원회');
      await page.getByText('서명란과 특기 사항').click();
      await page.getByLabel('개표 장소').fill('시청 대회의실');
      await page.getByRole('textbox', { name: '위원장' }).fill('홍길동');
      await page.getByRole('textbox', { name: /^참관인/ }).fill('김하나\n이두리\n박세찬');
      await expect(fact(page, '개표 장소')).toHaveText('시청 대회의실');
      await expect(sheet(page).locator('.paper-signatures li')).toHaveCount(6);
      await expect(sheet(page).locator('.paper-name').first()).toHaveText('홍길동');
      expect(await printed(page, 'ko-count-sheet')).toBeLessThanOrEqual(3);
      await expectAccessibleInEveryTheme(page, 'count sheet');
      await picture(page, 'papers/ko-1280-count-sheet');
    });

    await test.step('the voting record', async () => {
      await page.goto(`${server.url}/admin/e/forms/papers`);
      await expect(page.locator('h1')).toHaveText('서식');
      await expectAccessible(page, 'forms');
      await expectReflow(page);
      await picture(page, 'papers/ko-1280-list');
      await page.getByRole('link', { name: '온라인투표록 만들기' }).click();
      await expect(cells(page, '투표 상황', '계')).toHaveText(['16', '12', '1', '13', '3', '81.25%']);
      const course = page.getByRole('table', { name: '시간대별 온라인투표자 수' }).locator('tbody tr');
      await expect(course.first().locator('td')).toHaveText(['0', '0%']);
      await expect(course.last().locator('td')).toHaveText(['12', '75%']);
      const events = await get<{ kind: string; index: number; time?: number }[]>('timeline');
      const stated = (kind: string): string => {
        const { time = 0, index = 0 } = events.find((one) => one.kind === kind) ?? {};
        // 2026년 11월 22일 (일) 23:10:05
        const when = new Date((time + 9 * 3600) * 1000).toISOString();
        return `${when.slice(11, 19)} (기록 ${String(index)}번)`;
      };
      await expect(fact(page, '투표 시작')).toContainText(stated('open'));
      await expect(fact(page, '투표 마감')).toContainText(stated('close'));
      await expect(fact(page, '종이투표 표시 (온라인 자격 제외)')).toHaveText('1건');
      await expect(fact(page, '자격 정지')).toHaveText('0건');
      await expect(fact(page, '복호 연습')).toContainText('수탁자 3명');
      const moved = events.filter(({ kind }) => kind === 're-dating').length;
      await expect(sheet(page).getByRole('table', { name: '진행 중에 있었던 일' }).getByRole('row')).toHaveCount(moved + 1);
      await expect(sheet(page).getByRole('table', { name: '진행 중에 있었던 일' })).toContainText('통신 장애');
      expect(await printed(page, 'ko-voting-record')).toBeLessThanOrEqual(4);
      await expectAccessible(page, 'voting record');
    });

    await test.step('the same for everyone, in English, narrow, from the page of the result', async () => {
      await setLook(page, { language: 'en' });
      await page.goto(election.home);
      await page.getByRole('link', { name: 'Count sheet' }).click();
      await expect(sheet(page)).toContainText('Korean form: 개표상황표');
      await expect(cells(page, 'Turnout', 'Total')).toHaveText(['16', '12', '1', '13', '3', '81.25%']);
      await expect(cells(page, 'By district', 'Total')).toHaveText(['12', '8', '4', '12']);
      expect(await printed(page, 'en-count-sheet')).toBeLessThanOrEqual(3);
      await page.setViewportSize({ width: 360, height: 800 });
      await expectReflow(page);
      await picture(page, 'papers/en-360-count-sheet');
      await page.setViewportSize({ width: 320, height: 800 });
      await expectReflow(page);
    });

    // A board that was changed makes no form that says otherwise.
    await test.step('a record that was tampered with is not put on paper as if it were sound', async () => {
      await page.route('**/tile/entries/**', async (route) => {
        const answer = await route.fetch();
        const body = Buffer.from(await answer.body());
        body[body.length - 1] = (body[body.length - 1] ?? 0) ^ 1;
        await route.fulfill({ response: answer, body });
      });
      await page.goto(`${election.home}papers/count-sheet`);
      await expect(page.getByText(/cannot be trusted|did not pass its checks|can be made once the result is there/)).toBeVisible();
      await expect(sheet(page).getByText('All checks passed')).toHaveCount(0);
    });
  } finally {
    await server.stop();
  }
});

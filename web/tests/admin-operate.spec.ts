/** The console while an election runs: roll, requests by two persons, ceremony, opening, turnout, closing, result, trail. */
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { BrowserContext, Locator, Page } from '@playwright/test';
import type { Language } from '../src/i18n/catalogue';
import { announceElection, authorityRoll, officerKey, past, pause, readLetters, secondManager, setUpElection, Staff, type TestElection, until, type Voter, whileOpen } from './support/election';
import { expect as patience, test } from './support/fixtures';
import { expectAccessibleEverywhere, expectAccessibleInEveryTheme, expectReflow, expectTargets, setLook } from './support/look';
import { picture } from './support/screens';
import { ADMIN, type HanpyoServer, program, startServer, TENANT } from './support/server';

const run = promisify(execFile);
/** Pages look again every few seconds, and programs work beside them. */
const expect = patience.configure({ timeout: 30_000 });

const UNITS = [
  { ko: '종로구', en: 'Jongno-gu' },
  { ko: '중구', en: 'Jung-gu' },
];
const TRUSTEES = ['trustee1', 'trustee2', 'trustee3'];
const VOTERS = 8;
const ROLL: readonly Voter[] = Array.from({ length: VOTERS }, (_, number) => ({ voter: `V${String(number).padStart(5, '0')}`, contact: `voter${String(number)}@mail.invalid`, unit: number % UNITS.length, style: 0 }));
const NAMES = ['김하나', '이두리', '박세찬', '최네온', '정다섯', '강여섯', '조일곱', '윤여덟'];

/** One election, its pages in Korean unless said otherwise. */
async function announce(server: HanpyoServer, slug: string, times: { opensIn?: number; closesIn?: number; test?: boolean } = {}): Promise<TestElection> {
  const key = (name: string, binary: string): Promise<string> => officerKey(server, slug, name, binary);
  const [authority, tally, ...trustees] = await Promise.all([key('authority', 'hanpyo-authority'), key('tally', 'hanpyo-tally'), ...TRUSTEES.map((name) => key(name, 'hanpyo-trustee'))]);
  const { opensIn = 0, closesIn = 86_400 } = times;
  const now = Math.floor(Date.now() / 1000);
  const schedule = { windows: [{ opens: now + opensIn, closes: now + closesIn }], grace_seconds: 0, override_reason: 'test' };
  return announceElection(server, { slug, voters: VOTERS, units: UNITS, test: times.test ?? false, draft: { schedule } }, { authority, tally, trustees });
}

/** A tab of its own for a person, logged in by the page. */
async function office(context: BrowserContext, election: TestElection, login: string): Promise<Page> {
  const page = await context.newPage();
  await setLook(page, {});
  await logIn(page, election, login);
  return page;
}

async function logIn(page: Page, election: TestElection, login: string): Promise<void> {
  await page.goto(`${election.server.url}/admin`);
  await page.getByLabel('기관 이름').fill(TENANT);
  await page.getByLabel('아이디').fill(login);
  await page.getByLabel('비밀번호', { exact: true }).fill(ADMIN.password);
  await page.getByRole('button', { name: '로그인' }).click();
  await expect(page.getByRole('button', { name: '로그아웃' })).toBeVisible();
}

const address = (election: TestElection, path: string): string => `${election.server.url}/admin/e/${election.slug}/${path}`;

async function visit(page: Page, election: TestElection, path: string, title: string): Promise<void> {
  await page.goto(address(election, path));
  await expect(page.locator('h1')).toHaveText(title);
}

/** A workbook as a spreadsheet program writes it: all of `ROLL`, or with a number in it (tests/README.md). */
const fixture = (name: string): string => join(import.meta.dirname, 'fixtures', name);
const csvFile = (name: string, text: string): { name: string; mimeType: string; buffer: Buffer } => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text, 'utf8') });
const rows = (list: readonly Voter[]): string[] => list.map(({ voter, contact, unit }, number) => `${voter},${NAMES[number] ?? ''},${contact},${UNITS[unit]?.ko ?? ''}`);
/** Where the election stands, above every page. */
const phase = (page: Page): Locator => page.locator('.admin-election .badge').first();
const dialog = (page: Page): Locator => page.locator('dialog[open]');

/** Casts for some voters by the voter's program, which checks every receipt. */
async function vote(election: TestElection, voters: readonly Voter[]): Promise<void> {
  const choices = join(election.folder, 'choices.csv');
  writeFileSync(choices, `voter_id,contact,at_ms,intent,choices\n${voters.map(({ voter, contact }, number) => `${voter},${contact},0,cast,${String((number % 2) + 1)}`).join('\n')}\n`);
  const { server, slug, vkey, folder } = election;
  await run(program('hanpyo-voter'), ['many', '--server', server.url, '--election', `${TENANT}/${slug}`, '--vkey', vkey, '--codes', join(folder, 'authority/issued/letters.csv'), '--choices', choices, '--outbox', join(server.folder, 'data/outbox')]);
}

/** The next whole minute that is at least so many seconds away, in seconds since 1970. */
const nextMinute = (seconds: number): number => Math.ceil((Date.now() / 1000 + seconds) / 60) * 60;

/** Puts the end off again whenever it comes near, so that a slow machine gets more time and a fast one waits no longer than it must. */
function keepOpen(election: TestElection, closes: number): { stop: () => Promise<number> } {
  let going = true;
  const watch = async (): Promise<number> => {
    let end = closes;
    for (;;) {
      if (!going) return end;
      await pause(2_000);
      if (end - Date.now() / 1000 > 60) continue;
      end = nextMinute(90);
      const manager = await Staff.logIn(election.server.url, 'test-manager', ADMIN.password);
      await manager.ask('POST', `${election.api}/redating`, { closes: end, reason: '시험 기기가 느림' });
    }
  };
  const watching = watch();
  return {
    stop: () => {
      going = false;
      return watching;
    },
  };
}

/** Everything between announcement and the assignment of credentials that happens away from the pages. */
async function issue(election: TestElection): Promise<void> {
  writeFileSync(join(election.folder, 'authority/roll.csv'), authorityRoll(ROLL));
  await election.officer('authority', 'hanpyo-authority', 'issue', '--roll', 'roll.csv', '--out', 'issued');
  await election.staff.authority.ask('PUT', `${election.api}/roll/assignment`, readFileSync(join(election.folder, 'authority/issued/assignment.csv'), 'utf8'));
}

/** Begins the server anew, so that the schedule looks at the clock a minute from now and not before: what follows is by hand. */
async function restart(election: TestElection, ...pages: readonly Page[]): Promise<void> {
  for (const page of pages) await page.goto('about:blank');
  await election.server.kill();
  await election.server.restart();
}

/** The page as it stands in a step fits and passes axe, narrow and wide, in every theme. English: `everyPage`. */
async function expectGood(page: Page, name: string): Promise<void> {
  await expectAccessibleEverywhere(page, name);
  await picture(page, `admin/ko-1280-${name}`);
}

test('a roll with mistakes, ceremony, opening by hand, two persons, paper, turnout, reminder', async ({ context, expectTrouble }) => {
  test.setTimeout(1_800_000);
  // While the server is begun anew its tabs show about:blank, which has no storage for the reader's settings.
  expectTrouble(/Failed to read the 'localStorage' property from 'Window': Access is denied for this document/);
  const server = await startServer({ settings: ['ledger.schedule_ms=60000'] });
  try {
    const election = await announce(server, 'school-meals', { closesIn: 60 });
    const manager = await office(context, election, 'test-manager');

    await test.step('the roll: every problem with its line, nothing taken; then all of it', async () => {
      await visit(manager, election, 'roll', '선거인명부');
      const file = manager.getByLabel('명부 파일 (CSV, 엑셀)');
      const check = manager.getByRole('button', { name: '검사하기' });
      const problem = (line: string): Locator => manager.getByRole('row').filter({ has: manager.getByRole('rowheader', { name: line, exact: true }) });

      await check.click();
      await expect(manager.locator('.field-error')).toContainText('파일을 고르십시오.');
      await file.setInputFiles({ name: 'roll.xlsx', mimeType: 'application/zip', buffer: Buffer.from([0x50, 0x4b, 0x03, 0x04, 0, 0]) });
      await check.click();
      await expect(manager.getByText('엑셀 통합 문서(.xlsx)가 아니거나 깨진 파일입니다.')).toBeVisible();

      // A byte order mark and CRLF are fine; a wrong column is not.
      await file.setInputFiles(csvFile('roll.csv', `\ufeffvoter_id,name,contact,동네\r\n${rows(ROLL).join('\r\n')}\r\n`));
      await check.click();
      await expect(manager.getByText('문제가 2건 있습니다')).toBeVisible();
      await expect(problem('1').first()).toContainText('모르는 열 ‘동네’입니다.');
      await expect(problem('1').last()).toContainText('이 열이 없습니다.');

      const [first = '', second = ''] = rows(ROLL);
      const wrong = [first, second, first, 'V90001,홍길동,전화없음,종로구', 'V90002,=1+1,x@mail.invalid,강남구'];
      await file.setInputFiles(csvFile('roll.csv', `\ufeffvoter_id,name,contact,district\n${wrong.join('\n')}\n`));
      await check.click();
      await expect(manager.getByText('문제가 4건 있습니다')).toBeVisible();
      await expect(problem('4')).toContainText('같은 식별번호가 2번째 줄에 이미 있습니다.');
      await expect(problem('5')).toContainText('이메일 주소나 7~15자리 전화번호여야 합니다.');
      await expect(problem('6')).toHaveCount(2);
      await expect(problem('6').filter({ hasText: '이 선거에 없는 지역입니다.' })).toBeVisible();
      await expect(manager.getByRole('button', { name: '명부에 넣기' })).toHaveCount(0);
      await expectGood(manager, 'roll-problems');

      // Workbooks: a telephone number typed as a number is named by its row; with texts alone the file is taken.
      await file.setInputFiles(fixture('roll-numbers.xlsx'));
      await check.click();
      await expect(manager.getByText('문제가 1건 있습니다')).toBeVisible();
      await expect(problem('3')).toContainText('contact');
      await expect(problem('3')).toContainText('숫자라서 앞자리 0이 사라졌을 수 있습니다.');
      await file.setInputFiles(fixture('roll.xlsx'));
      await check.click();
      await expect(manager.getByText(`문제가 없습니다: ${String(VOTERS)}명`)).toBeVisible();
      expect(((await election.staff.manager.ask('GET', `${election.api}/roll`)) as { voters: number }).voters).toBe(0);
      await manager.getByRole('button', { name: `${String(VOTERS)}명 명부에 넣기` }).click();
      await expect(manager.locator('.stat').first()).toContainText(String(VOTERS));
      const { voters } = (await election.staff.manager.ask('GET', `${election.api}/voters?limit=20`)) as { voters: { voter_id: string; name: string; contact: string }[] };
      expect(voters.map(({ voter_id, name, contact }) => [voter_id, name, contact])).toEqual(ROLL.map(({ voter, contact }, number) => [voter, NAMES[number], contact]));
      await expectGood(manager, 'roll');
    });

    await test.step('a voter is found and corrected', async () => {
      await visit(manager, election, 'voters', '선거인 찾기');
      await manager.getByLabel('식별번호나 이름').fill('두리');
      await manager.getByRole('button', { name: '찾기' }).click();
      await expect(manager.getByRole('table').getByRole('row')).toHaveCount(2);
      await manager.getByRole('button', { name: 'V00001' }).click();
      await expect(manager.locator('h1')).toHaveText('선거인');
      await manager.getByLabel('연락처').fill('아무거나');
      await manager.getByRole('button', { name: '고친 내용 저장' }).click();
      await expect(manager.getByRole('alert')).toContainText('연락처: 이메일 주소나 7~15자리 전화번호여야 합니다.');
      await expectGood(manager, 'voter-correct');
      // Typed, not filled: the summary of errors took the focus once and must not take it again.
      await expect(manager.getByRole('alert')).toBeFocused();
      await manager.getByLabel('이름').fill('');
      await manager.getByLabel('이름').pressSequentially('이둘이');
      await expect(manager.getByLabel('이름')).toHaveValue('이둘이');
      await manager.getByLabel('연락처').fill('voter1@mail.invalid');
      await manager.getByRole('button', { name: '고친 내용 저장' }).click();
      await expect(manager.locator('.summary')).toContainText('이둘이');
      const page = (await election.staff.manager.ask('GET', `${election.api}/voters?q=V00001`)) as { voters: { name: string }[] };
      expect(page.voters.map(({ name }) => name)).toEqual(['이둘이']);
    });

    await test.step('the ceremony, as it happens', async () => {
      await visit(manager, election, 'ceremony', '수탁자와 키');
      await expect(manager.getByText('기다리는 사람:')).toContainText('수탁자 1, 수탁자 2 및 수탁자 3');
      await election.officer('trustee2', 'hanpyo-trustee', 'ceremony');
      await expect(manager.getByRole('row').filter({ hasText: '수탁자 2' })).toContainText('마침');
      await expect(manager.getByText('기다리는 사람:')).toContainText('수탁자 1 및 수탁자 3');
      await expectGood(manager, 'ceremony');
      for (const step of ['ceremony', 'drill']) await Promise.all(TRUSTEES.map((name) => election.officer(name, 'hanpyo-trustee', step, '--follow', '--interval', '1')));
      await expect(manager.getByText('키와 연습을 모두 마쳤습니다')).toBeVisible();
      await expect(manager.getByText('마침', { exact: true })).toHaveCount(5 * TRUSTEES.length);
      // What is above the page follows the phase.
      await expect(phase(manager)).toContainText('명부');
    });

    await issue(election);
    await test.step('opening waits for the seal', async () => {
      await visit(manager, election, 'voting', '투표 진행');
      await expect(manager.locator('.operate-lock-open')).toHaveCount(3);
      await expect(manager.getByRole('button', { name: '투표 시작' })).toHaveCount(0);
      await expectGood(manager, 'voting-before');
      await visit(manager, election, 'results', '결과');
      await expect(manager.getByText('아직 투표가 시작되지 않았습니다')).toBeVisible();
      await expectGood(manager, 'results-before');
    });

    await restart(election, manager);
    await logInAgain(manager, election);
    const upload = election.officer('authority', 'hanpyo-authority', 'upload', '--out', 'issued');
    await test.step('the commission signs last, which seals the roll', async () => {
      await visit(manager, election, 'roll', '선거인명부');
      const seal = manager.getByRole('row').filter({ hasText: '명부 확정' });
      await seal.getByRole('button', { name: '위원회 서명' }).click();
      await dialog(manager).getByRole('button', { name: '위원회 서명' }).click();
      await expect(manager.locator('.stat').last()).toContainText('확정됨');
      await upload;
    });

    await test.step('voting is opened by hand and its end put off', async () => {
      await visit(manager, election, 'voting', '투표 진행');
      await manager.getByRole('button', { name: '투표 시작' }).click();
      await expect(dialog(manager)).toContainText('시작을 되돌릴 수 없습니다.');
      await dialog(manager).getByRole('button', { name: '투표 시작' }).click();
      await expect(phase(manager)).toContainText('투표 중');
      const opened = (await election.staff.manager.ask('GET', `${election.api}/timeline`)) as { kind: string }[];
      expect(opened.filter(({ kind }) => kind === 'open')).toHaveLength(1);
    });
    let closes = nextMinute(120);
    await test.step('the end is put off, never brought forward; before it, voting is not closed', async () => {
      const field = manager.getByLabel('새 마감 시각');
      const local = (at: number): string => new Date((at + 9 * 3600) * 1000).toISOString().slice(0, 16);
      await field.fill(local(closes - 86_400));
      await manager.getByRole('button', { name: '마감 늦추기' }).click();
      await expect(manager.getByText('지금 마감 시각보다 늦어야 합니다.')).toBeVisible();
      closes = nextMinute(120);
      await field.fill(local(closes));
      await manager.getByRole('button', { name: '마감 늦추기' }).click();
      await dialog(manager).getByRole('button', { name: '마감 늦추기' }).click();
      await expect(dialog(manager)).toContainText('사유를 입력하십시오.');
      await dialog(manager).getByLabel('사유').fill('통신 장애');
      await dialog(manager).getByRole('button', { name: '마감 늦추기' }).click();
      await expect(manager.getByText('바뀐 마감')).toBeVisible();
      await expect(manager.getByText('사유: 통신 장애')).toBeVisible();
      await manager.getByRole('button', { name: '투표 마감' }).click();
      await dialog(manager).getByRole('button', { name: '투표 마감' }).click();
      await expect(dialog(manager).getByRole('alert')).toContainText('마감 시각과 유예 시간이 지나야 마감할 수 있습니다.');
      expect((await election.public()).phase).toBe('open');
      await expectAccessibleEverywhere(manager, 'refused close');
      await dialog(manager).getByRole('button', { name: '취소' }).click();
      await expectGood(manager, 'voting-open');
    });
    const open = keepOpen(election, closes);

    const letters = readLetters(join(election.folder, 'authority/issued/letters.csv'), ROLL);
    const approver = await office(context, election, 'test-approver');
    await test.step('another contact: who asked cannot accept, another person can', async () => {
      await ask(manager, election, 'V00004', '연락처 변경', '전화로 본인 확인', '010-1234-5678');
      await visit(manager, election, 'requests', '변경 신청');
      await expect(manager.getByRole('button', { name: '승인' })).toHaveCount(0);
      await visit(approver, election, 'requests', '변경 신청');
      // People are named by their log-ins, oneself as such.
      await expect(approver.getByRole('article').filter({ hasText: 'V00004' })).toContainText('test-manager');
      await approver.getByRole('button', { name: '승인' }).click();
      await dialog(approver).getByRole('button', { name: '승인' }).click();
      await expect(approver.getByRole('article').filter({ hasText: 'V00004' })).toContainText('승인됨');
    });

    await test.step('a re-issue: asked for here, signed offline, by a second person for the commission last', async () => {
      await ask(manager, election, 'V00006', '투표 자격 재발급', '안내문 분실');
      await visit(manager, election, 'requests', '변경 신청');
      const card = manager.getByRole('article').filter({ hasText: 'V00006' });
      const index = String(letters[6]?.index ?? '');
      await card.getByText('발급 기관이 실행할 명령').click();
      await expect(card).toContainText(`revoke --index ${index}`);
      const download = manager.waitForEvent('download');
      await manager.getByRole('button', { name: '발급 기관에 넘길 파일' }).click();
      const file = readFileSync(await (await download).path(), 'utf8');
      expect(file).toContain('안내문 분실');
      expect(file).not.toContain('mail.invalid');
      await election.officer('authority', 'hanpyo-authority', 'revoke', '--index', index, '--reason', '안내문 분실');
      await expect(card).toContainText('정지 서명 중');
      await expectGood(manager, 'requests');
      await signNext(manager, '투표 자격 정지');
      await expect(card).toContainText('정지됨, 재발급 전');
      await election.officer('authority', 'hanpyo-authority', 'reissue', '--index', index, '--out', 'issued');
      // Who asked for it does not sign it.
      await secondManager(server, 'second-manager');
      const second = await office(context, election, 'second-manager');
      await visit(second, election, 'requests', '변경 신청');
      await signNext(second, '투표 자격 재발급');
      await second.close();
      await expect(card.locator('.badge')).toHaveText('재발급됨');
    });

    await test.step('one votes on paper', async () => {
      await visit(manager, election, 'paper', '종이투표');
      await manager.getByLabel('식별번호').fill('V00005');
      await manager.getByRole('button', { name: '확인', exact: true }).click();
      await manager.getByRole('button', { name: '종이투표로 표시' }).click();
      await expect(dialog(manager)).toContainText('강여섯');
      await dialog(manager).getByRole('button', { name: '표시하기' }).click();
      await expect(manager.getByText('이미 종이투표자로 표시되어 있습니다.')).toBeVisible();
      await manager.getByLabel('중구').fill('1');
      await manager.getByRole('button', { name: '인원 올리기' }).click();
      await expect(dialog(manager)).toContainText('모두 1명');
      await dialog(manager).getByRole('button', { name: '인원 올리기' }).click();
      await expect(dialog(manager)).toHaveCount(0);
      await expectGood(manager, 'paper');
    });

    await test.step('turnout moves as votes come in', async () => {
      await visit(manager, election, 'turnout', '투표율');
      const votedSoFar = manager.locator('.stat').filter({ hasText: '투표한 사람' }).locator('.stat-value');
      await expect(votedSoFar).toHaveText('1');
      await vote(election, ROLL.slice(0, 4));
      await expect(votedSoFar).toHaveText('5', { timeout: 20_000 });
      await expect(manager.locator('.lines svg')).toHaveAttribute('aria-label', /온라인 투표자가 4명이 되었습니다/);
      await expect(manager.locator('body')).not.toContainText('득표');
      await expectGood(manager, 'turnout');
    });

    await test.step('a reminder goes to those who have not voted', async () => {
      await visit(manager, election, 'messages', '안내와 독려');
      await manager.getByRole('radio', { name: '투표 독려' }).check();
      await manager.getByRole('button', { name: '미리 보기' }).click();
      // Eight less four who voted and one on paper.
      await expect(dialog(manager)).toContainText('받는 사람: 3명');
      await expect(dialog(manager)).toContainText('1명은 전화번호만 있어');
      const before = server.messages().length;
      await dialog(manager).getByRole('button', { name: '3명에게 보내기' }).click();
      await expect(manager.getByRole('article').filter({ hasText: '투표 독려' })).toContainText('마침');
      await until('three messages', () => Promise.resolve(server.messages().length === before + 3));
      for (const { text } of server.messages().slice(before)) for (const { code } of letters) expect(text).not.toContain(code);
      await expectGood(manager, 'messages');
    });

    await open.stop();
  } finally {
    await server.stop();
  }
});

test('a test election: said on every page; its ceremony begun anew; declared void only by who may and on purpose', async ({ context, server }) => {
  test.setTimeout(300_000);
  const election = await announce(server, 'trial', { opensIn: 3600, test: true });
  const manager = await office(context, election, 'test-manager');
  const auditor = await office(context, election, ADMIN.login);

  await visit(manager, election, 'ceremony', '수탁자와 키');
  await expect(manager.locator('.test-banner')).toBeVisible();
  await election.officer('trustee1', 'hanpyo-trustee', 'ceremony');
  await expect(manager.getByText('마침', { exact: true })).toHaveCount(1);
  await manager.getByRole('button', { name: '다시 시작' }).click();
  await dialog(manager).getByRole('button', { name: '다시 시작' }).click();
  await expect(dialog(manager)).toContainText('사유를 입력하십시오.');
  await dialog(manager).getByLabel('사유').fill('수탁자 교체');
  await expectAccessibleEverywhere(manager, 'restart dialog');
  await dialog(manager).getByRole('button', { name: '다시 시작' }).click();
  await expect(manager.getByText('키를 2번째로 만들고 있습니다')).toBeVisible();
  await expect(manager.getByText('마침', { exact: true })).toHaveCount(0);

  // Someone who only reads sees how it stands and nothing to press.
  await visit(auditor, election, 'voting', '투표 진행');
  await expect(auditor.getByText('수탁자들의 공동키')).toBeVisible();
  await expect(auditor.locator('#main').getByRole('button')).toHaveCount(0);
  await visit(auditor, election, 'voters', '선거인 찾기');
  await expect(auditor.getByText('이 계정의 권한으로는 할 수 없습니다.')).toBeVisible();

  await visit(manager, election, 'voting', '투표 진행');
  await expect(manager.locator('.operate-lock-open')).toHaveCount(0);
  const declare = dialog(manager).getByRole('button', { name: '무효로 선언' });
  await manager.getByRole('button', { name: '무효 선언…' }).click();
  await dialog(manager).getByLabel('사유').fill('시험을 마침');
  await dialog(manager).getByLabel('확인을 위해').fill('trail');
  await declare.click();
  await expect(dialog(manager)).toContainText('‘trial’ 그대로 입력하십시오.');
  expect((await election.public()).phase).toBe('ceremony');
  await picture(manager, 'admin/ko-1280-void');
  await expectAccessibleEverywhere(manager, 'void dialog');
  await dialog(manager).getByLabel('확인을 위해').fill('trial');
  await declare.click();
  await expect(phase(manager)).toContainText('무효');
  expect((await election.public()).phase).toBe('void');
  await expect(manager.getByText('사유: 시험을 마침')).toBeVisible();
  await expect(manager.getByRole('button', { name: '무효 선언…' })).toHaveCount(0);
  await visit(manager, election, 'results', '결과');
  await expect(manager.getByText('무효로 선언되어 결과가 없습니다')).toBeVisible();
  await expectGood(manager, 'results-void');
});

test('closed by hand, the result as it comes, an objection, the trail, and every page in every look', async ({ context, expectTrouble }) => {
  test.setTimeout(1_800_000);
  expectTrouble(/Failed to read the 'localStorage' property from 'Window': Access is denied for this document/);
  const server = await startServer({ settings: ['ledger.schedule_ms=60000'] });
  try {
    const election = await setUpElection(server, { slug: 'counted', units: UNITS, voters: VOTERS, opensIn: 1, draft: past() });
    const manager = await office(context, election, 'test-manager');
    const approver = await office(context, election, 'test-approver');
    // From here the schedule does not look at the clock for a minute: people are quicker.
    await restart(election, manager, approver);
    const closes = await whileOpen(election, async () => {
      await vote(
        election,
        election.letters.slice(0, 5).map(({ voter, contact }) => ({ voter, contact, unit: 0, style: 0 })),
      );
      await visit(manager, election, 'results', '결과');
      await expect(manager.getByText('결과는 마감 뒤에만 나옵니다.')).toBeVisible();
    });

    await test.step('closed by hand once the time is over, and not before', async () => {
      await visit(manager, election, 'voting', '투표 진행');
      const close = dialog(manager).getByRole('button', { name: '투표 마감' });
      await manager.getByRole('button', { name: '투표 마감' }).click();
      await expect(dialog(manager)).toContainText('마감을 되돌릴 수 없습니다.');
      await until('the closing time', () => Promise.resolve(Date.now() / 1000 > closes + 1));
      await close.click();
      await expect(phase(manager)).toContainText('마감');
      await expect(manager.getByRole('button', { name: '투표 마감' })).toHaveCount(0);
      const events = (await election.staff.manager.ask('GET', `${election.api}/timeline`)) as { kind: string; time?: number }[];
      expect(events.find(({ kind }) => kind === 'close')?.time).toBeGreaterThanOrEqual(closes);
      const trail = (await (await Staff.logIn(server.url, ADMIN.login, ADMIN.password)).ask('GET', `${election.api}/audit`)) as { action: string; actor: string | null }[];
      expect(trail.filter(({ action }) => action === 'election.close').map(({ actor }) => actor)).toEqual(['test-manager']);
      await expectGood(manager, 'voting-closed');
    });

    await test.step('the result, as it comes', async () => {
      await visit(manager, election, 'results', '결과');
      const tally = election.officer('tally', 'hanpyo-tally', 'run');
      await expect(manager.getByText('수탁자의 복호를 기다립니다')).toBeVisible({ timeout: 60_000 });
      await election.officer('trustee1', 'hanpyo-trustee', 'decrypt', '--yes');
      await expect(manager.getByRole('row').filter({ hasText: '1. 수탁자 1' })).toContainText('마침');
      await expectGood(manager, 'results-tally');
      await election.officer('trustee3', 'hanpyo-trustee', 'decrypt', '--yes');
      await tally;
      await expect(manager.getByRole('heading', { name: '개표 결과' })).toBeVisible({ timeout: 30_000 });
      await expect(manager.getByText(`hanpyo-verify ${server.url}/board/${TENANT}/${election.slug}/`)).toBeVisible();
      await expectGood(manager, 'results');
    });

    await test.step('an objection is answered', async () => {
      const made = await fetch(`${server.url}/api/v1${election.api}/objections`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ text: '개표 시각이 늦었습니다.', name: '참관인 갑', contact: 'observer@mail.invalid' }) });
      expect(made.status).toBe(201);
      await visit(approver, election, 'objections', '이의 제기');
      const card = approver.getByRole('article').filter({ hasText: '개표 시각이 늦었습니다.' });
      await expect(card).toContainText('답변 대기');
      await expect(approver.locator('body')).not.toContainText('observer@mail.invalid');
      await card.getByRole('button', { name: '연락처 보기' }).click();
      await expect(card).toContainText('observer@mail.invalid');
      await card.getByRole('textbox', { name: '답변' }).fill('공고한 시각에 맞추어 개표하였습니다.');
      await card.getByRole('button', { name: '답변 올리기' }).click();
      await expect(card).toContainText('답변함');
      await expectGood(approver, 'objections');
      const list = (await (await fetch(`${server.url}/api/v1${election.api}/objections`)).json()) as { replies: { text: string }[] }[];
      expect(list[0]?.replies.map(({ text }) => text)).toEqual(['공고한 시각에 맞추어 개표하였습니다.']);
    });

    await test.step('the trail tells who did what; filtered, and as a file', async () => {
      const auditor = await office(context, election, ADMIN.login);
      await visit(auditor, election, 'audit', '감사 기록');
      for (const action of ['roll.import', 'proposal.approve']) {
        await auditor.getByLabel('업무').selectOption(action.split('.')[0] ?? '');
        await expect(auditor.getByRole('row').filter({ hasText: action }).first()).toContainText('test-manager');
      }
      await auditor.getByLabel('업무').selectOption('이의');
      await auditor.getByLabel('사람').selectOption('test-approver');
      await expect(auditor.getByRole('table').getByRole('row')).toHaveCount(3);
      const download = auditor.waitForEvent('download');
      await auditor.getByRole('button', { name: 'CSV로 저장 (2건)' }).click();
      expect(readFileSync(await (await download).path(), 'utf8').split('\r\n').filter(Boolean)).toHaveLength(3);
      await expectGood(auditor, 'audit');
    });

    await test.step('every page on a phone and in English', async () => {
      await everyPage(manager, election);
    });
  } finally {
    await server.stop();
  }
});

/** A page that lost its server logs in again only if its session ended. */
async function logInAgain(page: Page, election: TestElection): Promise<void> {
  await page.goto(`${election.server.url}/admin`);
  await expect(page.getByRole('button', { name: '로그아웃' })).toBeVisible();
}

/** Asks for a change of a voter of a sealed roll. */
async function ask(page: Page, election: TestElection, voter: string, kind: string, reason: string, contact?: string): Promise<void> {
  await visit(page, election, 'voters', '선거인 찾기');
  await page.getByRole('button', { name: voter }).click();
  await page.getByRole('radio', { name: kind }).check();
  if (contact !== undefined) await page.getByLabel('새 연락처').fill(contact);
  await page.getByLabel('사유').fill(reason);
  await page.getByRole('button', { name: '신청하기' }).click();
  await expect(page.getByText('신청했습니다')).toBeVisible();
}

/** The commission signs what the authority has proposed. */
async function signNext(page: Page, what: string): Promise<void> {
  const row = page.getByRole('row').filter({ hasText: what });
  await row.getByRole('button', { name: '위원회 서명' }).click();
  await dialog(page).getByRole('button', { name: '위원회 서명' }).click();
  await expect(row).toContainText('게시판에 올랐습니다');
}

const PAGES = ['ceremony', 'roll', 'voters', 'requests', 'messages', 'voting', 'turnout', 'paper', 'results', 'papers', 'objections'] as const;

/** Every page of the manager at 360 px and at 1280 px, Korean and English. */
async function everyPage(page: Page, election: TestElection): Promise<void> {
  const looks: readonly [Language, number][] = [
    ['ko', 360],
    ['en', 1280],
    ['en', 360],
  ];
  for (const [language, width] of looks) {
    await page.setViewportSize({ width, height: 900 });
    await setLook(page, { language });
    for (const path of PAGES) {
      await page.goto(address(election, path));
      await expect(page.locator('h1')).toBeVisible();
      await expect(page.locator('.skeleton')).toHaveCount(0, { timeout: 20_000 });
      if (language === 'en') await expect(page.locator('h1')).not.toHaveText(/\p{Script=Hangul}/u);
      await expectReflow(page);
      await expectTargets(page, 24);
      if (width === 360 && language === 'en') await expectAccessibleInEveryTheme(page, `${path} ${language} ${String(width)}`);
      await picture(page, `admin/${language}-${String(width)}-${path}`);
    }
  }
}

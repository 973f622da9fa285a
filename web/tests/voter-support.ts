/** What the voter's tests share: one server and one open election with every kind of contest, and the way through the booth. */
import { type BrowserContext, expect, type Page } from '@playwright/test';
import { resolve } from 'node:path';
import { test as base } from './support/fixtures';
import { setUpElection, type TestElection } from './support/election';
import { type HanpyoServer, startServer } from './support/server';

export { expect } from '@playwright/test';

export const SITE = resolve(import.meta.dirname, '../dist/site');

/** Two districts. */
export const UNITS = [
  { ko: '종로구', en: 'Jongno-gu' },
  { ko: '중구', en: 'Jung-gu' },
];

export const KINDS = [
  {
    title: { ko: '무상급식 지원범위', en: 'Scope of free school meals' },
    options: [
      { ko: '소득 하위 50% 학생부터 단계적으로', en: 'Step by step, lower half by income first' },
      { ko: '소득 구분 없이 모든 학생에게', en: 'All pupils, whatever the income' },
    ],
    kind: { type: 'choose-one', blank: true },
    rule: 'majority',
  },
  {
    title: { ko: '주민대표 (2명까지)', en: 'Residents’ delegates (up to 2)' },
    options: ['김하늘', '이바다', '박강산', '최들판'].map((ko) => ({ ko, en: '' })),
    kind: { type: 'choose', min: 1, max: 2 },
    rule: 'plurality',
    seats: 2,
  },
  {
    title: { ko: '예산 사업 평가', en: 'Rating of budget projects' },
    options: [
      { ko: '자전거길', en: 'Cycle path' },
      { ko: '작은 도서관', en: 'Small library' },
    ],
    kind: { type: 'score', max: 3, unanswered: true },
    rule: 'mean',
  },
  {
    title: { ko: '새 공원 이름', en: 'Name of the new park' },
    options: [
      { ko: '소나무공원', en: 'Pine Park' },
      { ko: '햇살공원', en: 'Sunlight Park' },
      { ko: '물결공원', en: 'Wave Park' },
    ],
    kind: { type: 'rank', min: 1, max: 3 },
    rule: 'borda',
  },
] as const;

/** A server that serves the pages of `dist/site`. */
export const startSite = (settings: readonly string[] = []): Promise<HanpyoServer> => startServer({ settings: [`http.web_dir=${SITE}`, 'voter.resend_seconds=1', 'voter.codes_per_hour=1000', ...settings] });

interface Workers {
  site: HanpyoServer;
  /** Open, with contests of every kind. */
  open: TestElection;
}

interface Voters {
  /** A voter nobody else uses. */
  voter: number;
}

let next = 0;

export const test = base.extend<Voters, Workers>({
  site: [
    // eslint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const server = await startSite();
      await use(server);
      await server.stop();
    },
    { scope: 'worker', timeout: 300_000 },
  ],
  open: [
    async ({ site }, use) => use(await setUpElection(site, { slug: 'meals', contests: KINDS, voters: 40, units: UNITS, closesIn: 86_400 })),
    { scope: 'worker', timeout: 300_000 },
  ],
  // eslint-disable-next-line no-empty-pattern
  voter: async ({}, use) => use(next++),
});

/** The words of the booth that tests press or look for. */
export const WORDS = {
  ko: { begin: '투표 시작하기', voter: '명부 번호', send: '인증번호 받기', otp: '인증번호', confirm: '확인', marking: '무상급식 지원범위', next: '다음', review: '고른 내용 확인하기', right: '모두 맞습니다', cast: '투표하기', recorded: '투표가 기록되었습니다', first: '기호', all: '소득 구분 없이 모든 학생에게', check: '검증하기: 이 투표지를 열어 보기', last: '마지막 단계입니다', notYet: '아직 투표하지 않았습니다', reviewTitle: '고른 내용을 확인해 주세요' },
  en: { begin: 'Start voting', voter: 'Voter number', send: 'Send me a code', otp: 'One-time code', confirm: 'Continue', marking: 'Scope of free school meals', next: 'Next', review: 'Review my choices', right: 'Everything is right', cast: 'Cast my vote', recorded: 'Your vote is recorded', first: 'No.', all: 'All pupils, whatever the income', check: 'Check: open this ballot', last: 'The last step', notYet: 'You have not voted yet', reviewTitle: 'Check your choices' },
} as const;
export type Words = (typeof WORDS)[keyof typeof WORDS];

export const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name });

/** From the notice to the first contest. */
export async function identify(page: Page, election: TestElection, voter: number, words: Words = WORDS.ko): Promise<void> {
  await page.getByRole('button', { name: words.begin }).click();
  await page.getByLabel(words.voter).fill(election.letter(voter).voter);
  const seen = election.codesSent(voter).length;
  await page.getByRole('button', { name: words.send }).click();
  await page.getByRole('textbox', { name: words.otp }).fill(await election.oneTimeCode(voter, seen));
  await page.getByRole('button', { name: words.confirm, exact: true }).click();
}

/** Marks every contest and stops at the review; `look` is called on each contest once it is marked, with its kind. */
export async function mark(page: Page, words: Words = WORDS.ko, look: (kind: string) => Promise<void> = () => Promise.resolve()): Promise<void> {
  await expect(heading(page, words.marking)).toBeVisible();
  await page.getByRole('radio', { name: words.all }).check({ force: true });
  await look('choose-one');
  await page.getByRole('button', { name: words.next, exact: true }).click();
  await page.getByRole('checkbox', { name: '김하늘' }).check({ force: true });
  await page.getByRole('checkbox', { name: '박강산' }).check({ force: true });
  await look('choose');
  await page.getByRole('button', { name: words.next, exact: true }).click();
  const scores = page.getByRole('radio', { name: /^(3점|3 points)$/ });
  await scores.nth(0).check({ force: true });
  await scores.nth(1).check({ force: true });
  await look('score');
  await page.getByRole('button', { name: words.next, exact: true }).click();
  for (let place = 0; place < 3; place += 1) await page.locator('.rank-add').first().click();
  await look('rank');
  await page.getByRole('button', { name: words.review, exact: true }).click();
  await expect(heading(page, words.reviewTitle)).toBeVisible();
}

/** The whole way up to the last decision. */
export async function toSubmit(page: Page, election: TestElection, voter: number, words: Words = WORDS.ko): Promise<void> {
  await page.goto(election.link(voter));
  await identify(page, election, voter, words);
  await mark(page, words);
  await page.getByRole('button', { name: words.right }).click();
  await expect(heading(page, words.last)).toBeVisible();
}

/** The confirmation code on the page, without separators. */
export const codeOn = async (page: Page): Promise<string> => (await page.locator('.hash-large .hash-value').first().innerText()).replace(/\s/g, '');

/** Another device. */
export const otherDevice = (context: BrowserContext): Promise<Page> => context.newPage();

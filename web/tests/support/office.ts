/** The commission's staff at the admin console. */
import { expect as expectSoon } from '@playwright/test';
import { pause } from './election';
import type { Person } from './person';
import { ADMIN, TENANT } from './server';

const expect = expectSoon.configure({ timeout: 30_000 });
/** Seconds that voting goes on at least. */
const PATIENCE = 30;
const PASSWORD = 'four words that nobody guesses';

/** What the wizard is told. */
export interface Wanted {
  slug: string;
  title: { ko: string; en: string };
  units: readonly { ko: string; en: string }[];
  trustees: readonly string[];
  authority: string;
  tally: string;
  /** Seconds since 1970, whole minutes. */
  opens: number;
  closes: number;
}

/** In Korea's time, as the browser's own field takes it. */
const local = (seconds: number): string => new Date((seconds + 9 * 3600) * 1000).toISOString().slice(0, 16);

/** The next whole minute that is at least so many seconds away. */
export const nextMinute = (seconds: number): number => Math.ceil((Date.now() / 1000 + seconds) / 60) * 60;

export class Clerk {
  constructor(
    readonly person: Person,
    private readonly server: string,
  ) {}

  async logIn(login: string = ADMIN.login, password: string = ADMIN.password): Promise<void> {
    const { page, words } = this.person;
    await page.goto(`${this.server}/admin`);
    await this.person.expectTitle(words.wizard('login.title'));
    await this.person.expectGood('admin-login');
    await this.person.fill({ tenant: TENANT, login, password });
    await this.person.press(words.wizard('login.submit'));
  }

  /** With a password that somebody else made. */
  async firstLogIn(login: string, given: string): Promise<void> {
    const { words } = this.person;
    await this.logIn(login, given);
    await this.person.expectTitle(words.wizard('password.first.title'));
    await this.person.fill({ current: given, next: PASSWORD, again: PASSWORD });
    await this.person.press(words.wizard('password.submit'));
    await this.person.expectTitle(words.wizard('dashboard.title'));
  }

  /** Makes an account; gives the password that the page tells once. */
  async addPerson(login: string, role: string): Promise<string> {
    const { page, words } = this.person;
    await page.goto(`${this.server}/admin/people`);
    await this.person.expectTitle(words.people('people.title'));
    await this.person.press(words.people('people.add'));
    await page.locator('dialog[open] #login').fill(login);
    await page.locator(`dialog[open] input[value="${role}"]`).check();
    await page.locator('dialog[open]').getByRole('button', { name: words.people('people.add.submit'), exact: true }).click();
    await expect(page.getByText(words.people('people.password.title', { login }))).toBeVisible();
    return page.locator('.admin-password').innerText();
  }

  async visit(slug: string, path: string, title: string): Promise<void> {
    await this.person.page.goto(`${this.server}/admin/e/${slug}${path === '' ? '' : `/${path}`}`);
    await this.person.expectTitle(title);
  }

  /** Writes the election step by step and asks for its approval. */
  async draft({ slug, title, units, trustees, authority, tally, opens, closes }: Wanted): Promise<void> {
    const { person } = this;
    const { page } = person;
    const t = person.words.wizard;
    const next = (): Promise<void> => person.press(t('wizard.next'));
    await page.getByRole('link', { name: t('dashboard.new') }).first().click();
    await person.expectTitle(t('create.title'));
    await person.fill({ 'title.ko': title.ko, 'title.en': title.en, slug });
    await person.expectGood('admin-create');
    await person.press(t('create.submit'));
    await person.expectTitle(t('step.basics'));
    await person.expectGood('admin-basics');
    await next();
    await person.expectTitle(t('step.schedule'));
    await page.getByRole('radio', { name: t('schedule.hand') }).check();
    // The law's two days become one window.
    while ((await page.locator('.wizard-window').count()) > 1) await page.getByRole('button', { name: t('schedule.window.remove', { n: 2 }) }).click();
    await person.fill({ 'schedule.windows[0].opens': local(opens), 'schedule.windows[0].closes': local(closes), 'schedule.override_reason': '시험', 'schedule.grace_seconds': '0' });
    await person.expectGood('admin-schedule');
    await next();
    await person.expectTitle(t('step.contests'));
    await person.expectGood('admin-contests');
    await next();
    await person.expectTitle(t('step.districts'));
    await page.getByText(t('units.paste'), { exact: true }).click();
    await person.fill({ 'units-paste': units.map(({ ko, en }) => `${ko}, ${en}`).join('\n') });
    await person.press(t('units.paste.take', { n: units.length }));
    await person.expectGood('admin-districts');
    await next();
    await person.expectTitle(t('step.officers'));
    for (const [index, key] of trustees.entries()) await person.fill({ [`roles.trustees[${String(index)}].name`]: `수탁자 ${'가나다'.charAt(index)}`, [`roles.trustees[${String(index)}].key`]: key });
    await person.fill({ 'roles.authorities[0].name': '시 선거관리위원회', 'roles.authorities[0].key': authority, 'roles.tally': tally });
    await person.expectGood('admin-officers');
    await next();
    await person.expectTitle(t('step.review'));
    await person.expectGood('admin-review');
    await person.press(t('review.submit'));
    await person.expectTitle(t('election.overview'));
  }

  /** The second person approves what the page shows; gives what the notice will say. */
  async approve(slug: string): Promise<{ board: string; vkey: string }> {
    const { person } = this;
    const t = person.words.wizard;
    await this.visit(slug, '', t('election.overview'));
    await person.expectGood('admin-in-review');
    await person.press(t('approval.approve'));
    await person.confirm(t('approval.approve'));
    await expect(person.page.getByText(t('overview.frozen'))).toBeVisible();
    // The log begins a moment later, and with it the board.
    await expect(async () => {
      await person.page.reload();
      await expect(person.page.locator('.announced')).toHaveCount(2, { timeout: 3_000 });
    }).toPass({ timeout: 30_000 });
    await person.expectGood('admin-approved');
    const [board = '', vkey = ''] = await person.page.locator('.announced').allInnerTexts();
    return { board, vkey };
  }

  /** The roll is checked, then taken. */
  async importRoll(slug: string, csv: string, voters: number): Promise<void> {
    const { person } = this;
    const t = person.words.operate;
    await this.visit(slug, 'roll', t('roll'));
    await person.page.locator('#roll-file').setInputFiles({ name: 'roll.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
    await person.press(t('import.check'));
    await expect(person.page.getByText(t('import.clean', { n: voters }))).toBeVisible();
    await person.expectGood('admin-roll-checked');
    await person.press(t('import.take', { n: voters }));
    await expect(person.page.locator('.stat-value').first()).toHaveText(String(voters));
  }

  /** The authority's clerk hands in whose credential is whose. */
  async assign(slug: string, file: string, voters: number): Promise<void> {
    const { person } = this;
    const t = person.words.operate;
    await this.visit(slug, 'roll', t('roll'));
    await person.page.locator('#assignment-file').setInputFiles({ name: 'wrong.csv', mimeType: 'text/csv', buffer: Buffer.from('voter_id,credential_index\nNOBODY,0\n') });
    await person.press(t('import.check'));
    await expect(person.page.getByText(t('reason.no-voter'))).toBeVisible();
    await person.expectGood('admin-assignment-problems');
    await person.page.locator('#assignment-file').setInputFiles(file);
    await person.press(t('import.check'));
    await expect(person.page.getByText(t('import.clean', { n: voters }))).toBeVisible();
    await person.press(t('assign.take', { n: voters }));
    await expect(person.page.locator('.stat-value').nth(1)).toHaveText(String(voters));
    await person.expectGood('admin-assigned');
  }

  /** The commission signs last. */
  async sign(slug: string, page: 'roll' | 'requests', what: string): Promise<void> {
    const { person } = this;
    const t = person.words.operate;
    await this.visit(slug, page, t(page));
    const row = person.page.getByRole('row').filter({ hasText: what });
    await row.getByRole('button', { name: t('proposal.sign') }).click();
    await person.confirm(t('proposal.sign'));
    await expect(row).toContainText(t('proposal.done'));
  }

  /** Voting begins, at the press of a button. */
  async open(slug: string): Promise<void> {
    await this.onVoting(slug, 'open.do', 'open.done');
  }

  /** Voting ends; its time must be over. */
  async close(slug: string): Promise<void> {
    await this.onVoting(slug, 'close.do', 'close.done');
  }

  private async onVoting(slug: string, what: 'open.do' | 'close.do', done: 'open.done' | 'close.done'): Promise<void> {
    const { person } = this;
    const t = person.words.operate;
    await this.visit(slug, 'voting', t('voting'));
    await person.press(t(what));
    await person.expectGood(`admin-${what.replace('.do', '')}`);
    await person.confirm(t(what));
    await expect(person.page.getByText(t(done))).toBeVisible();
  }

  /** Puts the end of voting off to the first whole minute that is so many seconds away; gives it. */
  async putOff(slug: string, seconds: number): Promise<number> {
    const { person } = this;
    const t = person.words.operate;
    await this.visit(slug, 'voting', t('voting'));
    const closes = nextMinute(seconds);
    await person.page.getByLabel(t('later.closes')).fill(local(closes));
    await person.press(t('later.do'));
    await person.page.locator('dialog[open] textarea').fill('시험 기기가 느림');
    await person.confirm(t('later.do'));
    return closes;
  }

  /** Puts off the end `closes` from this page alone, however slow the machine is, until it is told to let voting end; gives the end. */
  keepOpen(slug: string, closes: number): { end: () => Promise<number> } {
    const going = { on: true };
    const keeping = (async () => {
      while (going.on) {
        if (closes - Date.now() / 1000 < PATIENCE) closes = await this.putOff(slug, 2 * PATIENCE);
        await pause(500);
      }
      return closes;
    })();
    // Whoever waits for the end hears of trouble; until then it is nobody's.
    keeping.catch(() => undefined);
    return {
      end: () => {
        going.on = false;
        return keeping;
      },
    };
  }
}

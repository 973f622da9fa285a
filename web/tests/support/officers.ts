/** Trustees and the authority at the pages of their own programs. */
import { join } from 'node:path';
import { expect as expectSoon, type Locator } from '@playwright/test';
import { startLocal } from './local';
import type { Person } from './person';

/** Opening a secret file is meant to be slow, programs look at the board every few seconds, and machines are busy. */
const expect = expectSoon.configure({ timeout: 240_000 });
const PASSPHRASE = 'passphrase of an officer';

/** An officer: a person, and the program behind the page. */
export class Officer {
  private constructor(
    readonly person: Person,
    readonly folder: string,
    private readonly program: 'hanpyo-trustee' | 'hanpyo-authority',
    private readonly end: () => Promise<void>,
  ) {}

  static async sitDown(person: Person, program: 'hanpyo-trustee' | 'hanpyo-authority', folder: string): Promise<Officer> {
    const running = await startLocal(folder, program);
    await person.page.goto(running.url);
    return new Officer(person, folder, program, running.stop);
  }

  /** The page first, so that it does not ask a program that has ended. */
  async leave(): Promise<void> {
    await this.person.page.close();
    await this.end();
  }

  private get t() {
    const { words } = this.person;
    return this.program === 'hanpyo-trustee' ? words.trustee : words.authority;
  }

  /** Makes the secret file and opens it again; gives the public key. `carelessly`: with a short and a wrong passphrase first. */
  async makeFile(carelessly: boolean): Promise<string> {
    const { person, t } = this;
    await person.expectTitle(t('file.create.title'));
    // The token is in the page's memory only.
    expect(person.page.url()).not.toContain('t=');
    if (carelessly) {
      await person.fill({ passphrase: 'short', again: 'short' });
      await person.press(t('file.create'));
      await expect(person.page.getByRole('alert')).toContainText(t('refusal.short-passphrase'));
      await person.expectGood(`${this.program}-file`);
    }
    await person.fill({ passphrase: PASSPHRASE, again: PASSPHRASE });
    await person.press(t('file.create'));
    await this.reopen(carelessly);
    const key = (await person.page.locator('.hash-value').first().innerText()).replace(/[^0-9a-f]/g, '');
    expect(key).toHaveLength(64);
    return key;
  }

  /** The forced test that what was saved opens. */
  async reopen(carelessly = false): Promise<void> {
    const { person, t } = this;
    await person.expectTitle(t('file.reopen.title'));
    if (carelessly) {
      await person.fill({ passphrase: 'not the passphrase' });
      await person.press(t('file.open'));
      await expect(person.page.getByRole('alert')).toContainText(t('refusal.wrong-passphrase'));
      await person.expectGood(`${this.program}-reopen`);
    }
    await person.fill({ passphrase: PASSPHRASE });
    await person.press(t('file.open'));
    await expect(person.page.locator('#passphrase')).toBeHidden();
  }

  /** Reads the board whose address and key were announced, and agrees to its fingerprint. */
  async connect(board: string, vkey: string): Promise<void> {
    const { person, t } = this;
    await person.expectGood(`${this.program}-connect`);
    await person.fill({ board, vkey });
    await person.press(t('board.connect'));
    const go = person.button(t('election.go-on'));
    await expect(go).toBeVisible();
    await expect(person.page.locator('.words li')).toHaveCount(16);
    await expect(go).toHaveAttribute('aria-disabled', 'true');
    await person.expectGood(`${this.program}-fingerprint`);
    await person.page.locator('#same').check();
    await go.click();
  }

  row(text: string): Locator {
    return this.person.page.getByRole('row').filter({ hasText: text });
  }

  /** While voting goes on: the ballots so far are verified ahead. */
  async verifyAhead(): Promise<void> {
    const { person } = this;
    const w = person.words.trustee;
    await this.readAgain();
    await person.expectTitle(w('voting.title'));
    await person.press(w('voting.follow'));
    await expect(person.button(w('voting.follow'))).not.toHaveAttribute('aria-busy', 'true');
    await person.expectGood('hanpyo-trustee-voting');
  }

  /** Verifies the board, sees root and counts, says yes. */
  async decrypt(online: number, changesMind: boolean): Promise<string> {
    const { person, t } = this;
    const w = person.words.trustee;
    // Whichever screen was left open reads the board again at the press of its button.
    await person.button(w('voting.follow')).or(person.button(this.t('refresh'))).first().click();
    await person.expectTitle(w('decrypt.title'));
    await this.ask(online);
    if (changesMind) {
      await person.press(w('decrypt.no'));
      await expect(person.page.getByRole('alert')).toContainText(t('refusal.not-confirmed'));
      await person.expectGood('hanpyo-trustee-refused');
      await this.ask(online);
    }
    const root = (await person.page.locator('.hash-value').first().innerText()).replace(/\s/g, '');
    await person.page.locator('#same').check();
    await person.press(w('decrypt.yes'));
    const done = person.page.getByText(w('decrypt.done'), { exact: true }).or(person.page.getByRole('heading', { level: 1, name: w('over.title') }));
    await expect(done.first()).toBeVisible();
    await person.expectGood('hanpyo-trustee-decrypted');
    return root;
  }

  /** Up to the question whether to decrypt, which shows what the program worked out itself. */
  private async ask(online: number): Promise<void> {
    const { person } = this;
    const w = person.words.trustee;
    await person.press(w('decrypt.start'));
    await person.expectTitle(w('decrypt.ask.title'));
    await expect(person.page.locator('.stat').filter({ hasText: w('decrypt.ballots') }).locator('.stat-value')).toHaveText(String(online));
    await expect(person.button(w('decrypt.yes'))).toHaveAttribute('aria-disabled', 'true');
    await person.expectGood('hanpyo-trustee-ask');
  }

  /** Looks at the roll, makes the codes; gives where the files are. */
  async issue(roll: string, voters: number): Promise<string> {
    const { person } = this;
    const w = person.words.authority;
    const choose = (text: string): Promise<void> => person.page.locator('#roll').setInputFiles({ name: 'roll.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
    await person.expectTitle(w('issue.title'));
    await choose('voter_id,style,unit,weight\nV1,0,7,1\n');
    await person.press(w('issue.check'));
    await expect(person.page.getByRole('alert')).toContainText(w('refusal.bad-roll'));
    await person.expectGood('hanpyo-authority-bad-roll');
    await choose(roll);
    await person.press(w('issue.check'));
    await expect(person.page.getByText(w('issue.found', { n: voters }))).toBeVisible();
    await person.expectGood('hanpyo-authority-roll');
    await person.press(w('issue.start', { n: voters }));
    await person.expectTitle(w('upload.title'));
    await person.expectGood('hanpyo-authority-issued');
    return join(this.folder, 'issued');
  }

  async upload(): Promise<void> {
    await this.person.press(this.person.words.authority('upload.start'));
    await expect(this.row(this.person.words.authority('signed.seal'))).toBeVisible();
    await this.person.expectGood('hanpyo-authority-signed');
  }

  async readAgain(): Promise<void> {
    await this.person.press(this.t('refresh'));
  }
}

/** A voter in the booth, with the link of the letter and the code that a message brought. */
import { readFileSync } from 'node:fs';
import { expect as expectSoon, type Locator, type Page } from '@playwright/test';
import { until } from './election';
import type { Person } from './person';
import type { HanpyoServer } from './server';

const expect = expectSoon.configure({ timeout: 60_000 });

/** What the voter holds: a letter from the authority, and a mailbox. */
export interface Letter {
  voter: string;
  contact: string;
  /** The personal link. */
  url: string;
}

/** The letters that the authority's program wrote for the printer. */
export function readLetters(file: string, contacts: ReadonlyMap<string, string>): Letter[] {
  const [header = '', ...rows] = readFileSync(file, 'utf8').trim().split('\n');
  const column = (name: string): number => header.split(',').indexOf(name);
  const [voter, url] = [column('voter_id'), column('url')];
  return rows
    .map((row) => row.split(','))
    .map((cells) => ({ voter: cells[voter] ?? '', url: cells[url] ?? '', contact: contacts.get(cells[voter] ?? '') ?? '' }))
    .sort((one, other) => one.voter.localeCompare(other.voter));
}

/** How an option is pressed, a field filled: with mouse or finger, or with the keyboard alone. */
interface Hands {
  press: (button: Locator) => Promise<void>;
  fill: (field: Locator, text: string) => Promise<void>;
  choose: (radio: Locator) => Promise<void>;
}

const POINTER: Hands = {
  press: (button) => button.click(),
  fill: (field, text) => field.fill(text),
  // The whole row is the label; the radio itself is drawn by it.
  choose: (radio) => radio.check({ force: true }),
};

/** Tab until it has the focus, as somebody without a mouse does. */
async function reach(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  for (let pressed = 0; pressed < 60; pressed += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error('60 presses of Tab did not reach it');
}

const keyboard = (page: Page): Hands => ({
  press: async (button) => {
    await reach(page, button);
    await page.keyboard.press('Enter');
  },
  fill: async (field, text) => {
    await reach(page, field);
    await page.keyboard.type(text);
  },
  choose: async (radio) => {
    // Tab reaches the group; arrows move within it.
    await reach(page, page.getByRole('radio').first());
    await page.keyboard.press('Space');
    for (let moved = 0; moved < 10 && !(await radio.isChecked()); moved += 1) await page.keyboard.press('ArrowDown');
    await expect(radio).toBeChecked();
  },
});

export class Voter {
  private readonly hands: Hands;

  constructor(
    readonly person: Person,
    private readonly letter: Letter,
    private readonly server: HanpyoServer,
    keyboardOnly = false,
  ) {
    this.hands = keyboardOnly ? keyboard(person.page) : POINTER;
  }

  private get t() {
    return this.person.words.booth;
  }

  private codes(): string[] {
    return this.server
      .messages()
      .filter(({ text }) => text.includes(this.letter.contact))
      .flatMap(({ text }) => /\b(\d{6})\b/.exec(text)?.[1] ?? []);
  }

  /** Opens the personal link and comes to the first screen. */
  async arrive(): Promise<void> {
    const { page } = this.person;
    // The letter names the address that this server was told it has; it is served here.
    const { pathname, hash } = new URL(this.letter.url);
    await page.goto(`${this.server.url}${pathname}${hash}`);
    await expect(this.person.button(this.t('notice.begin'))).toBeVisible();
    // The code is out of the address bar before anything is shown.
    expect(page.url()).not.toContain('#');
    await this.person.expectGood('booth-notice');
  }

  async identify(): Promise<void> {
    const { person, t, hands } = this;
    await hands.press(person.button(t('notice.begin')));
    await person.expectTitle(t('identify.title'));
    await person.expectGood('booth-identify');
    await hands.fill(person.page.locator('#voter'), this.letter.voter);
    const seen = this.codes().length;
    await hands.press(person.button(t('identify.send')));
    await person.expectTitle(t('otp.title'));
    await person.expectGood('booth-code');
    await hands.fill(person.page.locator('#one-time-code'), await until(`a code for ${this.letter.contact}`, () => Promise.resolve(this.codes()[seen]), 30));
    await hands.press(person.button(t('otp.confirm')));
  }

  /** Marks option `option` of the only contest, looks at it again, and comes to the last decision; gives the confirmation code. */
  async mark(option: number): Promise<string> {
    const { person, t, hands } = this;
    const radio = person.page.getByRole('radio').nth(option);
    await expect(radio).toBeVisible();
    await person.expectGood('booth-contest');
    await hands.choose(radio);
    await hands.press(person.button(t('mark.to-review')));
    return this.confirm();
  }

  /** From the review back to the contest, and again to the last decision. */
  async markAgain(option: number): Promise<string> {
    const { person, t } = this;
    await person.press(t('challenged.again'));
    await person.expectTitle(t('review.title'));
    await person.page.getByRole('button', { name: t('review.change') }).first().click();
    return this.mark(option);
  }

  private async confirm(): Promise<string> {
    const { person, t } = this;
    await person.expectTitle(t('review.title'));
    await person.expectGood('booth-review');
    await this.hands.press(person.button(t('review.confirm')));
    await person.expectTitle(t('submit.title'));
    await expect(person.page.getByText(t('not-yet')).first()).toBeVisible();
    await person.expectGood('booth-submit');
    return this.code();
  }

  /** The confirmation code on the screen, without separators. */
  async code(): Promise<string> {
    return (await this.person.page.locator('.hash-large .hash-value').first().innerText()).replace(/\s/g, '');
  }

  /** Opens the encrypted ballot instead of casting it; gives the address for the other device. */
  async challenge(): Promise<string> {
    const { person, t } = this;
    await person.page.getByText(t('verify.summary')).click();
    await person.press(t('verify.do'));
    await person.expectTitle(t('challenged.title'));
    await person.expectGood('booth-challenged');
    const [download] = await Promise.all([person.page.waitForEvent('download'), person.press(t('challenged.save'))]);
    return readFileSync(await download.path(), 'utf8');
  }

  /** Casts, and holds a receipt that this browser verified, of the ballot that was decided on. */
  async cast(code: string): Promise<void> {
    await this.hands.press(this.person.button(this.t('submit.cast')));
    await this.expectReceipt(code);
  }

  async expectReceipt(code: string): Promise<void> {
    const { person, t } = this;
    await person.expectTitle(t('receipt.title'));
    expect(await this.code()).toBe(code);
    await person.expectGood('booth-receipt');
  }

  /** The connection breaks while the ballot is on its way: the server takes it, the answer is lost, then there is no network. */
  async castInterrupted(code: string): Promise<void> {
    const { person, t } = this;
    const { page } = person;
    await page.route('**/ballots', async (route) => {
      await route.fetch();
      await page.context().setOffline(true);
      await route.abort('connectionreset');
    });
    await person.press(t('submit.cast'));
    await person.expectTitle(t('settling.title'));
    await expect(page.getByText(t('settling.offline'))).toBeVisible();
    await expect(page.getByText(t('receipt.title'))).toHaveCount(0);
    await person.expectGood('booth-settling');
    await page.unroute('**/ballots');
    // The network comes back, and nobody presses anything.
    await page.context().setOffline(false);
    await this.expectReceipt(code);
  }
}

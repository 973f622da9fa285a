/** Somebody with a browser of their own: language, window, and how closely the screens passed through are looked at. */
import { type BrowserContextOptions, expect, type Locator, type Page } from '@playwright/test';
import type { test } from './fixtures';
import { expectAccessibleIn, expectReflow, type Look, setLook } from './look';
import { picture } from './screens';
import { type Language, wordsOf, type Words } from './words';

const PATIENCE_MS = 120_000;

type NewPerson = Parameters<Parameters<typeof test>[2]>[0]['newPerson'];

export interface Setting {
  language: Language;
  /** Of the window, in CSS pixels. */
  width: number;
  /** Themes in which axe looks at every screen. */
  looks: readonly Look[];
  /** Before the pictures' names. */
  folder: string;
}

export class Person {
  private constructor(
    readonly page: Page,
    readonly words: Words,
    private readonly setting: Setting,
  ) {}

  static async arrive(newPerson: NewPerson, setting: Setting, options: BrowserContextOptions = {}): Promise<Person> {
    const context = await newPerson({ viewport: { width: setting.width, height: 800 }, ...options });
    const page = await context.newPage();
    // What cannot be pressed fails where it is, not at the end of the test.
    page.setDefaultTimeout(PATIENCE_MS);
    await setLook(page, { language: setting.language });
    return new Person(page, wordsOf(setting.language), setting);
  }

  /** The screen passes axe, and is no wider than the window. */
  async expectGood(name: string): Promise<void> {
    await expectAccessibleIn(this.page, this.setting.looks, name);
    await expectReflow(this.page);
    await picture(this.page, `whole/${this.setting.folder}/${name}`);
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  async press(name: string): Promise<void> {
    await this.button(name).click();
  }

  /** Presses a button of the dialog that is open. */
  async confirm(name: string): Promise<void> {
    await this.page.locator('dialog[open]').getByRole('button', { name, exact: true }).click();
    await expect(this.page.locator('dialog[open]')).toHaveCount(0, { timeout: 60_000 });
  }

  /** Types into fields by their ids. */
  async fill(fields: Readonly<Record<string, string>>): Promise<void> {
    for (const [id, text] of Object.entries(fields)) await this.page.locator(`[id="${id}"]`).fill(text);
  }

  async expectTitle(title: string): Promise<void> {
    await expect(this.page.locator('h1')).toHaveText(title, { timeout: 240_000 });
  }
}

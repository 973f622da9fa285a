/** A person without a mouse: Tab, Enter, Space and arrows, and a focus that is seen wherever it stands. */
import { expect, type Page } from '@playwright/test';

type Role = 'button' | 'checkbox' | 'link' | 'radio' | 'textbox';

export interface Keyboard {
  /** Tab until the first control of that name has the focus, and sees that it is marked. */
  reach: (role: Role, name: string | RegExp) => Promise<void>;
  press: (...keys: string[]) => Promise<void>;
  type: (text: string) => Promise<void>;
}

/** More stops than any page has. */
const STOPS = 120;

export function keyboardOf(page: Page): Keyboard {
  return {
    reach: async (role, name) => {
      const wanted = page.getByRole(role, { name, exact: typeof name === 'string' }).first();
      await expect(wanted).toBeAttached();
      for (let stop = 0; stop < STOPS; stop += 1) {
        if (await wanted.evaluate((one) => one === document.activeElement)) {
          await expectFocusSeen(page);
          return;
        }
        await page.keyboard.press('Tab');
      }
      throw new Error(`${role} ${String(name)} cannot be reached by Tab`);
    },
    press: async (...keys) => {
      for (const key of keys) await page.keyboard.press(key);
    },
    type: async (text) => page.keyboard.type(text),
  };
}

/** What has the focus has an outline that can be seen: around itself or, where its label draws it, around that. */
export async function expectFocusSeen(page: Page): Promise<void> {
  const found = await page.evaluate(() => {
    const focused = document.activeElement;
    if (focused === null || focused === document.body) return 'nothing has the focus';
    const outlined = [focused, focused.nextElementSibling, focused.closest('label')].some((one) => {
      if (one === null) return false;
      const { outlineStyle, outlineWidth, opacity } = getComputedStyle(one);
      return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2 && Number(opacity) > 0;
    });
    return outlined ? null : `no outline at ${focused.outerHTML.slice(0, 200)}`;
  });
  expect(found, `focus at ${page.url()}`).toBeNull();
}

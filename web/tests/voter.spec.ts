import { expectAccessibleInEveryTheme, expectReflow, inTheme, setLook } from './support/look';
import { picture } from './support/screens';
import { codeOn, expect, heading, identify, mark, test, WORDS } from './voter-support';

test.describe.configure({ timeout: 480_000 });

for (const language of ['ko', 'en'] as const) {
  for (const width of [360, 1280]) {
    test(`a voter with a personal link casts and gets a receipt (${language}, ${String(width)} px)`, async ({ page, open, voter }) => {
      const words = WORDS[language];
      const shot = async (name: string) => {
        await picture(page, `voter/${language}-${String(width)}/${name}`);
        if (language === 'ko' && width === 360) for (const theme of ['dark', 'contrast'] as const) await inTheme(page, theme, () => picture(page, `voter/${theme}/${name}`));
      };
      await page.setViewportSize({ width, height: 800 });
      await setLook(page, { language });
      await page.goto(open.link(voter));
      await expect(page.getByRole('button', { name: words.begin })).toBeVisible();
      // The code is out of the address bar before anything is shown.
      expect(page.url()).toBe(`${open.home}vote`);
      await expectAccessibleInEveryTheme(page, 'notice');
      await expectReflow(page);
      await shot('1-notice');

      await page.getByRole('button', { name: words.begin }).click();
      await expectAccessibleInEveryTheme(page, 'identify');
      await shot('2-identify');
      await page.getByLabel(words.voter).fill(open.letter(voter).voter);
      const seen = open.codesSent(voter).length;
      await page.getByRole('button', { name: words.send }).click();
      const otp = page.getByRole('textbox', { name: words.otp });
      await expect(otp).toHaveAttribute('autocomplete', 'one-time-code');
      await expectAccessibleInEveryTheme(page, 'one-time code');
      await shot('3-one-time-code');
      await otp.fill(await open.oneTimeCode(voter, seen));
      await page.getByRole('button', { name: words.confirm, exact: true }).click();

      await mark(page, words, async (kind) => {
        await expectAccessibleInEveryTheme(page, kind);
        await expectReflow(page);
        await shot(`4-${kind}`);
      });
      await expectAccessibleInEveryTheme(page, 'review');
      await expectReflow(page);
      await shot('5-review');
      await page.getByRole('button', { name: words.right }).click();
      await expect(heading(page, words.last)).toBeVisible();
      await expect(page.getByText(words.notYet).first()).toBeVisible();
      const code = await codeOn(page);
      await expectAccessibleInEveryTheme(page, 'submit');
      await expectReflow(page);
      await shot('6-submit');
      await page.getByRole('button', { name: words.cast }).click();
      await expect(heading(page, words.recorded)).toBeVisible({ timeout: 30_000 });
      // The receipt is of the ballot that was decided on, and says nothing of the choice.
      expect(await codeOn(page)).toBe(code);
      const receipt = await page.locator('#main').innerText();
      expect(receipt).not.toContain(words.all);
      expect(receipt).not.toContain('김하늘');
      await expectAccessibleInEveryTheme(page, 'receipt');
      await expectReflow(page);
      await shot('7-receipt');
    });
  }
}

test('identify is needed', async ({ page, open, voter }) => {
  await page.goto(open.link(voter));
  await identify(page, open, voter);
  await expect(heading(page, WORDS.ko.marking)).toBeVisible();
});

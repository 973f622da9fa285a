/** Every component's examples pass axe with contrast in each theme, under the server's policy, at every width. */
import { expect, test } from './support/fixtures';
import { expectAccessible, expectAccessibleInEveryTheme, expectReflow, expectTargets, setLook } from './support/look';
import { picture } from './support/screens';

const NAMES = ['type', 'buttons', 'notices', 'steps', 'fields', 'codes', 'choices', 'rank', 'scores', 'forms', 'tables', 'charts', 'stats', 'timeline', 'hashes', 'progress', 'dialogs', 'navigation'];

test('the list names every example', async ({ page, examples }) => {
  await page.goto(`${examples.url}/examples`);
  const links = await page.locator('main li a').evaluateAll((all) => all.map((one) => one.getAttribute('href')));
  expect(links).toEqual(NAMES.map((name) => `/examples/${name}`));
});

for (const name of NAMES) {
  test(`${name}: accessible in light, dark and high contrast, on a phone and on a desk`, async ({ page, examples }) => {
    await page.setViewportSize({ width: 360, height: 800 });
    await page.goto(`${examples.url}/examples/${name}`);
    await expect(page.locator('h1')).toBeVisible();
    await expectAccessible(page, `${name} on a phone`);
    await picture(page, `examples/${name}-360`);
    await page.setViewportSize({ width: 1280, height: 900 });
    await expectAccessibleInEveryTheme(page, `${name} on a desk`);
    await picture(page, `examples/${name}-1280`);
    await page.evaluate(() => void (document.documentElement.dataset['theme'] = 'dark'));
    await picture(page, `examples/${name}-1280-dark`);
  });

  test(`${name}: no sideways scrolling at 320 px, in the largest text, and zoomed to 200 %`, async ({ page, examples }) => {
    await page.setViewportSize({ width: 320, height: 640 });
    await page.goto(`${examples.url}/examples/${name}`);
    await expectReflow(page);
    await page.evaluate(() => void (document.documentElement.dataset['text'] = '5'));
    await expectReflow(page);
    // A window of 1280 px zoomed to 200 % has 640 CSS pixels.
    await page.setViewportSize({ width: 640, height: 450 });
    await expectReflow(page);
  });
}

test('controls are large enough to touch', async ({ browser, examples }) => {
  const context = await browser.newContext({ hasTouch: true, isMobile: true, viewport: { width: 360, height: 800 } });
  const page = await context.newPage();
  for (const name of ['buttons', 'fields', 'codes', 'choices', 'rank', 'scores', 'navigation']) {
    await page.goto(`${examples.url}/examples/${name}`);
    await expectTargets(page, 48);
  }
  await context.close();
});

test('forced colours and reduced motion change nothing that can be read', async ({ page, examples }) => {
  await page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce', colorScheme: 'dark' });
  for (const name of NAMES) {
    await page.goto(`${examples.url}/examples/${name}`);
    await expectAccessible(page, `${name} (forced colours)`);
    const moving = await page.evaluate(() => document.getAnimations().length);
    expect(moving, `animations on ${name}`).toBe(0);
  }
});

test('the system theme follows the device, with the same colours as the dark theme', async ({ page, examples }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await setLook(page, { theme: 'system' });
  await page.goto(`${examples.url}/examples/type`);
  const colours = (): Promise<Record<string, string>> =>
    page.evaluate(() => {
      const style = getComputedStyle(document.documentElement);
      const names = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]).flatMap((rule) => (rule instanceof CSSStyleRule && rule.selectorText === ':root' ? [...rule.style] : [])).filter((name) => name.startsWith('--'));
      return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(name)]));
    });
  const system = await colours();
  expect(Object.keys(system).length).toBeGreaterThan(30);
  await page.evaluate(() => void (document.documentElement.dataset['theme'] = 'dark'));
  expect(await colours()).toEqual(system);
});

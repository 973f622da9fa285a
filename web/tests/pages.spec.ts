/** The pages as a real server sends them: headers, addresses, what every page has. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from './support/fixtures';
import { expectAccessibleInEveryTheme, expectReflow } from './support/look';
import { POLICY } from './support/policy';
import { SITE } from './support/server';

const normal = (policy: string): string[] => policy.split(';').map((one) => one.trim().replace(/\s+/g, ' ')).sort();

test('the policy of the rules is what the server sends with every page', async ({ request, server }) => {
  for (const address of ['/', '/e/city/none/', '/e/city/none/vote', '/e/city/none/observe', '/admin', '/admin/elections']) {
    const response = await request.get(server.url + address, { headers: { accept: 'text/html' } });
    expect(response.status(), address).toBe(200);
    expect(normal(response.headers()['content-security-policy'] ?? ''), address).toEqual(normal(POLICY));
    expect(response.headers()['x-content-type-options']).toBe('nosniff');
    expect(response.headers()['referrer-policy']).toBe('no-referrer');
  }
});

test('every file is what the manifest names, and comes compressed', async ({ request, server }) => {
  const manifest = JSON.parse(readFileSync(join(SITE, 'assets.json'), 'utf8')) as Record<string, { sha256: string; size: number }>;
  const served = await request.get(`${server.url}/assets.json`);
  expect(await served.json()).toEqual(manifest);
  for (const [name, { sha256, size }] of Object.entries(manifest).filter(([one]) => one.startsWith('assets/'))) {
    const response = await request.get(`${server.url}/${name}`, { headers: { 'accept-encoding': 'br' } });
    expect(response.status(), name).toBe(200);
    expect(response.headers()['content-encoding'], name).toBe('br');
    const body = await response.body();
    expect([createHash('sha256').update(body).digest('hex'), body.length], name).toEqual([sha256, size]);
  }
});

test('a page whose script was changed on its way does not run', async ({ page, server, expectTrouble }) => {
  expectTrouble(/integrity|digest/i);
  await page.route(/\/assets\/vote-[^/]*\.js$/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${await response.text()}\n// changed` });
  });
  await page.goto(`${server.url}/`);
  await expect(page.locator('#app')).toBeEmpty();
});

test('the English texts of the booth come when they are wanted; without a connection it stays Korean and says so', async ({ page, server, expectTrouble }) => {
  expectTrouble(/net::ERR_INTERNET_DISCONNECTED/);
  const english = '**/assets/booth-en-*.json';
  const asked: string[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('.json')) asked.push(request.url());
  });
  const title = (name: string) => page.getByRole('heading', { level: 1, name });
  const failed = page.getByRole('status').getByText('영어 화면을 불러오지 못해');
  await page.goto(`${server.url}/e/city/none/vote`);
  await expect(title('이 주소의 선거가 없습니다')).toBeVisible();
  expect(asked).toEqual([]);

  await page.route(english, (route) => route.abort('internetdisconnected'));
  await page.getByRole('button', { name: 'English' }).click();
  await expect(failed).toBeVisible();
  await expect(title('이 주소의 선거가 없습니다')).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'ko');
  // The switch goes back to what is shown.
  await page.getByRole('button', { name: '보기 설정' }).click();
  await page.getByRole('radio', { name: 'English' }).click({ force: true });
  await expect(page.getByRole('radio', { name: '한국어' })).toBeChecked();
  await page.keyboard.press('Escape');
  expect(asked).toHaveLength(2);

  await page.unroute(english);
  await page.getByRole('button', { name: 'English' }).click();
  await expect(title('There is no election at this address')).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  expect(asked).toHaveLength(3);
  // Korean and back: they are here.
  await page.getByRole('button', { name: '한국어' }).click();
  await expect(title('이 주소의 선거가 없습니다')).toBeVisible();
  await page.getByRole('button', { name: 'English' }).click();
  await expect(title('There is no election at this address')).toBeVisible();
  expect(asked).toHaveLength(3);

  // English was chosen before: Korean for this visit if it cannot be had, and English again in the next.
  await page.route(english, (route) => route.abort('internetdisconnected'));
  await page.reload();
  await expect(title('이 주소의 선거가 없습니다')).toBeVisible();
  await expect(failed).toBeVisible();
  await page.unroute(english);
  await page.reload();
  await expect(title('There is no election at this address')).toBeVisible();
});

test('what the policy forbids is noticed by these tests', async ({ page, server, expectTrouble }) => {
  expectTrouble(/policy: style-src-attr/);
  expectTrouble(/policy: require-trusted-types-for/);
  expectTrouble(/^console error: (Applying inline style violates|This document requires 'Trusted)/);
  await page.goto(`${server.url}/`);
  await page.evaluate(() => {
    document.body.setAttribute('style', 'color: red');
    const script = document.createElement('script');
    try {
      script.text = 'document.title = "no"';
    } catch {
      // Trusted Types refuse the text itself.
    }
    try {
      document.body.innerHTML = '<p>no</p>';
    } catch {
      // As above.
    }
  });
  expect(await page.evaluate(() => document.title)).not.toBe('no');
});

for (const [name, address] of [
  ['an unknown address', '/e/city/none/no/such/page'],
  ['an unknown admin address', '/admin/no/such/page/at/all'],
] as const) {
  test(`${name} has a page that says so`, async ({ page, server }) => {
    await page.goto(server.url + address);
    await expect(page.locator('h1')).toHaveText('찾는 화면이 없습니다');
    await expect(page).toHaveTitle(/찾는 화면이 없습니다/);
    await expectAccessibleInEveryTheme(page);
    await page.setViewportSize({ width: 320, height: 640 });
    await expectReflow(page);
  });
}

test('language, text size and theme are chosen by keyboard and kept', async ({ page, server }) => {
  await page.goto(`${server.url}/e/city/none/no/such/page`);
  const root = page.locator('html');
  await expect(root).toHaveAttribute('lang', 'ko');
  await page.keyboard.press('Tab');
  await expect(page.locator('.skip')).toBeFocused();
  await page.getByRole('button', { name: '보기 설정' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('radio', { name: 'English' }).focus();
  await page.keyboard.press('Space');
  await expect(root).toHaveAttribute('lang', 'en');
  await page.getByRole('radio', { name: 'Very large' }).press('Space');
  await page.getByRole('radio', { name: 'High contrast' }).press('Space');
  await expect(root).toHaveAttribute('data-text', '5');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Display' })).toBeFocused();
  await expect(page.getByRole('radio', { name: 'English' })).toBeHidden();
  await page.reload();
  await expect(root).toHaveAttribute('lang', 'en');
  await expect(root).toHaveAttribute('data-theme', 'contrast');
  await expect(page.locator('h1')).toHaveText('There is no such page');
});

test.describe('a reader whose browser is English', () => {
  test.use({ locale: 'en-GB' });
  test('gets English, and Korean by a link that asks for it', async ({ page, server }) => {
    await page.goto(`${server.url}/e/city/none/no/such/page`);
    await expect(page.locator('html')).toHaveAttribute('lang', 'en');
    await page.goto(`${server.url}/e/city/none/no/such/page?lang=ko`);
    await expect(page.locator('html')).toHaveAttribute('lang', 'ko');
  });
});

/** What components do for people: typing, keyboard, focus, limits. */
import { expect, test } from './support/fixtures';

test('a code may be typed or pasted as it comes, and corrected in the middle', async ({ page, examples }) => {
  await page.goto(`${examples.url}/examples/codes`);
  const code = page.getByLabel('투표 코드').first();
  await code.fill('');
  await code.pressSequentially('7qk2-m9x4 tboi');
  await expect(code).toHaveValue('7QK2-M9X4-TB01');
  await code.fill('  7qk2 m9x4 tb5r z0hc and more');
  await expect(code).toHaveValue('7QK2-M9X4-TB5R-Z0HC');
  // The cursor stays where one corrects.
  await code.evaluate((input: HTMLInputElement) => input.setSelectionRange(2, 3));
  await code.pressSequentially('w');
  await expect(code).toHaveValue('7QW2-M9X4-TB5R-Z0HC');
  expect(await code.evaluate((input: HTMLInputElement) => input.selectionStart)).toBe(3);
  const otp = page.getByLabel('인증 번호');
  await otp.pressSequentially('１２３ 45a6');
  await expect(otp).toHaveValue('123-456');
  await expect(otp).toHaveAttribute('autocomplete', 'one-time-code');
});

test('there is no overvote: once the most are chosen, the others cannot be', async ({ page, examples }) => {
  await page.goto(`${examples.url}/examples/choices`);
  const second = page.getByRole('checkbox', { name: /이두표/ });
  await expect(second).toBeDisabled();
  await page.getByRole('checkbox', { name: /김한표/ }).press('Space');
  await expect(second).toBeEnabled();
  await expect(page.getByText('1명을 골랐습니다')).toBeVisible();
  // The whole row is the target, not only the box.
  await page.locator('label.choice', { hasText: '이두표' }).click({ position: { x: 4, y: 4 } });
  await expect(second).toBeChecked();
});

test('radio rows are one stop of the Tab key and follow the arrows', async ({ page, examples }) => {
  await page.goto(`${examples.url}/examples/choices`);
  await page.getByRole('radio', { name: /전면적/ }).focus();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('radio', { name: /기권/ })).toBeChecked();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('radio', { name: '찬성' })).toBeFocused();
});

test('ranking by buttons, by keyboard and by dragging, each said to screen readers', async ({ page, examples }) => {
  await page.goto(`${examples.url}/examples/rank`);
  const list = page.getByRole('group', { name: '순위를 매기십시오' });
  const order = async (): Promise<string[]> => (await list.locator('.rank-row-ranked .rank-label').allTextContents()).map((text) => text.split(',')[0] ?? '');
  expect(await order()).toEqual(['Campbell', 'Anderson']);
  await list.getByRole('button', { name: /Macdonald/ }).click();
  expect(await order()).toEqual(['Campbell', 'Anderson', 'Macdonald']);
  await expect(page.locator('.toasts')).toContainText('Macdonald, Effie, 3개 중 3순위');
  // The focus stays with what was moved.
  await expect(list.getByRole('button', { name: 'Macdonald, Effie 위로' })).toBeFocused();
  await page.keyboard.press('Enter');
  expect(await order()).toEqual(['Campbell', 'Macdonald', 'Anderson']);
  await page.keyboard.press('Alt+ArrowUp');
  expect(await order()).toEqual(['Macdonald', 'Campbell', 'Anderson']);
  await list.getByRole('button', { name: 'Campbell, Iain 순위에서 빼기' }).click();
  expect(await order()).toEqual(['Macdonald', 'Anderson']);
  await list.locator('.rank-row-ranked').nth(1).dragTo(list.locator('.rank-row-ranked').nth(0));
  expect(await order()).toEqual(['Anderson', 'Macdonald']);
  const full = page.getByRole('group', { name: '세 순위까지' });
  // Playwright would wait for it to be enabled; a person can press it all the same.
  await full.getByRole('button', { name: /Campbell/ }).click({ force: true });
  await expect(full.locator('.rank-row-ranked')).toHaveCount(3);
});

test('a form says all that is wrong at once, takes the focus there, and leads to the fields', async ({ page, examples }) => {
  await page.goto(`${examples.url}/examples/forms`);
  await page.getByRole('button', { name: '확인' }).click();
  const summary = page.getByRole('alert');
  await expect(summary).toBeFocused();
  await expect(summary).toContainText('2군데');
  await summary.getByRole('link', { name: '이름을 적어 주십시오.' }).press('Enter');
  const name = page.getByLabel('이름');
  await expect(name).toBeFocused();
  await expect(name).toHaveAttribute('aria-invalid', 'true');
  await expect(name).toHaveAccessibleDescription(/이름을 적어 주십시오/);
  await name.fill('김한표');
  await summary.getByRole('link', { name: '하나를 골라 주십시오.' }).click();
  await page.getByRole('radio', { name: '찬성' }).check();
  await page.getByRole('button', { name: '확인' }).click();
  await expect(summary).toBeHidden();
});

test('a dialog keeps the focus and gives it back', async ({ page, examples }) => {
  await page.goto(`${examples.url}/examples/dialogs`);
  const opener = page.getByRole('button', { name: 'Open the dialog' });
  await opener.click();
  const dialog = page.getByRole('dialog', { name: '투표를 마감할까요?' });
  await expect(dialog).toBeVisible();
  expect(await dialog.evaluate((element) => element.contains(document.activeElement))).toBe(true);
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(opener).toBeFocused();
});

test('a table sorts both ways and says so', async ({ page, examples }) => {
  await page.goto(`${examples.url}/examples/tables`);
  const table = page.getByRole('table', { name: '구별 투표율' });
  const header = table.getByRole('columnheader', { name: /투표율/ });
  await header.getByRole('button').click();
  await expect(header).toHaveAttribute('aria-sort', 'ascending');
  await expect(table.getByRole('rowheader').first()).toHaveText('금천구');
  await header.getByRole('button').press('Enter');
  await expect(header).toHaveAttribute('aria-sort', 'descending');
  await expect(table.getByRole('rowheader').first()).toHaveText('서초구');
});

test('tabs move by arrow keys', async ({ page, examples }) => {
  await page.goto(`${examples.url}/examples/navigation`);
  await page.getByRole('tab', { name: '투표율' }).press('ArrowRight');
  await expect(page.getByRole('tab', { name: '사건' })).toBeFocused();
  await expect(page.getByRole('tabpanel')).toHaveText('사건 기록');
  await page.keyboard.press('End');
  await expect(page.getByRole('tab', { name: '기록', exact: true })).toHaveAttribute('aria-selected', 'true');
});

test('a busy button keeps the focus and does nothing', async ({ page, examples }) => {
  await page.goto(`${examples.url}/examples/buttons`);
  const busy = page.getByRole('button', { name: '보내는 중' });
  await busy.focus();
  await expect(busy).toHaveAttribute('aria-busy', 'true');
  await page.getByRole('button', { name: 'Busy on and off' }).click();
  await expect(busy).not.toHaveAttribute('aria-busy', 'true');
});

test('dates are Korean whatever the zone of the device', async ({ page, examples }) => {
  await page.goto(`${examples.url}/examples/fields`);
  const opens = page.getByLabel('투표 시작');
  await expect(opens).toHaveValue('2011-08-24T06:00');
  await opens.fill('2011-08-24T20:30');
  await expect(opens).toHaveValue('2011-08-24T20:30');
});

test('following a link moves the focus to the heading of the page', async ({ page, examples }) => {
  await page.goto(`${examples.url}/examples`);
  await page.getByRole('link', { name: 'Table', exact: true }).click();
  await expect(page.locator('h1')).toBeFocused();
  await expect(page).toHaveURL(/\/examples\/tables$/);
  await page.goBack();
  await expect(page.locator('h1')).toHaveText('Components');
  await expect(page.locator('h1')).toBeFocused();
});

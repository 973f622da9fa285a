/** Every state in which a voter cannot go on, each on a page of its own that says why and what to do. */
import { readFileSync } from 'node:fs';
import { openRecord } from '../src/pages/booth/core/open';
import { Server } from '../src/pages/booth/core/server';
import { WasmModule } from '../src/wasm/module';
import type { Selection } from '../src/wasm/messages';
import { Staff, until } from './support/election';
import { expectFocusSeen, keyboardOf } from './support/keyboard';
import { expectAccessibleEverywhere, expectReflow, setLook } from './support/look';
import { picture } from './support/screens';
import { ADMIN, TENANT } from './support/server';
import { codeOn, expect, heading, identify, mark, otherDevice, SITE, test, toSubmit, WORDS } from './voter-support';

test.describe.configure({ timeout: 480_000 });
const w = WORDS.ko;

test('links: of another election, damaged, none; a browser without WebAssembly; no connection', async ({ page, open, voter, context, expectTrouble }) => {
  expectTrouble(/net::ERR_/);
  const { fragment } = open.letter(voter);
  await page.goto(`${open.home}vote#${fragment.replace(/m=[0-9a-f]{4}/, 'm=0000')}`);
  await expect(heading(page, '안내문과 다른 선거입니다')).toBeVisible();
  await expect(page.getByRole('button', { name: '다시 시도하기' })).toHaveCount(0);
  await expectAccessibleEverywhere(page, 'another election');
  await picture(page, 'voter/states/other-election');

  const damaged = await context.newPage();
  const code = open.letter(voter).code;
  await damaged.goto(`${open.home}vote#${fragment.replace(code, `${code.startsWith('0') ? '1' : '0'}${code.slice(1)}`)}`);
  await expect(heading(damaged, '개인 링크가 온전하지 않습니다')).toBeVisible();
  expect(damaged.url()).toBe(`${open.home}vote`);
  await expectAccessibleEverywhere(damaged, 'damaged link');
  await picture(damaged, 'voter/states/damaged-link');
  // The way on is to type the code. The manifest that the link names stays the only one that is taken.
  await damaged.getByRole('button', { name: '투표코드를 직접 적기' }).click();
  await expect(damaged.getByText('개인 링크에 적힌 그 선거가 맞습니다. 투표코드는 안내문을 보고 적어 주세요.')).toBeVisible();
  await expectAccessibleEverywhere(damaged, 'notice of a link without its code');

  const old = await context.newPage();
  await old.addInitScript(() => Reflect.deleteProperty(globalThis, 'WebAssembly'));
  await old.goto(open.link(voter));
  await expect(heading(old, '이 브라우저로는 투표할 수 없습니다')).toBeVisible();
  await expectAccessibleEverywhere(old, 'a browser too old');

  const offline = await context.newPage();
  await offline.route('**/api/**', (route) => route.abort('internetdisconnected'));
  await offline.goto(open.link(voter));
  await expect(heading(offline, '서버에 연결하지 못했습니다')).toBeVisible();
  await expectAccessibleEverywhere(offline, 'no connection');
  await offline.unroute('**/api/**');
  await offline.getByRole('button', { name: '다시 시도하기' }).click();
  await expect(offline.getByRole('button', { name: w.begin })).toBeVisible();
  // The link is remembered though the address bar forgot it.
  await expect(offline.getByText('개인 링크가 확인되었습니다')).toBeVisible();
});

test('a connection that breaks while the module is fetched: trying again fetches it again', async ({ page, open, voter }) => {
  await page.route(/booth[^/]*\.wasm/, (route) => route.abort('internetdisconnected'));
  await page.goto(open.link(voter));
  await expect(heading(page, '서버에 연결하지 못했습니다')).toBeVisible();
  await page.unroute(/booth[^/]*\.wasm/);
  await page.getByRole('button', { name: '다시 시도하기' }).click();
  await expect(page.getByText('개인 링크가 확인되었습니다')).toBeVisible();
});

test('the skip link leads to the page and leaves the address alone, after a reload too', async ({ page, open, voter }) => {
  await page.goto(open.link(voter));
  await expect(page.getByRole('button', { name: w.begin })).toBeVisible();
  await page.locator('a.skip').focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('#main')).toBeFocused();
  expect(page.url()).toBe(`${open.home}vote`);
  // An address with any other fragment, as one that somebody kept, is no damaged link.
  await page.goto(`${open.home}vote#main`);
  await page.reload();
  await expect(page.getByRole('button', { name: w.begin })).toBeVisible();
});

test('texts that do not come: the link is out of the address, and the page not empty, before they are there', async ({ page, open, voter }) => {
  await setLook(page, { language: 'en' });
  let send: () => void = () => undefined;
  const sent = new Promise<void>((resolve) => (send = resolve));
  await page.route('**/booth-en-*.json', async (route) => {
    await sent;
    await route.continue();
  });
  await page.goto(open.link(voter));
  await expect(page.getByText('투표소를 여는 중입니다')).toBeVisible();
  expect(page.url()).toBe(`${open.home}vote`);
  await expectAccessibleEverywhere(page, 'before the texts');
  await picture(page, 'voter/states/before-texts');
  send();
  await expect(page.getByText('Your personal link is fine.')).toBeVisible();
  await expect(page.getByText('투표소를 여는 중입니다')).toHaveCount(0);
});

test('codes: a wrong one-time code, a mistyped voting code, somebody else’s; then the typed one', async ({ page, open, voter }) => {
  await page.goto(`${open.home}vote`);
  // Without a link nothing but the voter's eyes binds the manifest to the letter.
  await expect(page.getByText('우편 안내문의 선거 지문과 같은지 비교해 주세요')).toBeVisible();
  await expectAccessibleEverywhere(page, 'notice with the fingerprint to compare');
  await picture(page, 'voter/states/fingerprint');
  await page.getByRole('button', { name: w.begin }).click();
  await page.getByRole('button', { name: w.send }).click();
  await expect(page.getByText('명부 번호를 적어 주세요.')).toBeVisible();
  await expectAccessibleEverywhere(page, 'no voter number');
  await page.getByLabel(w.voter).fill(open.letter(voter).voter);
  await page.getByRole('button', { name: w.send }).click();
  const right = await open.oneTimeCode(voter);
  const otp = page.getByRole('textbox', { name: w.otp });
  await otp.fill(right === '000000' ? '111111' : '000000');
  await page.getByRole('button', { name: w.confirm, exact: true }).click();
  await expect(page.getByText('명부 번호나 인증번호가 맞지 않거나')).toBeVisible();
  await expectAccessibleEverywhere(page, 'wrong one-time code');
  await picture(page, 'voter/states/wrong-one-time-code');
  // Pasted as it stands in the message, with a space.
  await otp.fill(`${right.slice(0, 3)} ${right.slice(3)}`);
  await page.getByRole('button', { name: w.confirm, exact: true }).click();

  const field = page.getByLabel('투표코드', { exact: true });
  await expect(field).toBeVisible();
  const { code } = open.letter(voter);
  await field.fill(`${code.startsWith('0') ? '1' : '0'}${code.slice(1)}`);
  await page.getByRole('button', { name: '투표용지 받기' }).click();
  await expect(page.getByText('잘못 적은 글자가 있습니다')).toBeVisible();
  await expectAccessibleEverywhere(page, 'mistyped voting code');
  await field.fill(open.letter(39).code);
  await page.getByRole('button', { name: '투표용지 받기' }).click();
  await expect(page.getByText('본인확인한 분의 투표코드가 아닙니다')).toBeVisible();
  await expectAccessibleEverywhere(page, 'somebody else’s voting code');
  await picture(page, 'voter/states/other-voting-code');
  // Typed as people do: small letters, no hyphens.
  await field.fill(code.toLowerCase().replaceAll('-', ''));
  await page.getByRole('button', { name: '투표용지 받기' }).click();
  await expect(heading(page, w.marking)).toBeVisible();

  // An undervote is asked about; nothing at all below the least is not.
  await page.getByRole('button', { name: w.next, exact: true }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('기권으로 제출됩니다');
  await expectAccessibleEverywhere(page, 'undervote');
  await picture(page, 'voter/states/undervote');
  await dialog.getByRole('button', { name: '이대로 두기' }).click();
  await page.getByRole('button', { name: w.next, exact: true }).click();
  await expect(page.getByText('1개 이상 골라야 합니다')).toBeVisible();
  await expectAccessibleEverywhere(page, 'blocked');
});

test('who voted on paper is told', async ({ page, open, voter }) => {
  await open.staff.manager.ask('POST', `${open.api}/paper/strikes`, { voter_id: open.letter(voter).voter });
  await page.goto(open.link(voter));
  await identify(page, open, voter);
  await expect(heading(page, '투표소에서 종이로 투표하셨습니다')).toBeVisible();
  await expectAccessibleEverywhere(page, 'voted on paper');
  await picture(page, 'voter/states/on-paper');
});

test('a challenge is checked on another device, and the code says so', async ({ page, open, voter, context }) => {
  await toSubmit(page, open, voter);
  const code = await codeOn(page);
  await page.getByText('이 기기를 믿어도 되는지 검증하기').click();
  await page.getByRole('button', { name: w.check }).click();
  await expect(heading(page, '이 투표지를 열었습니다')).toBeVisible();
  await expect(page.getByText(w.notYet).first()).toBeVisible();
  await expectAccessibleEverywhere(page, 'challenged');
  await picture(page, 'voter/states/challenged');
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '열어 본 투표지를 파일로 저장' }).click()]);
  const address = readFileSync(await download.path(), 'utf8');

  const other = await otherDevice(context);
  await other.goto(address);
  await expect(heading(other, '먼저 확인 코드를 비교해 주세요')).toBeVisible();
  expect(other.url()).toBe(`${open.home}check`);
  expect(await codeOn(other)).toBe(code);
  // What was chosen is shown only once the codes were compared.
  await expect(other.getByText(w.all)).toHaveCount(0);
  await expectAccessibleEverywhere(other, 'compare');
  await picture(other, 'voter/check/compare');
  // The way past the navigation leaves what was brought here as it is.
  await other.locator('a.skip').focus();
  await other.keyboard.press('Enter');
  await expect(other.locator('#main')).toBeFocused();
  await other.evaluate(() => {
    location.hash = '#main';
  });
  await other.getByRole('button', { name: '예, 같습니다' }).click();
  await expect(other.getByText('시험 투표지는 집계되지 않습니다')).toBeVisible();
  await expect(other.getByText(w.all)).toBeVisible();
  await expect(other.getByText('소득 하위 50% 학생부터 단계적으로')).toHaveCount(0);
  await expectAccessibleEverywhere(other, 'contents');
  await picture(other, 'voter/check/contents');
  await other.getByRole('button', { name: '예, 시험할 때 고른 것과 같습니다' }).click();
  await expect(heading(other, '그 기기는 고른 대로 암호화했습니다')).toBeVisible();
  await expectAccessibleEverywhere(other, 'challenge passed');
  await picture(other, 'voter/check/passed');

  // A device that shows another code than it encrypted to is found out.
  const cheating = await otherDevice(context);
  await cheating.goto(address.replace(/#k=(.)/, (_, first: string) => `#k=${first === 'A' ? 'B' : 'A'}`));
  await expect(cheating.getByText('투표한 기기가 속이고 있습니다')).toBeVisible();
  await expectAccessibleEverywhere(cheating, 'challenge failed');
  await picture(cheating, 'voter/check/mismatch');

  // Posted, it is on the board as challenged; then a new ballot is cast.
  await page.getByText('시험 결과를 공개 게시판에 올리기').click();
  await page.getByRole('button', { name: '공개 게시판에 올리기', exact: true }).click();
  await expect(page.getByText('공개 게시판에 올렸습니다. 기록된 것을 이 기기가 확인했습니다.')).toBeVisible({ timeout: 40_000 });
  await expectAccessibleEverywhere(page, 'challenge posted');
  await page.getByRole('button', { name: '새 투표지 만들기' }).click();
  await page.getByRole('button', { name: w.right }).click();
  await expect(heading(page, w.last)).toBeVisible();
  expect(await codeOn(page)).not.toBe(code);
  await page.getByRole('button', { name: w.cast }).click();
  await expect(heading(page, w.recorded)).toBeVisible({ timeout: 60_000 });

  await other.goto(`${open.home}check`);
  await expect(heading(other, '투표지 찾아보기')).toBeVisible();
  await expectAccessibleEverywhere(other, 'check page');
  await picture(other, 'voter/check/find');
  await other.getByLabel('확인 코드').fill(code);
  await other.getByRole('button', { name: '찾아보기' }).click();
  await expect(other.getByText('열어 본 시험 투표지입니다')).toBeVisible();
  await expectAccessibleEverywhere(other, 'found challenged');
  await other.getByLabel('확인 코드').fill(`${code.startsWith('0') ? '1' : '0'}${code.slice(1)}`);
  await other.getByRole('button', { name: '찾아보기' }).click();
  await expect(other.locator('.notice-warning')).toBeVisible();
  await expectAccessibleEverywhere(other, 'not found');
  await picture(other, 'voter/check/not-found');
  await page.getByRole('link', { name: '기록 다시 찾아보기' }).click();
  await expect(page.getByText('기록되어 있습니다')).toBeVisible();
  await expect(page.getByText(w.all)).toHaveCount(0);
  await expectAccessibleEverywhere(page, 'found');
  await expectReflow(page);
  await picture(page, 'voter/check/recorded');

  // The same voter comes again: told on arrival where the session says so, by the ballot box at the latest.
  await page.goto(open.link(voter));
  await identify(page, open, voter);
  const again = heading(page, '이미 투표하셨습니다');
  await expect(again.or(heading(page, w.marking))).toBeVisible();
  if (await heading(page, w.marking).isVisible()) {
    await mark(page);
    await page.getByRole('button', { name: w.right }).click();
    await page.getByRole('button', { name: w.cast }).click();
  }
  await expect(again).toBeVisible({ timeout: 30_000 });
  await expectAccessibleEverywhere(page, 'already voted');
  await picture(page, 'voter/states/already-voted');
});

test('every entry of a style has the same length, whatever was chosen', async ({ open }) => {
  const server = new Server(TENANT, open.slug, { fetch: (path, init) => fetch(new URL(typeof path === 'string' ? path : '', open.server.url), init) });
  const module = await WasmModule.start(readFileSync(`${SITE}/../../dist-wasm/booth-score.wasm`));
  const operator = { call: async (operation: string, request: object) => Promise.resolve(module.call(operation as never, request as never)) } as unknown as Parameters<typeof openRecord>[1];
  const { election } = await openRecord(server, operator, null);
  const { credential } = module.call('enter_credential', { election: election ?? 0, codes: [open.letter(38).code], index: open.letter(38).index, style: 0, roll: null });
  const ballots: Selection[][] = [
    [{ kind: 'choose_one', option: null }, { kind: 'choose', options: [0] }, { kind: 'score', scores: [null, null] }, { kind: 'rank', options: [0] }],
    [{ kind: 'choose_one', option: 1 }, { kind: 'choose', options: [1, 3] }, { kind: 'score', scores: [3, 3] }, { kind: 'rank', options: [2, 1, 0] }],
    [{ kind: 'choose_one', option: 0 }, { kind: 'choose', options: [2] }, { kind: 'score', scores: [0, null] }, { kind: 'rank', options: [1, 2] }],
  ];
  const lengths = ballots.map((selections, attempt) => {
    const { ballot } = module.call('encrypt', { credential, selections, counter: 1_700_000_000 + attempt, attempt: attempt + 1, seed: crypto.getRandomValues(new Uint8Array(32)) });
    return module.call('cast', { ballot }).entry.length;
  });
  expect(new Set(lengths).size).toBe(1);
});

test('keyboard only, every kind of contest, up to the receipt', async ({ page, open, voter }) => {
  await page.goto(open.link(voter));
  await expect(page.getByRole('button', { name: w.begin })).toBeVisible();
  const { reach, press, type } = keyboardOf(page);
  await reach('button', w.begin);
  await press('Enter');
  // Each step's heading takes the focus.
  await expect(heading(page, '본인확인')).toBeFocused();
  await reach('textbox', w.voter);
  await type(open.letter(voter).voter);
  await press('Enter');
  await expect(heading(page, '인증번호를 적어 주세요')).toBeFocused();
  await reach('textbox', w.otp);
  await type(await open.oneTimeCode(voter));
  await press('Enter');
  await expect(heading(page, w.marking)).toBeFocused();
  await reach('radio', /소득 하위/);
  await press('Space', 'ArrowDown');
  await expect(page.getByRole('radio', { name: w.all })).toBeChecked();
  await expectFocusSeen(page);
  await press('Enter');
  await expect(heading(page, '주민대표 (2명까지)')).toBeFocused();
  await reach('checkbox', /김하늘/);
  await press('Space', 'Tab', 'Space');
  await expectFocusSeen(page);
  // Two are chosen: a third cannot be.
  await expect(page.getByRole('checkbox', { name: /박강산/ })).toBeDisabled();
  await picture(page, 'voter/kinds/choose');
  await press('Enter');
  await expect(heading(page, '예산 사업 평가')).toBeFocused();
  // From nothing to two points; the second project stays without a score.
  await reach('radio', /^0점/);
  await press('ArrowRight', 'ArrowRight');
  await expect(page.getByRole('radio', { name: /^2점/ }).first()).toBeChecked();
  await expectFocusSeen(page);
  await picture(page, 'voter/kinds/score');
  await reach('button', w.next);
  await press('Enter');
  await expect(page.getByRole('dialog')).toBeVisible();
  await reach('button', '이대로 두기');
  await press('Enter');
  await expect(heading(page, '새 공원 이름')).toBeFocused();
  for (const name of [/햇살공원/, /소나무공원/, /물결공원/]) {
    await reach('button', name);
    await press('Enter');
  }
  // The third becomes the second, and goes back.
  const ranked = page.getByRole('list', { name: '내가 매긴 순위' });
  await reach('button', '물결공원 위로');
  await press('Enter');
  await expect(ranked).toHaveText(/햇살공원.*물결공원.*소나무공원/s);
  await reach('button', '물결공원 아래로');
  await press('Enter');
  await expect(ranked).toHaveText(/햇살공원.*소나무공원.*물결공원/s);
  await expectFocusSeen(page);
  await picture(page, 'voter/kinds/rank');
  await reach('button', w.review);
  await press('Enter');
  await expect(heading(page, w.reviewTitle)).toBeFocused();
  await expect(page.locator('.summary')).toContainText('1순위 햇살공원');
  await reach('button', w.right);
  await press('Enter');
  await expect(heading(page, w.last)).toBeFocused();
  await reach('button', w.cast);
  await press('Enter');
  await expect(heading(page, w.recorded)).toBeFocused({ timeout: 60_000 });
});

test('home, list and observer: accessible in every theme, narrow and wide, while they load and without an answer', async ({ page, open, expectTrouble }) => {
  expectTrouble(/net::ERR_/);
  for (const [name, address, loading] of [
    ['home', open.home, '선거를 불러오는 중입니다'],
    ['observer', `${open.home}observe`, '선거를 불러오는 중입니다'],
  ] as const) {
    await page.route('**/api/**', () => undefined);
    await page.goto(address);
    await expect(heading(page, loading)).toBeVisible();
    await expectAccessibleEverywhere(page, `${name} while it loads`);
    await page.unroute('**/api/**');
    await page.route('**/api/**', (route) => route.abort('internetdisconnected'));
    await page.goto(address);
    await expect(heading(page, '서버에 연결하지 못했습니다')).toBeVisible();
    await expectAccessibleEverywhere(page, `${name} without an answer`);
    await picture(page, `voter/home/${name}-unreachable`);
    await page.unroute('**/api/**');
    await page.getByRole('button', { name: '다시' }).click();
    await expect(heading(page, name === 'home' ? '서울특별시 무상급식 지원범위에 관한 주민투표' : '참관')).toBeVisible();
  }
  await page.goto(open.home);
  await expect(heading(page, '서울특별시 무상급식 지원범위에 관한 주민투표')).toBeVisible();
  await expect(page.getByRole('link', { name: '투표하러 가기' })).toBeVisible();
  await expect(page.getByText('이 기기가 공고의 서명을 확인했습니다.')).toBeVisible();
  await expect(page.getByText(`hanpyo-verify ${open.board}`)).toBeVisible();
  await expectAccessibleEverywhere(page, 'home');
  await picture(page, 'voter/home/open-1280');
  await page.setViewportSize({ width: 320, height: 800 });
  await expectReflow(page);
  await picture(page, 'voter/home/open-320');
  await page.goto(open.server.url);
  await expect(page.getByRole('link', { name: '서울특별시 무상급식 지원범위에 관한 주민투표' }).first()).toBeVisible();
  await expectAccessibleEverywhere(page, 'list');
  await expectReflow(page);
  await picture(page, 'voter/home/list');
  await page.goto(`${open.server.url}/e/${TENANT}/nothing/`);
  await expect(heading(page, '이 주소의 선거가 없습니다')).toBeVisible();
  await expectAccessibleEverywhere(page, 'home, no such election');
  await page.goto(`${open.server.url}/e/${TENANT}/nothing/vote`);
  await expect(heading(page, '이 주소의 선거가 없습니다')).toBeVisible();
  await expectAccessibleEverywhere(page, 'booth, no such election');
});

test('a session that ends: asked before, wiped after, and the voter begins anew', async ({ page, open, voter }) => {
  const SECONDS = 30;
  await page.route('**/voter/session', async (route) => {
    const answer = await route.fetch();
    const expires = new Date(Date.parse(answer.headers()['date'] ?? '') + SECONDS * 1000).toISOString();
    await route.fulfill({ response: answer, json: { ...((await answer.json()) as object), expires_at: expires } });
  });
  await page.goto(open.link(voter));
  await identify(page, open, voter);
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText('계속하시겠습니까?')).toBeVisible();
  await expectAccessibleEverywhere(page, 'still there?');
  await picture(page, 'voter/states/still-there');
  await expect(heading(page, '본인확인 시간이 끝났습니다')).toBeVisible({ timeout: 2 * SECONDS * 1000 });
  await expect(dialog).toHaveCount(0);
  await expect(page.getByText('아직 투표하지 않았습니다.')).toBeVisible();
  await expectAccessibleEverywhere(page, 'session over');
  await expectReflow(page);
  await picture(page, 'voter/states/session-over');
  await page.unroute('**/voter/session');
  await page.getByRole('button', { name: '다시 본인확인하기' }).click();
  await expect(heading(page, '본인확인')).toBeFocused();
});

test('a revoked code', async ({ page, open, voter }) => {
  const { index } = open.letter(voter);
  const proposals = `${open.api}/proposals`;
  // The session of the set-up may be over by now.
  const manager = await Staff.logIn(open.server.url, 'test-manager', ADMIN.password);
  const revoked = open.officer('authority', 'hanpyo-authority', 'revoke', '--index', String(index), '--reason', 'letter lost');
  const signed = until('the proposal of the revocation', async () => {
    const list = (await manager.ask('GET', proposals)) as { id: string; missing: string[]; index: number | null }[];
    return list.find((one) => one.index === null && one.missing.length === 1 && one.missing[0] === 'commission')?.id;
  }).then((id) => manager.ask('POST', `${proposals}/${id}/approve`));
  await Promise.all([revoked, signed]);
  await page.goto(open.link(voter));
  await identify(page, open, voter);
  await expect(heading(page, '이 투표코드는 더 쓸 수 없습니다')).toBeVisible();
  await expectAccessibleEverywhere(page, 'revoked');
  await expectReflow(page);
  await picture(page, 'voter/states/revoked');
});

for (const [name, width, textSize] of [
  ['zoomed to 200 %', 640, 2],
  ['320 px in the largest text', 320, 5],
] as const) {
  test(`nothing is cut off ${name}`, async ({ page, open, voter }) => {
    await page.setViewportSize({ width, height: 512 });
    await setLook(page, { textSize });
    const fits = async (step: string) => {
      await expectReflow(page);
      await picture(page, `voter/zoom/${String(width)}-${step}`);
    };
    await page.goto(open.link(voter));
    await expect(page.getByRole('button', { name: w.begin })).toBeVisible();
    await fits('notice');
    await identify(page, open, voter);
    await expect(heading(page, w.marking)).toBeVisible();
    await fits('choose-one');
    await page.getByRole('radio', { name: w.all }).check({ force: true });
    for (const [title, kind] of [
      ['주민대표 (2명까지)', 'choose'],
      ['예산 사업 평가', 'score'],
      ['새 공원 이름', 'rank'],
    ] as const) {
      await page.getByRole('button', { name: w.next, exact: true }).click();
      await expect(heading(page, title)).toBeVisible();
      if (kind === 'choose') await page.getByRole('checkbox', { name: '김하늘' }).check({ force: true });
      if (kind === 'choose') await page.getByRole('checkbox', { name: '박강산' }).check({ force: true });
      if (kind === 'score') for (const place of [0, 1]) await page.getByRole('radio', { name: '3점' }).nth(place).check({ force: true });
      if (kind === 'rank') for (let place = 0; place < 3; place += 1) await page.locator('.rank-add').first().click();
      await fits(kind);
    }
    await page.getByRole('button', { name: w.review, exact: true }).click();
    await expect(heading(page, w.reviewTitle)).toBeVisible();
    await fits('review');
    await page.getByRole('button', { name: w.right }).click();
    await expect(heading(page, w.last)).toBeVisible();
    await fits('submit');
  });
}

/**
 * A whole election by its pages only, each person with a browser of their own: staff set it up and run it, three trustees and
 * the authority work at the pages of their own programs, five voters vote, two trustees decrypt, everyone sees the result, which an observer's browser checked.
 * What is not a page is a program without one: the tally's, and the verifier's.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { setClockWrong, YEARS_BEHIND } from './support/clock';
import { officerKey, pause, runOfficer, until } from './support/election';
import { expect, test } from './support/fixtures';
import { LOOKS } from './support/look';
import { Clerk, nextMinute } from './support/office';
import { Officer } from './support/officers';
import { Person, type Setting } from './support/person';
import { program, startServer, TENANT } from './support/server';
import { readLetters, Voter } from './support/voter';

const run = promisify(execFile);

const UNITS = [
  { ko: '종로구', en: 'Jongno-gu' },
  { ko: '중구', en: 'Jung-gu' },
];
const TITLE = { ko: '도서관 개관 시간 연장에 관한 주민투표', en: 'Longer opening hours of the library' };
const ROLL = ['김하나', '이두리', '박세찬', '최네온', '정다섯', '강여섯'].map((name, number) => ({ voter: `V${String(number + 1).padStart(5, '0')}`, name, contact: `voter${String(number + 1)}@mail.invalid`, unit: number % UNITS.length }));
const FOR = 0;
const AGAINST = 1;
/** What each of the five marks in the end: three for, one against, one neither. */
const BLANK = 2;

const PHONE = 360;
const DESK = 1280;

interface Round {
  language: 'ko' | 'en';
  width: number;
  /** Screens that only these tests pass through are seen in every theme in one round, in one theme in the other. */
  officers: Setting['looks'];
  others: Setting['looks'];
}

const ROUNDS: readonly Round[] = [
  { language: 'ko', width: PHONE, officers: LOOKS, others: ['dark'] },
  { language: 'en', width: DESK, officers: ['contrast'], others: ['contrast'] },
];

// Much of a round is waiting; both at a time.
test.describe.configure({ mode: 'parallel' });

for (const { language, width, officers, others } of ROUNDS) {
  test(`a whole election by its pages (${language}, ${String(width)} px)`, async ({ newPerson, expectTrouble }) => {
    test.setTimeout(1_500_000);
    // The network is cut while one voter casts.
    expectTrouble(/net::ERR_/);
    const server = await startServer({ settings: ['voter.resend_seconds=1', 'ledger.schedule_ms=60000'] });
    const folder = join(server.folder, 'officers');
    const look = (who: string, looks = others, window = width): Setting => ({ language, width: window, looks, folder: `${language}-${String(width)}/${who}` });
    const arrive = (who: string, looks = others): Promise<Person> => Person.arrive(newPerson, look(who, looks));
    const leaving: Officer[] = [];
    const officer = async (name: string, binary: 'hanpyo-trustee' | 'hanpyo-authority', looks: Setting['looks']): Promise<Officer> => {
      const one = await Officer.sitDown(await arrive(name, looks), binary, join(folder, name));
      leaving.push(one);
      return one;
    };
    try {
      const slug = 'library';
      const home = `${server.url}/e/${TENANT}/${slug}/`;
      const ask = async (path: string): Promise<unknown> => (await fetch(`${server.url}/api/v1/tenants/${TENANT}/elections/${slug}/${path}`)).json();
      const phase = async (): Promise<string> => ((await ask('public')) as { phase: string }).phase;
      const waitFor = (...phases: string[]): Promise<true> => until(phases.join(' or '), async () => phases.includes(await phase()), 300);

      // One trustee is looked at closely, the others work alike.
      const first = await officer('trustee1', 'hanpyo-trustee', officers);
      const second = await officer('trustee2', 'hanpyo-trustee', []);
      const third = await officer('trustee3', 'hanpyo-trustee', []);
      const authority = await officer('authority', 'hanpyo-authority', officers);
      const trustees = [first, second, third];
      const keys = await test.step('officers make their secret files', async () => {
        const made: string[] = [];
        for (const desk of [...trustees, authority]) made.push(await desk.makeFile(desk === first || desk === authority));
        return made;
      });
      const tally = await officerKey(server, 'officers', 'tally', 'hanpyo-tally');

      const [manager, approver, clerk, keeper] = await test.step('the administrator makes accounts, whose people log in', async (): Promise<readonly [Clerk, Clerk, Clerk, Clerk]> => {
        const administrator = new Clerk(await arrive('administrator'), server.url);
        await administrator.logIn();
        await administrator.person.expectTitle(administrator.person.words.wizard('dashboard.title'));
        const employ = async (login: string, role: string): Promise<Clerk> => {
          const password = await administrator.addPerson(login, role);
          const person = new Clerk(await arrive(login), server.url);
          await person.firstLogIn(login, password);
          return person;
        };
        return [await employ('minji', 'manager'), await employ('suho', 'approver'), await employ('jiho', 'authority'), await employ('sora', 'manager')];
      });

      // The hours are over: staff open and close by hand, so that no test waits for a clock.
      const closes = nextMinute(-3600);
      const { board, vkey } = await test.step('the manager writes the election, a second person approves it', async () => {
        await manager.draft({ slug, title: TITLE, units: UNITS, trustees: keys.slice(0, 3), authority: keys[3] ?? '', tally, opens: closes - 3600, closes });
        return approver.approve(slug);
      });

      await test.step('three trustees make the key and do the drill', async () => {
        for (const desk of trustees) await desk.connect(board, vkey);
        await manager.visit(slug, 'ceremony', manager.person.words.operate('ceremony'));
        const w = first.person.words.trustee;
        await first.person.press(w('ceremony.start'));
        await expect(first.row('수탁자 가').getByText(w('rounds.done'), { exact: true })).toBeVisible({ timeout: 240_000 });
        await first.person.expectGood('hanpyo-trustee-ceremony');
        await second.person.press(w('ceremony.start'));
        await third.person.press(w('ceremony.start'));
        // The share was saved: nothing goes on before each has opened the file again.
        for (const desk of trustees) await desk.reopen();
        for (const desk of trustees) {
          await desk.person.expectTitle(w('drill.title'));
          if (desk === first) await first.person.expectGood('hanpyo-trustee-drill');
          await desk.person.press(w('drill.start'));
        }
        await waitFor('roll');
        for (const desk of [first, third]) await expect(desk.person.page.getByText(w('drill.done'), { exact: true }).or(desk.person.page.getByRole('heading', { level: 1, name: w('voting.title') })).first()).toBeVisible({ timeout: 240_000 });
        await manager.person.expectGood('admin-ceremony');
      });

      const letters = await test.step('the roll is imported, codes are issued, the roll is sealed', async () => {
        await manager.importRoll(slug, `voter_id,name,contact,district\n${ROLL.map(({ voter, name, contact, unit }) => `${voter},${name},${contact},${UNITS[unit]?.ko ?? ''}`).join('\n')}\n`, ROLL.length);
        await authority.connect(board, vkey);
        const issued = await authority.issue(`voter_id,style,unit,weight\n${ROLL.map(({ voter, unit }) => `${voter},0,${String(unit)},1`).join('\n')}\n`, ROLL.length);
        await clerk.assign(slug, join(issued, 'assignment.csv'), ROLL.length);
        await authority.upload();
        await manager.sign(slug, 'roll', manager.person.words.operate('proposal.roll-sealed'));
        await waitFor('sealed');
        return readLetters(join(issued, 'letters.csv'), new Map(ROLL.map(({ voter, contact }) => [voter, contact])));
      });

      const end = await keeper.putOff(slug, 60);
      const kept = keeper.keepOpen(slug, end);
      await manager.open(slug);

      const observer = await arrive('observer');
      const o = observer.words.observer;
      await test.step('an observer comes to follow', async () => {
        await observer.page.goto(home);
        await observer.page.getByRole('link', { name: observer.words.home('verify.observe') }).click();
        await observer.expectTitle(o('title'));
        await expect(observer.page.getByText(o('status.incomplete'))).toBeVisible({ timeout: 240_000 });
        await observer.expectGood('observer-open');
      });

      await test.step('a lost letter is revoked by authority and commission', async () => {
        const w = authority.person.words.authority;
        await authority.readAgain();
        await authority.person.expectTitle(w('changes.title'));
        const lost = readFileSync(join(authority.folder, 'issued/assignment.csv'), 'utf8').split('\n').find((row) => row.startsWith('V00006'))?.split(',')[1]?.trim() ?? '';
        await authority.person.press(w('changes.revoke'));
        await expect(authority.person.page.getByText(w('changes.index.wrong'))).toBeVisible();
        await authority.person.fill({ 'revoke-index': lost, 'revoke-reason': '분실 신고' });
        await authority.person.press(w('changes.revoke'));
        await authority.person.press(w('changes.revoke.do'));
        await expect(authority.person.page.getByText(w('changes.done'))).toBeVisible({ timeout: 240_000 });
        await authority.person.expectGood('hanpyo-authority-revoked');
        await manager.sign(slug, 'requests', manager.person.words.operate('proposal.revocation'));
        await authority.readAgain();
        await authority.person.fill({ 'reissue-index': lost });
        await authority.person.press(w('changes.reissue'));
        await expect(authority.row(w('signed.reissue', { credential: Number(lost), renewed: ROLL.length }))).toBeVisible({ timeout: 240_000 });
        await authority.person.expectGood('hanpyo-authority-reissued');
        await manager.sign(slug, 'requests', manager.person.words.operate('proposal.re-issue'));
      });

      /** A voter's browser and letter; every other one has the other kind of window. */
      const voter = async (number: number, { looks = others, keyboardOnly = false, window = number % 2 === 0 ? width : width === PHONE ? DESK : PHONE, zoom = 1 } = {}): Promise<Voter> => {
        const letter = letters[number];
        if (letter === undefined) throw new Error(`no letter for voter ${String(number)}`);
        const person = await Person.arrive(newPerson, { ...look(`voter${String(number + 1)}`, looks, window) }, { viewport: { width: window / zoom, height: 800 / zoom }, deviceScaleFactor: zoom });
        return new Voter(person, letter, server, keyboardOnly);
      };

      await test.step('the first voter tests the device with another one, then casts', async () => {
        const one = await voter(0);
        await one.arrive();
        await one.identify();
        const opened = await one.mark(AGAINST);
        const address = await one.challenge();
        const device = await arrive('other-device');
        const w = device.words.check;
        await device.page.goto(address);
        await device.expectTitle(w('opening.compare'));
        expect((await device.page.locator('.hash-large .hash-value').first().innerText()).replace(/\s/g, '')).toBe(opened);
        await device.expectGood('check-compare');
        await device.press(w('opening.same'));
        await expect(device.page.getByText(w('opening.never.title'))).toBeVisible();
        await expect(device.page.getByText(one.person.words.wizard('default.against'), { exact: true }).first()).toBeVisible();
        await device.expectGood('check-contents');
        await device.press(w('opening.contents.same'));
        await device.expectTitle(w('opening.honest'));
        await device.expectGood('check-honest');
        const again = await one.markAgain(FOR);
        expect(again).not.toBe(opened);
        await one.cast(again);
        // The receipt leads to the ballot on the board.
        await one.person.page.getByRole('link', { name: one.person.words.booth('receipt.check') }).click();
        await expect(one.person.page.getByText(w('recorded.title'))).toBeVisible();
        await one.person.expectGood('check-recorded');
      });

      await test.step('the second votes with the keyboard alone', async () => {
        const two = await voter(1, { looks: [], keyboardOnly: true });
        await two.arrive();
        await two.identify();
        await two.cast(await two.mark(FOR));
      });

      await test.step('a trustee verifies ahead', () => first.verifyAhead());

      await test.step('the third loses the network while casting', async () => {
        const three = await voter(2, { looks: [] });
        await three.arrive();
        await three.identify();
        await three.castInterrupted(await three.mark(AGAINST));
      });

      await test.step('the fourth has a clock that is wrong by years', async () => {
        const four = await voter(3, { looks: [] });
        await setClockWrong(four.person.page, YEARS_BEHIND);
        await four.arrive();
        await expect(four.person.page.getByText(four.person.words.booth('clock.title'))).toBeVisible();
        await four.identify();
        await four.cast(await four.mark(BLANK));
      });

      await test.step(language === 'ko' ? 'the fifth has a window of 320 px' : 'the fifth zooms to 200%', async () => {
        // At 200% a window of 1280 px has 640 CSS pixels of twice the size.
        const five = language === 'ko' ? await voter(4, { window: 320 }) : await voter(4, { window: DESK, zoom: 2 });
        await five.arrive();
        await five.identify();
        await five.cast(await five.mark(FOR));
        const { page, words } = five.person;
        await page.goto(home);
        await expect(page.locator('.stat').filter({ hasText: words.home('turnout.voted') }).locator('.stat-value')).toHaveText('5', { timeout: 30_000 });
        await five.person.expectGood('home-open');
      });

      await test.step('voting ends by hand once its time is over', async () => {
        const last = await kept.end();
        await pause(Math.max(0, last * 1000 - Date.now()) + 500);
        await manager.close(slug);
      });

      const counting = runOfficer(folder, 'tally', 'hanpyo-tally', ['run', '--board', board, '--vkey', vkey]);
      await test.step('two of the three trustees decrypt', async () => {
        await waitFor('tally');
        // The second of the three is away.
        const roots = [await first.decrypt(5, true), await third.decrypt(5, false)];
        expect(new Set(roots).size).toBe(1);
        await counting;
        await waitFor('finished');
        await authority.readAgain();
        await authority.person.expectTitle(authority.person.words.authority('over.title'));
        await authority.person.expectGood('hanpyo-authority-over');
      });

      await test.step('everyone sees the result, and checks it', async () => {
        const visitor = await arrive('visitor');
        const w = visitor.words.home;
        await visitor.page.goto(home);
        await expect(visitor.page.getByRole('heading', { name: w('result'), exact: true })).toBeVisible();
        await expect(visitor.page.getByText(w('result.decided', { winners: visitor.words.wizard('default.for') }))).toBeVisible();
        await visitor.expectGood('home-result');
        await manager.visit(slug, 'results', manager.person.words.operate('results'));
        await manager.person.expectGood('admin-results');
        const results = (await ask('results')) as { ballots: number; contests: { totals: number[] }[] };
        // Five ballots, one of them for neither.
        expect(results.ballots).toBe(5);
        expect(results.contests[0]?.totals).toEqual([3, 1]);
        // Nobody touched the observer's page: it followed.
        await expect(observer.page.getByText(o('status.pass'))).toBeVisible({ timeout: 240_000 });
        await observer.page.getByRole('tab', { name: o('tab.checks') }).click();
        for (let number = 2; number <= 10; number += 1) await expect(observer.page.locator(`[data-check="${String(number)}"]`), `check ${String(number)}`).toHaveAttribute('data-outcome', 'pass');
        await observer.expectGood('observer-checks');
        await observer.page.getByRole('tab', { name: o('tab.figures') }).click();
        await expect(observer.page.getByText(o('published.same'))).toBeVisible({ timeout: 60_000 });
        await observer.expectGood('observer-result');
        const { stdout } = await run(program('hanpyo-verify'), [board, '--vkey', vkey]);
        expect(stdout).not.toContain('FAIL');
      });
    } finally {
      for (const one of leaving) await one.leave();
      await server.stop();
    }
  });
}

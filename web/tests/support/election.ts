/**
 * A real election for tests of pages: staff over the API, officers by their own programs, as in `make demo`.
 *
 *   const election = await setUpElection(server, { slug: 'meals', contests: [...], voters: 5 });
 *   await page.goto(election.link(0));                       // voter 0's personal link
 *   const code = await election.oneTimeCode(0);               // what the voter was sent last
 */
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ADMIN, type HanpyoServer, program, TENANT } from './server';

const run = promisify(execFile);

export interface Bilingual {
  ko: string;
  en: string;
}

export interface ElectionPlan {
  slug: string;
  title?: Bilingual;
  notice?: Bilingual;
  /** As in a draft's `contests`; a yes-or-no question by default. */
  contests?: readonly object[];
  /** As in a draft's `styles`; one with all contests by default. */
  styles?: readonly object[];
  units?: readonly Bilingual[];
  /** How many voters; their units and styles in turn. */
  voters: number;
  styleOf?: (voter: number) => number;
  /** Seconds from now until voting opens; 0 by default, as soon as everything is ready. */
  opensIn?: number;
  /** Seconds from now until it closes; a day by default. */
  closesIn?: number;
  /** Law profile; by charter, without a quorum, by default. */
  profile?: string;
  revoting?: boolean;
  test?: boolean;
  /** More fields of the draft. */
  draft?: object;
}

export interface Letter {
  voter: string;
  contact: string;
  index: number;
  code: string;
  /** `m=...&a=...&i=...&c=...` */
  fragment: string;
}

const DEFAULT_UNITS: readonly Bilingual[] = [{ ko: '종로구', en: 'Jongno-gu' }];

export const DEFAULT_CONTESTS = [
  {
    title: { ko: '무상급식 지원범위', en: 'Scope of free school meals' },
    options: [
      { ko: '소득 하위 50% 학생부터 단계적으로', en: 'Step by step, lower half by income first' },
      { ko: '소득 구분 없이 모든 학생에게', en: 'All pupils, whatever the income' },
    ],
    kind: { type: 'choose-one', blank: true },
    rule: 'majority',
  },
] as const;

export const pause = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds));

/** Waits until `ready` gives something. */
export async function until<T>(what: string, ready: () => Promise<T | null | undefined | false>, seconds = 120): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const found = await ready();
    if (found !== null && found !== undefined && found !== false) return found;
    if (Date.now() > end) throw new Error(`${what} did not happen within ${String(seconds)} s`);
    await pause(250);
  }
}

/** A member of staff who is logged in. */
export class Staff {
  private constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  static async logIn(url: string, login: string, password: string, tenant = TENANT): Promise<Staff> {
    const answer = (await Staff.read('log-in', await fetch(`${url}/api/v1/auth/login`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ tenant, login, password }) }))) as { access_token: string };
    return new Staff(url, answer.access_token);
  }

  private static async read(what: string, answer: Response): Promise<unknown> {
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${what}: ${String(answer.status)} ${text}`);
    return text === '' ? null : JSON.parse(text);
  }

  /** A request below `/api/v1`; a string body is CSV. */
  async ask(method: string, path: string, body?: object | string, version?: number): Promise<unknown> {
    const headers: Record<string, string> = { authorization: `Bearer ${this.token}` };
    if (body !== undefined) headers['content-type'] = typeof body === 'string' ? 'text/csv' : 'application/json';
    if (version !== undefined) headers['if-match'] = `"${String(version)}"`;
    const answer = await fetch(`${this.url}/api/v1${path}`, { method, headers, body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body) });
    return Staff.read(`${method} ${path}`, answer);
  }
}

const ACCOUNTS = { manager: 'manager', approver: 'approver', authority: 'authority' } as const;

/** What the administrator chooses for the others. */
const FIRST_PASSWORD = 'from the administrator';

/** Accounts for the roles of an election, made once a server. */
export async function staffOf(server: HanpyoServer): Promise<Record<keyof typeof ACCOUNTS, Staff>> {
  const admin = await Staff.logIn(server.url, ADMIN.login, ADMIN.password);
  const login = async (role: keyof typeof ACCOUNTS): Promise<Staff> => {
    try {
      await admin.ask('POST', `/tenants/${TENANT}/staff`, { login: `test-${role}`, roles: [ACCOUNTS[role]], password: FIRST_PASSWORD });
      // A password that an administrator chose allows nothing but its change.
      const newcomer = await Staff.logIn(server.url, `test-${role}`, FIRST_PASSWORD);
      await newcomer.ask('POST', '/auth/password', { current: FIRST_PASSWORD, new: ADMIN.password });
    } catch (error) {
      if (!(error instanceof Error) || !error.message.includes(': 409 ')) throw error;
    }
    return Staff.logIn(server.url, `test-${role}`, ADMIN.password);
  };
  return { manager: await login('manager'), approver: await login('approver'), authority: await login('authority') };
}

/** Another manager, for what the one who asked for it must not do. */
export async function secondManager(server: HanpyoServer, login: string): Promise<void> {
  const admin = await Staff.logIn(server.url, ADMIN.login, ADMIN.password);
  await admin.ask('POST', `/tenants/${TENANT}/staff`, { login, roles: [ACCOUNTS.manager], password: FIRST_PASSWORD });
  const newcomer = await Staff.logIn(server.url, login, FIRST_PASSWORD);
  await newcomer.ask('POST', '/auth/password', { current: FIRST_PASSWORD, new: ADMIN.password });
}

const TRUSTEES = 3;
const QUORUM = 2;

export class TestElection {
  constructor(
    readonly server: HanpyoServer,
    readonly slug: string,
    readonly vkey: string,
    readonly letters: readonly Letter[],
    readonly folder: string,
    readonly staff: Awaited<ReturnType<typeof staffOf>>,
  ) {}

  /** Path of its API below `/api/v1`. */
  get api(): string {
    return `/tenants/${TENANT}/elections/${this.slug}`;
  }

  get board(): string {
    return `${this.server.url}/board/${TENANT}/${this.slug}/`;
  }

  /** Address of its page. */
  get home(): string {
    return `${this.server.url}/e/${TENANT}/${this.slug}/`;
  }

  letter(voter: number): Letter {
    const letter = this.letters[voter];
    if (!letter) throw new Error(`there is no voter ${String(voter)}`);
    return letter;
  }

  /** Personal link of a voter. */
  link(voter: number): string {
    return `${this.home}vote#${this.letter(voter).fragment}`;
  }

  /** The code that a voter was sent, after `seen` earlier ones. */
  async oneTimeCode(voter: number, seen = 0): Promise<string> {
    const { contact } = this.letter(voter);
    return until(`a one-time code for ${contact}`, () => Promise.resolve(this.codesSent(voter)[seen]), 30);
  }

  /** All codes that a voter was sent, oldest first. */
  codesSent(voter: number): string[] {
    const { contact } = this.letter(voter);
    return this.server
      .messages()
      .filter(({ text }) => text.includes(contact))
      .flatMap(({ text }) => /\b(\d{6})\b/.exec(text)?.[1] ?? []);
  }

  async public(): Promise<{ phase: string; log_size: number; manifest_hash: string }> {
    return (await (await fetch(`${this.server.url}/api/v1${this.api}/public`)).json()) as { phase: string; log_size: number; manifest_hash: string };
  }

  async waitForPhase(...phases: string[]): Promise<void> {
    await until(`phase ${phases.join(' or ')}`, async () => phases.includes((await this.public()).phase), 300);
  }

  /** Runs a program of an officer in its own folder. */
  async officer(name: string, binary: string, ...command: string[]): Promise<string> {
    return runOfficer(this.folder, name, binary, [...command, '--board', this.board, '--vkey', this.vkey]);
  }

  /** Tallies and decrypts once voting is over; the result is on the board afterwards. `before` is called before the trustees decrypt. */
  async count(before: () => Promise<void> = () => Promise.resolve()): Promise<void> {
    const tally = this.officer('tally', 'hanpyo-tally', 'run');
    await this.waitForPhase('tally', 'finished');
    await before();
    for (const number of [1, TRUSTEES]) await this.officer(`trustee${String(number)}`, 'hanpyo-trustee', 'decrypt', '--yes');
    await tally;
    await this.waitForPhase('finished');
  }
}

/** Runs a program of an officer in its own folder below `folder`. */
export async function runOfficer(folder: string, name: string, binary: string, command: readonly string[]): Promise<string> {
  const own = join(folder, name);
  mkdirSync(own, { recursive: true });
  writeFileSync(join(own, 'passphrase'), `passphrase of ${name}\n`, { mode: 0o600 });
  const { stdout } = await run(program(binary), ['--secret', 'secret.age', '--passphrase-file', 'passphrase', ...command], { cwd: own, env: { PATH: process.env['PATH'] ?? '' } });
  return stdout;
}

async function keyOf(folder: string, name: string, binary: string): Promise<string> {
  const printed = await runOfficer(folder, name, binary, ['init']);
  const key = /\b[0-9a-f]{64}\b/.exec(printed)?.[0];
  if (key === undefined) throw new Error(`${binary} init printed no public key:\n${printed}`);
  return key;
}

/** Public keys of an election's officers, in hex. */
export interface OfficerKeys {
  authority: string;
  tally: string;
  trustees: readonly string[];
}

/** Who holds the keys of an election made by `setUpElection`: the folder's `authority`, `tally`, `trustee1` ... */
const trusteeNames = Array.from({ length: TRUSTEES }, (_, number) => `trustee${String(number + 1)}`);

/** Makes an officer's secret file in its folder, and gives its public key. */
export const officerKey = async (server: HanpyoServer, slug: string, name: string, binary: string): Promise<string> => keyOf(join(server.folder, slug), name, binary);

/** Announces an election: drafted, approved by a second person, its manifest on the board. The ceremony comes next. */
export async function announceElection(server: HanpyoServer, plan: ElectionPlan, keys: OfficerKeys): Promise<TestElection> {
  const { slug, contests = DEFAULT_CONTESTS, units = DEFAULT_UNITS, opensIn = 0, closesIn = 86_400 } = plan;
  const folder = join(server.folder, slug);
  mkdirSync(folder, { recursive: true });
  const staff = await staffOf(server);
  const now = Math.floor(Date.now() / 1000);
  const draft = {
    title: plan.title ?? { ko: '서울특별시 무상급식 지원범위에 관한 주민투표', en: 'Seoul referendum on the scope of free school meals' },
    notice: plan.notice ?? { ko: '주민투표법에 따라 공고합니다.\n투표는 온라인으로 합니다.', en: 'Announced under the Resident Voting Act.\nVoting takes place online.' },
    profile: { id: plan.profile ?? 'kr-by-charter' },
    schedule: { windows: [{ opens: now + opensIn, closes: now + closesIn }], override_reason: 'test' },
    contests,
    ...(plan.styles === undefined ? {} : { styles: plan.styles }),
    units: units.map((title) => ({ title })),
    roles: { authorities: [{ name: '서울특별시선거관리위원회', key: keys.authority }], trustees: keys.trustees.map((key, number) => ({ name: `수탁자 ${String(number + 1)}`, key })), quorum: QUORUM, tally: keys.tally },
    counting: { floor: 5, revoting: plan.revoting ?? false },
    test: plan.test ?? false,
    ...plan.draft,
  };
  const elections = `/tenants/${TENANT}/elections`;
  const path = `${elections}/${slug}`;
  const made = (await staff.manager.ask('POST', elections, { slug, draft })) as { version: number; log_vkey: string };
  const submitted = (await staff.manager.ask('POST', `${path}/submit`, undefined, made.version)) as { version: number; manifest_hash: string };
  await staff.approver.ask('POST', `${path}/approve`, { manifest_hash: submitted.manifest_hash }, submitted.version);
  return new TestElection(server, slug, made.log_vkey, [], folder, staff);
}

export interface Voter {
  voter: string;
  contact: string;
  unit: number;
  style: number;
}

/** Imports the voters of a plan into the server's roll. */
export async function importRoll(election: TestElection, { slug, units = DEFAULT_UNITS, styles, styleOf, voters }: ElectionPlan): Promise<Voter[]> {
  const roll = Array.from({ length: voters }, (_, number) => ({ voter: `V${String(number).padStart(5, '0')}`, contact: `${slug}-${String(number).padStart(5, '0')}@mail.invalid`, unit: number % units.length, style: styleOf?.(number) ?? 0 }));
  const styled = styles !== undefined;
  const columns = ['voter_id', 'name', 'contact', 'district', ...(styled ? ['style'] : [])];
  const rows = roll.map(({ voter, contact, unit, style }) => [voter, `Voter ${voter}`, contact, `"${units[unit]?.ko ?? ''}"`, ...(styled ? [String(style)] : [])].join(','));
  await election.staff.manager.ask('POST', `${election.api}/roll`, `${[columns.join(','), ...rows].join('\n')}\n`);
  return roll;
}

/** The roll as the authority reads it. */
export const authorityRoll = (roll: readonly Voter[]): string => `voter_id,style,unit,weight\n${roll.map(({ voter, style, unit }) => `${voter},${String(style)},${String(unit)},1`).join('\n')}\n`;

/** The letters in the authority's folder, in the order of the roll. */
export function readLetters(file: string, roll: readonly Voter[]): Letter[] {
  const [, ...lines] = readFileSync(file, 'utf8').trim().split('\n');
  const byVoter = new Map(lines.map((line) => [line.split(',')[0], line.split(',')]));
  return roll.map(({ voter, contact }): Letter => {
    const [, index = '', , code = '', , url = ''] = byVoter.get(voter) ?? [];
    return { voter, contact, index: Number(index), code, fragment: url.trim().split('#')[1] ?? '' };
  });
}

/** Sets an election up as far as a sealed roll; with `opensIn` 0 it opens by itself moments later. */
export async function setUpElection(server: HanpyoServer, plan: ElectionPlan): Promise<TestElection> {
  const { slug, opensIn = 0 } = plan;
  const key = (name: string, binary: string): Promise<string> => officerKey(server, slug, name, binary);
  const [authority, tally, ...trustees] = await Promise.all([key('authority', 'hanpyo-authority'), key('tally', 'hanpyo-tally'), ...trusteeNames.map((name) => key(name, 'hanpyo-trustee'))]);
  const election = await announceElection(server, plan, { authority, tally, trustees });
  const { folder, staff, api: path } = election;
  const roll = await importRoll(election, plan);
  for (const step of ['ceremony', 'drill']) await Promise.all(trusteeNames.map((name) => election.officer(name, 'hanpyo-trustee', step, '--follow', '--interval', '1')));

  writeFileSync(join(folder, 'authority/roll.csv'), authorityRoll(roll));
  await election.officer('authority', 'hanpyo-authority', 'issue', '--roll', 'roll.csv', '--out', 'issued');
  await staff.authority.ask('PUT', `${path}/roll/assignment`, readFileSync(join(folder, 'authority/issued/assignment.csv'), 'utf8'));
  // The upload ends once the commission has signed the seal, so both go on side by side.
  const upload = election.officer('authority', 'hanpyo-authority', 'upload', '--out', 'issued');
  await Promise.all([upload, sealRoll(election)]);
  if (opensIn <= 0) await election.waitForPhase('open');
  return new TestElection(server, slug, election.vkey, readLetters(join(folder, 'authority/issued/letters.csv'), roll), folder, staff);
}

/** The commission signs the authority's proposal to seal the roll. */
export async function sealRoll({ staff: { manager }, api }: TestElection): Promise<void> {
  const proposals = `${api}/proposals`;
  const id = await until('the proposal to seal the roll', async () => {
    const list = (await manager.ask('GET', proposals)) as { id: string; missing: string[]; index: number | null }[];
    return list.find(({ missing, index }) => missing.length === 1 && missing[0] === 'commission' && index === null)?.id;
  });
  await manager.ask('POST', `${proposals}/${id}/approve`);
}


/** Seconds that voting stays open at least after it was looked at. */
const AHEAD = 20;

/** Moments that are over, so that nothing waits for a clock: such an election is opened by hand and its end put off as long as needed. */
export const past = (): object => {
  const hour = 3600;
  const now = Math.floor(Date.now() / 1000);
  return { schedule: { windows: [{ opens: now - 2 * hour, closes: now - hour }], grace_seconds: 0, override_reason: 'test' } };
};

/**
 * Opens a sealed election of `past()` and keeps it open until `deed` is done, on a slow machine as long as it takes; gives
 * the closing time, at most moments ahead. Its server looks at the schedule seldom (`ledger.schedule_ms=60000`).
 */
export async function whileOpen(election: TestElection, deed: () => Promise<void>): Promise<number> {
  const { api } = election;
  let closes = 0;
  const later = async (): Promise<void> => {
    if (closes - Date.now() / 1000 > AHEAD / 2) return;
    closes = Math.ceil(Date.now() / 1000) + AHEAD;
    const manager = await Staff.logIn(election.server.url, 'test-manager', ADMIN.password);
    await manager.ask('POST', `${api}/redating`, { closes, reason: '통신 장애' });
  };
  await later();
  // The schedule may have been quicker.
  if ((await election.public()).phase === 'sealed') await election.staff.manager.ask('POST', `${api}/open`);
  const open = { going: true };
  const keeping = (async () => {
    while (open.going) {
      await later();
      await pause(1000);
    }
  })();
  try {
    await deed();
  } finally {
    open.going = false;
    await keeping;
  }
  return closes;
}

/** Closes by hand as soon as the closing time is over. */
export async function closeAfter(election: TestElection, closes: number): Promise<void> {
  await pause(Math.max(0, closes * 1000 - Date.now()) + 100);
  await until('the close', async () => {
    if ((await election.public()).phase !== 'open') return true;
    const manager = await Staff.logIn(election.server.url, 'test-manager', ADMIN.password);
    return manager.ask('POST', `${election.api}/close`).then(
      () => true,
      (error: unknown) => {
        if (error instanceof Error && error.message.includes('still-voting')) return false;
        throw error;
      },
    );
  });
}

/** A real hanpyo-server on a free port, its data in a folder of its own, voters' messages in a folder of files. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

/** Where the programs are. */
export const BIN_DIR = process.env['HANPYO_BIN_DIR'] ?? resolve(import.meta.dirname, '../../../target/debug');

/** The path of a program; fails when it is not built. */
export function program(name: string): string {
  const path = join(BIN_DIR, name);
  if (!existsSync(path)) throw new Error(`${path} is missing; run "cargo build --workspace --bins" or set HANPYO_BIN_DIR`);
  return path;
}

/** The pages as they are built now, rather than those inside the program. */
export const SITE = resolve(import.meta.dirname, '../../dist/site');

export const TENANT = 'city';
export const ADMIN = { login: 'alice', password: 'correct horse battery staple' } as const;

export interface HanpyoServer {
  /** `http://127.0.0.1:port` */
  url: string;
  /** Folder of this server: `data/` inside it. */
  folder: string;
  /** What voters were sent, oldest first: the files of the outbox. */
  messages: () => { name: string; text: string }[];
  /** Kills the process as a power cut would. */
  kill: () => Promise<void>;
  /** Starts it again at the same address with the same data. */
  restart: () => Promise<void>;
  /** Stops it and removes the folder. */
  stop: () => Promise<void>;
}

export interface ServerOptions {
  /** More settings, as `name=value` of `hanpyo-server config`. */
  settings?: readonly string[];
}

/** Makes a data folder with tenant `city` and administrator `alice`, and serves it. */
export async function startServer({ settings = [] }: ServerOptions = {}): Promise<HanpyoServer> {
  const binary = program('hanpyo-server');
  if (!existsSync(join(SITE, 'assets.json'))) throw new Error(`${SITE} is not built; run "npm run build" first`);
  const folder = mkdtempSync(join(tmpdir(), 'hanpyo-e2e-'));
  const data = join(folder, 'data');
  const outbox = join(data, 'outbox');
  const password = join(folder, 'password');
  writeFileSync(password, `${ADMIN.password}\n`, { mode: 0o600 });
  // Cheap password hashing: it is not what is tested here.
  const common = [`storage.data_dir=${data}`, 'auth.argon2_memory_kib=64', `http.web_dir=${SITE}`, ...settings].flatMap((setting) => ['--set', setting]);
  execFileSync(binary, [...common, 'init', '--tenant', TENANT, '--tenant-name', '서울특별시 선거관리위원회', '--admin', ADMIN.login, '--password-file', password], {
    env: {},
    stdio: ['ignore', 'ignore', 'inherit'],
  });

  let running: ChildProcess | null = null;
  const serve = async (bind: string): Promise<string> => {
    const child = spawn(binary, [...common, '--set', `http.bind=${bind}`, 'serve'], { env: {}, stdio: ['ignore', 'ignore', 'pipe'] });
    running = child;
    const log: string[] = [];
    return new Promise((done, failed) => {
      child.once('exit', (code) => failed(new Error(`hanpyo-server ended with ${String(code)} before it listened:\n${log.join('\n')}`)));
      createInterface({ input: child.stderr }).on('line', (line) => {
        log.push(line);
        const port = /hanpyo-server listens.*127\.0\.0\.1:(\d+)/.exec(line)?.[1];
        if (port !== undefined) done(`http://127.0.0.1:${port}`);
      });
    });
  };
  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    const child = running;
    if (child === null || child.exitCode !== null) return;
    const ended = new Promise<void>((done) => child.once('exit', () => done()));
    child.kill(signal);
    await ended;
    running = null;
  };

  const url = await serve('127.0.0.1:0');
  return {
    url,
    folder,
    messages: () => (existsSync(outbox) ? readdirSync(outbox).sort() : []).map((name) => ({ name, text: readFileSync(join(outbox, name), 'utf8') })),
    kill: () => end('SIGKILL'),
    restart: async () => {
      await serve(new URL(url).host);
    },
    stop: async () => {
      await end('SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

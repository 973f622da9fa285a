/** A program of a trustee or an authority behind its own pages on loopback, with a folder of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { program } from './server';

/** The pages as they are built now, rather than those inside the program. */
const LOCAL = resolve(import.meta.dirname, '../../dist/local');

export interface LocalProgram {
  /** With the token in its fragment. */
  url: string;
  /** The program's folder; its secret file is `secret.age`. */
  folder: string;
  stop: () => Promise<void>;
}

/** Starts `<binary> --secret secret.age ui ...` in a folder of its own. */
export async function startLocal(folder: string, binary: string, ...more: string[]): Promise<LocalProgram> {
  if (!existsSync(join(LOCAL, 'assets.json'))) throw new Error(`${LOCAL} is not built; run "npm run build" first`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const child: ChildProcess = spawn(program(binary), ['--secret', 'secret.age', 'ui', '--pages', LOCAL, ...more], { cwd: folder, env: { PATH: process.env['PATH'] ?? '' }, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  const url = await new Promise<string>((done, failed) => {
    child.once('exit', (code) => failed(new Error(`${binary} ended with ${String(code)} before it printed its address`)));
    if (child.stdout === null) throw new Error('no standard output');
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith('http://127.0.0.1:')) done(line.trim());
    });
  });
  return {
    url,
    folder,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Votes cast by the voter's program, for tests in which voting itself is not what is tested. */
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestElection } from './election';
import { program, TENANT } from './server';

const run = promisify(execFile);

/** One vote a letter, in the notation of `hanpyo-voter` (`1`, `2`, `blank`); returns when all are recorded. */
export async function castVotes(election: TestElection, choices: readonly string[]): Promise<void> {
  const folder = election.folder;
  const letters = election.letters.slice(0, choices.length);
  const codes = join(folder, 'voters-letters.csv');
  writeFileSync(codes, `voter_id,credential_index,authority,code,fingerprint,url\n${letters.map(({ voter, index, code, fragment }) => `${voter},${String(index)},1,${code},,${election.home}vote#${fragment}`).join('\n')}\n`);
  const file = join(folder, 'choices.csv');
  writeFileSync(file, `voter_id,contact,at_ms,intent,choices\n${letters.map(({ voter, contact }, place) => `${voter},${contact},0,cast,${choices[place] ?? ''}`).join('\n')}\n`);
  await run(program('hanpyo-voter'), ['many', '--server', election.server.url, '--election', `${TENANT}/${election.slug}`, '--vkey', election.vkey, '--codes', codes, '--choices', file, '--outbox', join(election.server.folder, 'data/outbox')], { env: { PATH: process.env['PATH'] ?? '' } });
}

import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { ACTIONS, type Deed, filtered, PARTS, partOf, trailFile } from './trail';

const SERVER = resolve(import.meta.dirname, '../../../../../../server/src');

test('every deed that the server notes about elections is known here, and no other', () => {
  const sources = readdirSync(SERVER, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.rs'))
    .map((name) => readFileSync(join(SERVER, name), 'utf8'))
    .join('\n');
  const noted = new Set([...sources.matchAll(/"((?:ceremony|election|lot|messages|objection|paper|proposal|roll)\.[a-z_]+)"/g)].map((found) => found[1] ?? ''));
  expect([...ACTIONS].sort()).toEqual([...noted].sort());
  for (const action of ACTIONS) expect(PARTS).toContain(partOf(action));
});

const deed = (id: number, change: Partial<Deed>): Deed => ({ id, at: '2026-11-22T01:00:00Z', actor: 'kim', action: 'roll.import', target: 'election/x', election: 'x', detail: {}, ...change });

test('filters and the file', () => {
  const deeds = [deed(1, {}), deed(2, { actor: null, action: 'election.open' }), deed(3, { actor: 'lee', detail: { rows: 3, of: ['a'] } as unknown as Deed['detail'] })];
  expect(filtered(deeds, { part: '', actor: '' }).map(({ id }) => id)).toEqual([3, 2, 1]);
  expect(filtered(deeds, { part: 'roll', actor: 'lee' }).map(({ id }) => id)).toEqual([3]);
  expect(filtered(deeds, { part: 'election', actor: 'lee' })).toEqual([]);
  expect(trailFile(deeds).split('\r\n')[3]).toBe('3,2026-11-22T01:00:00Z,lee,roll.import,election/x,"rows: 3, of: [""a""]"');
});

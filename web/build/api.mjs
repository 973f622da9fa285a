/** Generates src/api/schema.d.ts from docs/openapi.json: `npm run api`. A test compares the two. */
import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import openapi, { astToString } from 'openapi-typescript';

const web = resolve(import.meta.dirname, '..');
export const SCHEMA = resolve(web, 'src/api/schema.d.ts');

/** @typedef {{ paths: Record<string, Record<string, { operationId?: string }>> }} Description */

/** The text that schema.d.ts must have. */
export async function generate() {
  const description = /** @type {Description} */ (JSON.parse(await readFile(resolve(web, '../docs/openapi.json'), 'utf8')));
  // The client is used by paths; operations' names would only repeat them.
  for (const item of Object.values(description.paths)) for (const operation of Object.values(item)) delete operation.operationId;
  return `// Generated from docs/openapi.json by "npm run api". Do not edit.\n${astToString(await openapi(JSON.stringify(description), { alphabetize: true }))}`;
}

if (process.argv[1] === import.meta.filename) await writeFile(SCHEMA, await generate());

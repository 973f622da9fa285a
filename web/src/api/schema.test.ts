import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { generate, SCHEMA } from '../../build/api.mjs';

test('schema.d.ts is what docs/openapi.json gives; otherwise run "npm run api"', async () => {
  expect(readFileSync(SCHEMA, 'utf8')).toBe(await generate());
});

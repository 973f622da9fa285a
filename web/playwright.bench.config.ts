import { defineConfig } from '@playwright/test';
import tests from './playwright.config';

/** `npm run bench`: figures instead of tests, one `{"name": number}` a line for scripts/bench.sh. */
export default defineConfig({ ...tests, testDir: 'tests/bench', testMatch: 'booth.ts', timeout: 300_000 });

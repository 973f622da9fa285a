import { defineConfig } from '@playwright/test';

/** Debian's Chromium; no browser is ever downloaded. */
const executablePath = process.env['HANPYO_CHROMIUM'] ?? '/usr/bin/chromium';

export default defineConfig({
  testDir: 'tests',
  outputDir: '../target/playwright',
  forbidOnly: process.env['CI'] !== undefined,
  // Two files at a time: much of their time is waiting for an election's hours.
  fullyParallel: false,
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list']],
  use: {
    locale: 'ko-KR',
    timezoneId: 'America/New_York',
    viewport: { width: 1280, height: 900 },
    launchOptions: { executablePath, args: ['--no-sandbox'] },
    // Nothing moves, so nothing must be waited for; examples.spec.ts shows that readers can ask for the same.
    contextOptions: { reducedMotion: 'reduce' },
  },
});

/**
 * `test` with what every test of pages needs: a page that fails its test on trouble, a real server, built folders.
 * The server and the folders live as long as the worker.
 */
import { type BrowserContext, type BrowserContextOptions, type ConsoleMessage, test as base } from '@playwright/test';
import { type HanpyoServer, startServer } from './server';
import { serveStatic, type StaticServer } from './static';

export { expect } from '@playwright/test';

interface EachTest {
  /** Names trouble that this test causes on purpose, such as a cut connection. */
  expectTrouble: (pattern: RegExp) => void;
  /** Another browser for another person, watched as the first one is. */
  newPerson: (options?: BrowserContextOptions) => Promise<BrowserContext>;
}

interface EachWorker {
  server: HanpyoServer;
  examples: StaticServer;
}

/** What the browser says of its own accord of refusals, which pages show themselves; an internal error is trouble. */
const REFUSED = /^Failed to load resource: the server responded with a status of (?:4\d\d|50[234])/;
/** Where a refusal is an answer that pages reckon with. A file of the pages that is missing is none. */
const ANSWERS = /^\/(?:api|board)\//;

const isAnswer = (message: ConsoleMessage): boolean => REFUSED.test(message.text()) && URL.canParse(message.location().url) && ANSWERS.test(new URL(message.location().url).pathname);

/** Writes down whatever goes wrong in a browser from now on. */
async function watch(context: BrowserContext): Promise<string[]> {
  const found: string[] = [];
  const note = (text: string): void => void found.push(text);
  // Violations are also told to the page as events, with the directive that was violated.
  await context.exposeFunction('hanpyoViolation', (text: string) => note(`policy: ${text}`));
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      const report = (window as unknown as { hanpyoViolation: (text: string) => void }).hanpyoViolation;
      report(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${String(event.lineNumber)} ${event.sample}`);
    });
  });
  context.on('console', (message) => {
    if (isAnswer(message)) return;
    if (message.type() === 'error' || message.type() === 'warning') note(`console ${message.type()}: ${message.text()}`.replace(/^console error: (?=Failed to load)/, ''));
  });
  context.on('weberror', (error) => note(`uncaught: ${error.error().message}`));
  context.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (protocol.startsWith('http') && hostname !== '127.0.0.1') note(`request to elsewhere: ${request.url()}`);
  });
  return found;
}

/** Fails on trouble that was not expected, and on expected trouble that did not come. */
function judge(found: readonly string[], expected: readonly RegExp[]): void {
  const unexpected = found.filter((text) => !expected.some((pattern) => pattern.test(text)));
  const missing = expected.filter((pattern) => !found.some((text) => pattern.test(text)));
  if (unexpected.length > 0) throw new Error(`the page was in trouble:\n${unexpected.join('\n')}`);
  if (missing.length > 0) throw new Error(`trouble expected but not seen: ${missing.map(String).join(', ')}`);
}

export const test = base.extend<EachTest & { trouble: RegExp[] }, EachWorker>({
  // eslint-disable-next-line no-empty-pattern -- Playwright reads the parameters it must make from this pattern
  trouble: async ({}, use) => use([]),
  expectTrouble: async ({ trouble }, use) => use((pattern) => void trouble.push(pattern)),

  context: async ({ context, trouble }, use) => {
    const found = await watch(context);
    await use(context);
    judge(found, trouble);
  },
  newPerson: async ({ browser, trouble }, use) => {
    const people: { context: BrowserContext; found: string[] }[] = [];
    await use(async (options) => {
      const context = await browser.newContext(options);
      people.push({ context, found: await watch(context) });
      return context;
    });
    for (const { context } of people) await context.close();
    judge(
      people.flatMap(({ found }) => found),
      trouble,
    );
  },

  server: [
    // eslint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const server = await startServer();
      await use(server);
      await server.stop();
    },
    { scope: 'worker' },
  ],
  examples: [
    // eslint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const server = await serveStatic('examples');
      await use(server);
      await server.stop();
    },
    { scope: 'worker' },
  ],
});

/** What the booth loads: the limit holds, and what it does not count grows no further unseen. */
import { setUpElection } from './support/election';
import { arrive, BOOTH_LIMIT, transfer, voteOnce } from './support/transfer';
import { expect, KINDS, test, UNITS } from './voter-support';

test.describe.configure({ timeout: 300_000 });

test('a yes-or-no vote, from the personal link to the verified receipt', async ({ browser, site }) => {
  const election = await setUpElection(site, { slug: 'size', voters: 1, units: UNITS });
  const { bytes } = await transfer(browser, election, (page) => voteOnce(page, election));
  expect(bytes).toBeLessThanOrEqual(BOOTH_LIMIT);
});

test('an election with scores loads one other module, little larger', async ({ browser, site }) => {
  const election = await setUpElection(site, { slug: 'size-score', voters: 1, units: UNITS, contests: KINDS });
  const { bytes } = await transfer(browser, election, arrive);
  expect(bytes).toBeLessThanOrEqual(BOOTH_LIMIT + 8_000);
});

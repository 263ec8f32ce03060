// What strangers use up is not what those who are signed in are counted by.
import { expect, it } from '@jest/globals';
import { askForCode } from '../support/ask.js';
import { auditRecords } from '../support/audit.js';
import { eventually } from '../support/eventually.js';
import { phoneWith } from '../support/phones.js';
import { startServer } from '../support/server.js';

const sent = { __typename: 'VerificationCodeSent' };

it.each(['EVERYBODY', 'DESTINATION'])('%s: a flood of the anonymous holds up nobody else', async (rule) => {
  const few = [{ most: 2, seconds: 3_600 }];
  const server = await startServer({ limits: { rules: { [rule]: few, [`${rule}_ANONYMOUS`]: few } } });
  const token = await server.token({ role: 'user' });
  const ask = (as?: string) => askForCode(server, { phone: phoneWith() }, { token: as });
  expect([await ask(), await ask()]).toMatchObject([sent, sent]);
  expect(await ask()).toMatchObject({ code: 'RATE_LIMITED' });
  expect([await ask(token), await ask(token)]).toMatchObject([sent, sent]);
  expect(await ask(token)).toMatchObject({ code: 'RATE_LIMITED' });
  await server.stop();
});

it('the first denial of each rule of a budget is a record of its own', async () => {
  const server = await startServer({
    limits: { budget: { perDay: 2, checkFrom: 0.5, keptForSignedIn: 0 }, humanCheck: { work: 10 } },
  });
  const token = await server.token({ role: 'user' });
  const ask = (as?: string) => askForCode(server, { phone: phoneWith() }, { token: as });
  expect(await ask()).toMatchObject(sent);
  for (let i = 0; i < 3; i += 1) expect(await ask()).toMatchObject({ code: 'HUMAN_CHECK_REQUIRED' });
  expect(await ask(token)).toMatchObject(sent);
  // A server is sure of a budget's denial for half a second, before it asks again.
  const stranger = await eventually(
    () => ask(),
    ({ code }) => code === 'BUDGET_EXHAUSTED',
  );
  const denied = [await ask(token), await ask(token), stranger];
  expect(denied).toMatchObject(Array(3).fill({ code: 'BUDGET_EXHAUSTED' }));
  const records = await auditRecords(server, { outcomes: ['DENIED'] });
  expect(records.map(({ rule }) => rule).sort()).toEqual(['BUDGET', 'BUDGET_ANONYMOUS', 'BUDGET_CHECK']);
  for (const [place, rule] of ['BUDGET', 'BUDGET', 'BUDGET_ANONYMOUS'].entries()) {
    expect(records.find(({ id }) => id === denied[place].requestId)?.rule).toBe(rule);
  }
  await server.stop();
});

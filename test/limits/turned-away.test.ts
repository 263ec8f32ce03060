// What is turned away for another reason than a limit costs nothing of the budget; and what one country has used up does
// not stand for another one.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Conversation } from '../operator-authentication/conversation.js';
import { askForCode } from '../support/ask.js';
import { faultsOfLog } from '../support/audit.js';
import { runCommand } from '../support/command.js';
import { phoneWith } from '../support/phones.js';
import { startServer, type TestServer } from '../support/server.js';

const limits = {
  rules: { ADDRESS_CHECK: null, PHONE: [{ most: 100, seconds: 60 }], ACTOR: null },
  budget: { perDay: 1_000, destinations: { '+86': 1_000, '+852': 0 } },
};

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ limits, env: { JUXINLI_RESEND_AFTER_MS: '100' } });
});
afterAll(() => server?.stop());

const budgets = async () => {
  const token = await server.token({ role: 'auditor' });
  const { data } = await server.graphql('{ budgets { scope reserved spent } }', {}, { token });
  return data.budgets as { scope: string; reserved: number; spent: number }[];
};

describe('a message that is asked for beside another answer', () => {
  it('leaves nothing reserved where the conversation goes on without it', async () => {
    const token = await server.token({ role: 'user' });
    let turnedAway = 0;
    for (let i = 0; i < 5; i += 1) {
      const conversation = new Conversation(server, phoneWith('0000'), token);
      await conversation.start();
      await conversation.password();
      const before = await conversation.turns();
      await Promise.all([
        conversation.send('submitSmsCaptcha', { captcha: '000000' }),
        conversation.send('resendSmsCaptcha'),
      ]);
      if ((await conversation.turns()) - before === 1) turnedAway += 1;
    }
    expect(turnedAway).toBeGreaterThan(0);
    expect((await budgets()).map(({ scope, reserved }) => [scope, reserved])).toEqual([
      ['*', 0],
      ['+86', 0],
      ['+852', 0],
    ]);
    expect(await faultsOfLog(server)).toEqual([]);
    const { code, stdout } = await runCommand(
      'dist/bundled/commands.js',
      ['audit:verify'],
      server.database.env,
    );
    expect([code, stdout]).toEqual([0, expect.stringContaining('INTACT')]);
  });
});

describe('a country whose budget is used up', () => {
  it('is told so, and no other one', async () => {
    const abroad = '+85251234567';
    for (let i = 0; i < 3; i += 1) {
      expect(await askForCode(server, { phone: abroad })).toMatchObject({ code: 'BUDGET_EXHAUSTED' });
      expect(await askForCode(server, { phone: phoneWith() })).toMatchObject({
        __typename: 'VerificationCodeSent',
      });
    }
  });
});

// The gateway takes its fields as a form or as JSON, and under two addresses; configuration says which.
import { describe, expect, it } from '@jest/globals';
import { startServer } from '../support/server.js';
import { askForBankCode, bankCodeWish } from './bank-code.js';

describe.each([
  ['a form', { QINGSONG_BANK_BODY: 'form' }],
  ['JSON', { QINGSONG_BANK_BODY: 'json' }],
  [
    'JSON to the other address',
    { QINGSONG_BANK_BODY: 'json', QINGSONG_BANK_PATH: '/qs_wxy/api/canteen/bankAPIGateway.html' },
  ],
])('the body as %s', (_, env) => {
  it('is taken, and either kind of answer is understood', async () => {
    const server = await startServer({ env });
    try {
      const token = await server.token({ role: 'user' });
      for (const personId of ['P10', 'P11']) {
        const wish = bankCodeWish({ personId });
        const sent = await askForBankCode(server, wish, { token });
        expect(sent).toMatchObject({
          __typename: 'VerificationCodeSent',
          taskId: expect.stringMatching(/^[\da-f]{32}$/),
          expiresInMs: expect.any(Number),
        });
        expect(await server.inbox(wish.phone)).toHaveLength(1);
      }
    } finally {
      await server.stop();
    }
  });
});

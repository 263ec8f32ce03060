// A front-end asks for an account's code: the code is sent, and the record is there.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { requestCode } from '../support/operations.js';
import { startServer, type TestServer } from '../support/server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.stop());

describe('requestVerificationCode for an account', () => {
  it('sends one code and says until when it is valid', async () => {
    const before = Date.now();
    const { data } = await server.graphql(requestCode, { phone: '138 0000 0001' });
    const sent = data.requestVerificationCode;
    expect(sent).toMatchObject({
      __typename: 'VerificationCodeSent',
      maskedPhone: '138****0001',
      replayed: false,
      testCode: expect.stringMatching(/^\d{6}$/),
    });
    expect(Date.parse(sent.expiresAt) - before).toBeGreaterThanOrEqual(180_000);
    expect(sent.expiresInMs).toBeLessThanOrEqual(180_000);
    expect(sent.resendAfterMs).toBeLessThanOrEqual(120_000);
    const [message] = await server.inbox('+8613800000001');
    expect(message?.code).toBe(sent.testCode);
    expect(await server.calls({ phone: '+8613800000001' })).toHaveLength(1);
  });
});

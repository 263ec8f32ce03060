// Each of the three algorithms, pinned by configuration, from the application to the notice.
import { describe, expect, it } from '@jest/globals';
import { startServer } from '../support/server.js';
import { bind, confirm, decide, legalPerson, signingOnline, standing, withPapers } from './binding.js';

describe.each([
  ['MD5', { TONGQIFU_SIGN_TYPE: 'MD5' }],
  ['RSA', { TONGQIFU_SIGN_TYPE: 'RSA' }],
  ['RSA with SHA-256', { TONGQIFU_SIGN_TYPE: 'RSA', TONGQIFU_RSA_DIGEST: 'sha256' }],
  ['SM2', { TONGQIFU_SIGN_TYPE: 'SM2' }],
  ['SM2 in DER', { TONGQIFU_SIGN_TYPE: 'SM2', TONGQIFU_SM2_ENCODING: 'der' }],
  ['MD5, with AES in CBC and Base64', { TONGQIFU_AES_MODE: 'cbc', TONGQIFU_AES_OUTPUT: 'base64' }],
])('with %s', (_, env) => {
  it('a phone is bound by code, by signature and by papers', async () => {
    const server = await startServer({ env: { ...env, TONGQIFU_CONFIRM: 'on' } });
    try {
      const token = await server.token({ role: 'user' });
      const wish = legalPerson();
      const [legal, signing, papers] = await Promise.all(
        [wish, signingOnline(), withPapers()].map((each) => bind(server, each, { token })),
      );
      const [message] = await server.inbox(wish.phone);
      await confirm(server, { id: legal.id, code: message?.code ?? '' }, { token });
      await decide(signing.signingUrl, 'sign');
      for (const { id } of [legal, signing, papers]) await standing(server, id, 'BOUND', token);
      // A wrong signature would have been noted as forged.
      expect(server.output()).not.toContain('FORGED_NOTICE');
    } finally {
      await server.stop();
    }
  });
});

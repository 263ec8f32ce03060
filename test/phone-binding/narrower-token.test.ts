// A binding is its caller's own, and its member is somebody: a later token of the same caller that does not allow the
// member can look where the binding stands, and neither confirm it nor sign.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditRecords } from '../support/audit.js';
import { eventually } from '../support/eventually.js';
import { confirmPhoneBinding } from '../support/operations.js';
import { expectPublicError } from '../support/public-error.js';
import { startServer, type TestServer } from '../support/server.js';
import { bind, bindingOf, confirm, legalPerson, signingOnline } from './binding.js';
import { subscriber } from './subscriber.js';

let server: TestServer;
let token: string;
let narrower: string;
beforeAll(async () => {
  server = await startServer({ env: { TONGQIFU_CONFIRM: 'on' } });
  token = await server.token({ role: 'user', sub: 'alice' });
  const claims = { act_for: { memberId: ['another'] } };
  narrower = await server.token({ role: 'user', sub: 'alice', claims });
});
afterAll(() => server?.stop());

describe('a token that does not allow the member any more', () => {
  it('confirms nothing, and nothing is sent or written', async () => {
    const wish = legalPerson();
    const { id } = await bind(server, wish, { token });
    const [message] = await server.inbox(wish.phone);
    const input = { id, code: message?.code };
    const refused = await server.graphql(confirmPhoneBinding, { input }, { token: narrower });
    expectPublicError(refused, 'FORBIDDEN', [wish.phone, wish.memberId]);
    const calls = await server.calls({ provider: 'tongqifu', phone: wish.phone });
    expect(calls.map(({ operation }) => operation)).toEqual(['applyBinding']);
    expect(await auditRecords(server, { flow: id })).toHaveLength(1);
    expect(await confirm(server, { id, code: message?.code ?? '' }, { token })).toMatchObject({
      status: 'BOUND',
    });
  });

  it('is not told where to sign, neither when it asks nor when it listens', async () => {
    const { id, signingUrl } = await bind(server, signingOnline(), { token });
    expect(signingUrl).toEqual(expect.any(String));
    expect(await bindingOf(server, id, token)).toMatchObject({ signingUrl });
    const waiting = { status: 'AWAITING_SIGNATURE', signingUrl: null };
    expect(await bindingOf(server, id, narrower)).toMatchObject(waiting);
    const listener = subscriber(server, { token: narrower });
    const watching = listener.watch(id);
    await eventually(
      () => watching.seen,
      ({ length }) => length > 0,
    );
    expect(watching.seen[0]).toMatchObject(waiting);
    await listener.close();
  });
});

// The platform's notices in any order, any number of times and at any moment: the binding ends where it must.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bind, bindingOf, legalPerson, signingOnline, standing } from '../phone-binding/binding.js';
import { subscriber } from '../phone-binding/subscriber.js';
import { auditRecord, auditRecords, brokenLinks, wholeLog } from '../support/audit.js';
import { eventually } from '../support/eventually.js';
import { startServer, type TestServer } from '../support/server.js';
import { acknowledged, noticeOf, post, signed, strays } from './notice.js';

let server: TestServer;
let token: string;
beforeAll(async () => {
  server = await startServer({ env: { TONGQIFU_DEADLINE_MS: '4500', TONGQIFU_PENDING_RESULTS: '2' } });
  token = await server.token({ role: 'user' });
});
afterAll(async () => {
  expect(Object.values(brokenLinks(await wholeLog(server)))).toEqual([null]);
  await server?.stop();
});

const kindsOf = async (id: string) => (await auditRecord(server, id)).entries.map(({ kind }) => kind);
const duplicates = async () => (await strays(server)).DUPLICATE_NOTICE ?? 0;

describe("the platform's notice", () => {
  it('is acknowledged with exactly `success`, and recorded before that', async () => {
    const binding = await bind(server, signingOnline(), { token });
    expect(await post(server, signed(noticeOf(binding)))).toEqual(acknowledged);
    expect(await bindingOf(server, binding.id, token)).toMatchObject({ status: 'BOUND' });
    expect(await kindsOf(binding.id)).toEqual(['INTENT', 'OUTCOME', 'CALLBACK']);
  });

  it('replayed changes nothing: acknowledged each time, recorded once, counted', async () => {
    const binding = await bind(server, signingOnline(), { token });
    const before = await duplicates();
    const notice = signed(noticeOf(binding));
    await post(server, notice);
    const bound = await bindingOf(server, binding.id, token);
    const answers = await Promise.all(Array.from({ length: 10 }, () => post(server, notice)));
    for (const answer of answers) expect(answer).toEqual(acknowledged);
    expect(await bindingOf(server, binding.id, token)).toEqual(bound);
    expect(await kindsOf(binding.id)).toEqual(['INTENT', 'OUTCOME', 'CALLBACK']);
    expect(await eventually(duplicates, (count) => count >= before + 10)).toBe(before + 10);
  });

  it('sent many times at once is handled once', async () => {
    const binding = await bind(server, signingOnline(), { token });
    const before = await duplicates();
    const notice = signed(noticeOf(binding));
    await Promise.all(Array.from({ length: 20 }, () => post(server, notice)));
    expect(await bindingOf(server, binding.id, token)).toMatchObject({ status: 'BOUND' });
    expect(await kindsOf(binding.id)).toEqual(['INTENT', 'OUTCOME', 'CALLBACK']);
    expect(await eventually(duplicates, (count) => count >= before + 19)).toBe(before + 19);
  });

  it.each([
    ['a success and then a failure', ['1', '0'], ['BOUND', 'BOUND']],
    ['a failure and then a success', ['0', '1'], ['FAILED', 'BOUND']],
    ['a failure and another', ['0', '9'], ['FAILED', 'FAILED']],
    ['one that decides nothing, and a success', ['2', '1'], ['AWAITING_SIGNATURE', 'BOUND']],
    ['a success, and one that decides nothing', ['1', '2'], ['BOUND', 'BOUND']],
    ['a failure, a success and the failure once more', ['0', '1', '0'], ['FAILED', 'BOUND', 'BOUND']],
  ])('as %s ends well, whatever the order', async (_, results, statuses) => {
    const binding = await bind(server, signingOnline(), { token });
    for (const [index, bindResult] of results.entries()) {
      expect(await post(server, signed(noticeOf(binding, { bindResult })))).toEqual(acknowledged);
      expect(await bindingOf(server, binding.id, token)).toMatchObject({ status: statuses[index] });
    }
    const callbacks = (await kindsOf(binding.id)).filter((kind) => kind === 'CALLBACK');
    expect(callbacks).toHaveLength(new Set(results).size);
  });

  it('that overtakes the answer to the application is kept, and the answer then says BOUND', async () => {
    const wish = legalPerson('9006');
    const answer = bind(server, wish, { token });
    const [record] = await eventually(
      () => auditRecords(server, { subject: { memberId: wish.memberId } }),
      (records) => records.length === 1,
    );
    const id = record?.id ?? '';
    expect(record?.outcome).toBe('PENDING');
    expect(await bindingOf(server, id, token)).toBeNull();
    const listener = subscriber(server, { token });
    const watching = listener.watch(id);

    const notice = signed(noticeOf({ id, memberId: wish.memberId }));
    expect(await post(server, notice)).toEqual(acknowledged);
    expect(await standing(server, id, 'BOUND', token)).toMatchObject({ id, traceNumber: null });
    expect((await auditRecord(server, id)).outcome).toBe('PENDING');

    expect(await answer).toMatchObject({
      id,
      status: 'BOUND',
      traceNumber: expect.any(String),
      providerCode: '0',
    });
    expect(await kindsOf(id)).toEqual(['INTENT', 'CALLBACK', 'OUTCOME']);
    expect(await post(server, notice)).toEqual(acknowledged);
    expect(await bindingOf(server, id, token)).toMatchObject({
      status: 'BOUND',
      traceNumber: expect.any(String),
    });
    await eventually(
      () => watching.seen,
      (seen) => seen.at(-1)?.traceNumber !== null && seen.length > 0,
    );
    expect(new Set(watching.seen.map(({ status }) => status))).toEqual(new Set(['BOUND']));
    await listener.close();
  });

  it('of a failure that overtakes a success of the application is FAILED', async () => {
    const wish = signingOnline('9006');
    const answer = bind(server, wish, { token });
    const [record] = await eventually(
      () => auditRecords(server, { subject: { memberId: wish.memberId } }),
      (records) => records.length === 1,
    );
    await post(
      server,
      signed(noticeOf({ id: record?.id ?? '', memberId: wish.memberId }, { bindResult: '0' })),
    );
    expect(await answer).toMatchObject({ __typename: 'PhoneBinding', status: 'FAILED', signingUrl: null });
  });
});

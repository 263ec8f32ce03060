// The client in a mini-program: no fetch, `wx.request` instead, against the running server.
import { request } from 'node:http';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { createChallenge, verifySolution } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/sha';
import { createClient } from '../../../src/web/client/client.js';
import { type MiniProgram, miniProgramTransport } from '../../../src/web/client/mini-program-transport.js';
import { solveHumanCheck } from '../../../src/web/client/solve-human-check.js';
import { RequestAccountCode } from '../../../src/web/h5/register/request-account-code.generated.js';
import { phoneWith } from '../../support/phones.js';
import { startServer, type TestServer } from '../../support/server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.stop());

type Options = Parameters<MiniProgram['request']>[0];
type Answered = { statusCode: number; data: unknown };

/** What WeChat's does with these options. @param meddle may put another answer in the place of the server's */
function wx(
  meddle: (answer: Answered, options: Options, count: number) => Answered | null = (answer) => answer,
) {
  let count = 0;
  const platform: MiniProgram = {
    request(options) {
      const { url, method, header, data, timeout, success, fail } = options;
      count += 1;
      const sent = request(url, { method, headers: header, timeout }, (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (chunk) => {
          body += chunk;
        });
        response.on('end', () => {
          const answer = meddle({ statusCode: response.statusCode ?? 0, data: body }, options, count);
          if (answer === null) fail({ errMsg: 'request:fail' });
          else success(answer);
        });
      });
      sent.on('error', ({ message }) => fail({ errMsg: message }));
      sent.end(data);
    },
  };
  return platform;
}

const clientOf = (platform: MiniProgram) =>
  createClient({
    url: `${server.url}/graphql`,
    clientId: 'h5',
    transport: miniProgramTransport(platform),
    solveHumanCheck,
  });

it('has a code sent without fetch', async () => {
  const fetching = jest.spyOn(globalThis, 'fetch');
  const phone = phoneWith('8000');
  const outcome = await clientOf(wx()).mutate(RequestAccountCode, { phone, purpose: 'REGISTER' });
  expect(fetching).not.toHaveBeenCalled();
  fetching.mockRestore();
  expect(outcome).toMatchObject({ __typename: 'VerificationCodeSent', replayed: false });
  expect(await server.inbox(phone)).toHaveLength(1);
});

/** Alipay's names for the same. */
it('has a code sent where options and answers have other names', async () => {
  const platform = wx();
  const my: MiniProgram = {
    request: ({ header: _, headers, success, ...options }) =>
      platform.request({
        ...options,
        headers: {},
        header: headers,
        success: ({ statusCode = 0, data }) => success({ status: statusCode, data }),
      }),
  };
  const phone = phoneWith('8000');
  const asking = clientOf(my).mutate(RequestAccountCode, { phone, purpose: 'REGISTER' });
  expect(await asking).toMatchObject({ __typename: 'VerificationCodeSent' });
});

it('repeats a request whose answer is lost, and one SMS is sent', async () => {
  const phone = phoneWith('8000');
  const losing = wx((answer, _options, count) => (count === 1 ? null : answer));
  const outcome = await clientOf(losing).mutate(RequestAccountCode, { phone, purpose: 'REGISTER' });
  expect(outcome).toMatchObject({ __typename: 'VerificationCodeSent', replayed: true });
  expect(await server.inbox(phone)).toHaveLength(1);
});

it('tells of a fault by its code', async () => {
  const asking = clientOf(wx()).mutate(RequestAccountCode, { phone: '123', purpose: 'REGISTER' });
  await expect(asking).rejects.toMatchObject({ code: 'BAD_USER_INPUT', field: 'phone' });
});

it('solves a human check, and asks again with the same key', async () => {
  const secret = { hmacSignatureSecret: 'a-secret-of-this-test' };
  const challenge = await createChallenge({
    algorithm: 'SHA-256',
    cost: 1,
    counter: 3_000,
    deriveKey,
    ...secret,
  });
  const refusal = { __typename: 'Refusal', code: 'HUMAN_CHECK_REQUIRED', humanCheck: { challenge } };
  const asked: { idempotencyKey: string; humanCheck?: string }[] = [];
  const checking = wx((answer, { data }, count) => {
    asked.push(JSON.parse(data).variables);
    return count === 1
      ? { statusCode: 200, data: JSON.stringify({ data: { requestVerificationCode: refusal } }) }
      : answer;
  });
  const variables = { phone: phoneWith('8000'), purpose: 'REGISTER' } as const;
  await clientOf(checking).mutate(RequestAccountCode, variables);
  const [first, second] = asked;
  expect(first).not.toHaveProperty('humanCheck');
  expect(second?.idempotencyKey).toBe(first?.idempotencyKey);
  const payload = JSON.parse(Buffer.from(second?.humanCheck ?? '', 'base64').toString());
  expect(await verifySolution({ ...payload, deriveKey, ...secret })).toMatchObject({ verified: true });
});

// An authentication is its starter's alone; to everybody else it looks as if it did not exist.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type OperatorMutation,
  operatorMutations,
  readAuthentication,
} from '../support/operator-operations.js';
import { phoneWith } from '../support/phones.js';
import { expectPublicError } from '../support/public-error.js';
import { startServer, type TestServer } from '../support/server.js';
import { Conversation, person, tell } from './conversation.js';

let server: TestServer;
let conversation: Conversation;
let strangers: string[];
beforeAll(async () => {
  server = await startServer();
  conversation = new Conversation(server, phoneWith(), await server.token({ role: 'user', sub: 'alice' }));
  await conversation.start();
  strangers = await Promise.all([
    server.token({ role: 'user', sub: 'bob' }),
    server.token({ role: 'user', sub: 'Alice' }),
    server.token({ role: 'admin', sub: 'root' }),
  ]);
});
afterAll(() => server?.stop());

const given: [mutation: OperatorMutation, input: object][] = [
  ['submitServicePassword', { password: '24681357' }],
  ['submitSmsCaptcha', { captcha: '123456' }],
  ['resendSmsCaptcha', {}],
  ['submitQueryPassword', { password: '123456' }],
  ['continueOperatorAuthentication', {}],
];

describe("somebody else's authentication", () => {
  it('is null in a query, as one that does not exist', async () => {
    for (const token of strangers) {
      for (const id of [conversation.id, randomUUID(), 'x', '', conversation.id.toUpperCase()]) {
        const { data, errors } = await server.graphql(readAuthentication, { id }, { token });
        expect({ data, errors }).toEqual({ data: { operatorAuthentication: null }, errors: undefined });
      }
    }
  });

  it.each(given)('is answered to %s exactly as one that does not exist', async (mutation, input) => {
    const { continuation, id } = conversation;
    for (const token of strangers) {
      const texts = [];
      for (const named of [id, randomUUID(), 'x']) {
        const answer = await tell(server, mutation, { id: named, continuation, ...input }, { token });
        expectPublicError(answer, 'BAD_USER_INPUT', [continuation]);
        expect(answer.errors?.[0].extensions.field).toBe('input.id');
        const { requestId } = answer.errors?.[0].extensions ?? {};
        texts.push(answer.text.replaceAll(requestId, ''));
      }
      expect(new Set(texts).size).toBe(1);
    }
    expect(await conversation.turns()).toBe(0);
  });

  it('stays where it was', async () => {
    expect((await conversation.seen()).step).toMatchObject({ __typename: 'ServicePasswordStep' });
    expect((await conversation.password()).step.__typename).toBe('SmsCaptchaStep');
  });
});

describe('somebody who is not signed in', () => {
  it('can neither read, start nor answer', async () => {
    const { id, continuation } = conversation;
    expectPublicError(await server.graphql(readAuthentication, { id }), 'UNAUTHENTICATED');
    const start = await tell(server, 'startOperatorAuthentication', { ...person, phone: phoneWith() }, {});
    expectPublicError(start, 'UNAUTHENTICATED');
    for (const [mutation, input] of given) {
      expectPublicError(
        await server.graphql(operatorMutations[mutation], { input: { id, continuation, ...input } }),
        'UNAUTHENTICATED',
      );
    }
    expect(await conversation.turns()).toBe(1);
  });
});

// Documents that would multiply effects or work are refused whole, before anything runs.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { askForCode } from '../support/ask.js';
import { phoneWith } from '../support/phones.js';
import { expectPublicError } from '../support/public-error.js';
import { startServer, type TestServer } from '../support/server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  expect(await askForCode(server, { phone: phoneWith() })).toMatchObject({
    __typename: 'VerificationCodeSent',
  });
  expect(await server.calls()).toHaveLength(1);
  await server?.stop();
});

const send = (alias: string) =>
  `${alias}: requestVerificationCode(input: { account: { phone: "${phoneWith()}", purpose: REGISTER } }) { __typename }`;

const bare = 'requestVerificationCode(input: {}) { __typename }';

describe('more than one mutation', () => {
  it.each([
    ['50 aliases', `mutation { ${Array.from({ length: 50 }, (_, n) => `a${n}: ${bare}`).join(' ')} }`],
    ['two fields', `mutation { ${send('a')} ${send('b')} }`],
    ['a fragment', `mutation { ${send('a')} ...F } fragment F on Mutation { ${send('b')} }`],
    [
      'two fragments',
      `mutation { ...F ...G } fragment F on Mutation { ${send('a')} } fragment G on Mutation { ${send('b')} }`,
    ],
    [
      'a nested fragment',
      `mutation { ...F } fragment F on Mutation { ${send('a')} ...G } fragment G on Mutation { ${send('b')} }`,
    ],
    ['an inline fragment', `mutation { ${send('a')} ... on Mutation { ${send('b')} } }`],
    ['@include', `mutation { ${send('a')} ... @include(if: true) { ${send('b')} } }`],
    ['a __typename beside it', `mutation { __typename ${send('a')} }`],
  ])('by %s is refused', async (_, query) => {
    expectPublicError(await server.graphql(query), 'GRAPHQL_VALIDATION_FAILED');
    expect(await server.calls()).toEqual([]);
  });

  it('by several operations runs none without a name', async () => {
    const query = `mutation A { ${send('a')} } mutation B { ${send('b')} }`;
    expectPublicError(await server.graphql(query), 'BAD_REQUEST');
    expect(await server.calls()).toEqual([]);
  });
});

describe('a flood', () => {
  it.each([
    ['tokens', `{ ${'__typename '.repeat(2_000)} }`, 'GRAPHQL_PARSE_FAILED'],
    ['depth', `{ ${'a { '.repeat(300)} a ${'} '.repeat(300)} }`, 'GRAPHQL_VALIDATION_FAILED'],
    ['directives', `{ __typename ${'@skip(if: false) '.repeat(120)} }`, 'GRAPHQL_VALIDATION_FAILED'],
    [
      'unknown fields',
      `{ ${Array.from({ length: 300 }, (_, n) => `f${n}`).join(' ')} }`,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'a circle of fragments',
      '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'a circle in a mutation',
      'mutation { ...A } fragment A on Mutation { ...A }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
  ])('of %s is refused at once', async (_, query, code) => {
    const began = Date.now();
    const answer = await server.graphql(query);
    expectPublicError(answer, code);
    expect(Date.now() - began).toBeLessThan(20_000);
    expect(answer.errors?.length).toBeLessThanOrEqual(6);
  });

  it('of tokens is not called something else than GraphQL', async () => {
    const { errors } = await server.graphql(`{ ${'__typename '.repeat(2_000)} }`);
    expect(errors?.[0]?.message).toBe('Too many tokens: at most 1000.');
  });
});

describe('an unknown name', () => {
  it.each([
    ['a field', '{ zq7Xodd }', /Cannot query field/],
    ['an argument', '{ providers(zq7Xodd: 1) { id } }', /Unknown argument/],
    ['a type', 'query A($a: zq7Xodd) { __typename }', /Unknown type/],
    ['a fragment', '{ ...zq7Xodd }', /Unknown fragment/],
  ])('for %s is named, without suggesting others', async (_, query, message) => {
    const answer = await server.graphql(query);
    expectPublicError(answer, 'GRAPHQL_VALIDATION_FAILED');
    expect(answer.errors?.[0].message).toMatch(message);
    expect(answer.text).not.toContain('Did you mean');
  });
});

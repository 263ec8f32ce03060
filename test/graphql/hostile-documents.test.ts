// Documents that would multiply effects or work are refused whole, before anything runs.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { versionInfo } from 'graphql';
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
  ])('by %s is refused, by the rule against it', async (_, query) => {
    const answer = await server.graphql(query);
    expectPublicError(answer, 'GRAPHQL_VALIDATION_FAILED');
    expect(answer.errors?.map(({ message }) => message)).toContain(
      'Only one mutation field is allowed in a request.',
    );
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
    ['tokens', `{ ${'__typename '.repeat(2_000)} }`, 'Too many tokens: at most 1000.'],
    ['depth', `{ ${'a { '.repeat(300)} a ${'} '.repeat(300)} }`, 'Too many levels: at most 10.'],
    ['directives', `{ __typename ${'@skip(if: false) '.repeat(120)} }`, 'Too many directives: at most 20.'],
    [
      'unknown fields',
      `{ ${Array.from({ length: 300 }, (_, n) => `f${n}`).join(' ')} }`,
      'Too many fields at once: at most 10.',
    ],
    [
      'a circle of fragments',
      '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }',
      'Cannot spread fragment "A" within itself via "B".',
    ],
    [
      'a circle in a mutation',
      'mutation { ...A } fragment A on Mutation { ...A }',
      'Cannot spread fragment "A" within itself.',
    ],
  ])('of %s is refused at once, by the rule against it', async (_, query, rule) => {
    const began = Date.now();
    const answer = await server.graphql(query);
    expectPublicError(answer, rule.includes('tokens') ? 'GRAPHQL_PARSE_FAILED' : 'GRAPHQL_VALIDATION_FAILED');
    expect(answer.errors?.map(({ message }) => message)).toContain(rule);
    expect(Date.now() - began).toBeLessThan(20_000);
    expect(answer.errors?.length).toBeLessThanOrEqual(6);
  });

  it('of fields that may be in conflict meets a graphql that bounds what looking for conflicts costs', () => {
    const { major, minor } = versionInfo;
    expect(major === 16 && minor >= 15).toBe(true);
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

// User tokens are for services, each for whom its own token names; what is refused reaches no provider.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditRecords } from '../support/audit.js';
import { expectPublicError } from '../support/public-error.js';
import { startServer, type TestServer } from '../support/server.js';
import { askForToken, parent, type TokenWish, teacher, tokenOf } from './user-token.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.stop());

const serviceFor = (act_for: unknown) => server.token({ role: 'service', claims: { act_for } });
const own = {
  personId: ['F1', 'T1'],
  schoolId: ['S1'],
  studentId: ['K1'],
  partner: ['lygewcms'],
  appSystemId: ['A1'],
};

describe('a user token', () => {
  it.each(['user', 'auditor', 'admin'] as const)('is not for the role %s', async (role) => {
    const token = await server.token({ role });
    expectPublicError(await askForToken(server, { person: teacher }, { token }), 'FORBIDDEN');
  });

  it('is not for the anonymous', async () => {
    expectPublicError(await askForToken(server, { person: teacher }), 'UNAUTHENTICATED');
  });

  it.each<[string, TokenWish]>([
    ['a teacher', { person: teacher }],
    ['a parent', { person: parent }],
    ['a partner that needs an app', { partner: 'lygewcms', appSystemId: 'A1', person: parent }],
    ['nobody in particular', { partner: '' }],
  ])('is for a service that may act for %s', async (_, wish) => {
    expect(await tokenOf(server, wish, { token: await serviceFor(own) })).toEqual({
      __typename: 'UserTokenIssued',
      requestId: expect.any(String),
      token: expect.stringMatching(/^[\da-f]{32}$/),
    });
  });
});

describe('a service', () => {
  let before: number;
  beforeAll(async () => {
    before = (await server.calls({ provider: 'qingsong-token' })).length;
  });
  afterAll(async () => {
    expect(await server.calls({ provider: 'qingsong-token' })).toHaveLength(before);
    expect(await auditRecords(server, { kind: 'USER_TOKEN' })).toHaveLength(before);
  });

  it.each<[string, TokenWish]>([
    ['input.partner', { partner: 'foreign-partner', person: teacher }],
    ['input.appSystemId', { partner: 'lygewcms', appSystemId: 'foreign-app', person: teacher }],
    ['input.person.personId', { person: { ...teacher, personId: 'foreign-person' } }],
    ['input.person.schoolId', { person: { ...teacher, schoolId: 'foreign-school' } }],
    ['input.person.studentId', { person: { ...parent, studentId: 'foreign-student' } }],
  ])('may not name a foreign %s', async (field, wish) => {
    const answer = await askForToken(server, wish, { token: await serviceFor(own) });
    expectPublicError(answer, 'FORBIDDEN', ['foreign-']);
    expect(answer.errors?.[0].extensions.field).toBe(field);
  });

  it.each<[string, unknown]>([
    ['no claim at all', undefined],
    ['an empty claim', {}],
    ['empty lists', { personId: [], schoolId: [] }],
    ['a claim that nobody can read', ['F1', 'T1', 'S1']],
    ['claims of other kinds', { memberId: '*', partner: '*', appSystemId: '*' }],
  ])('may name nobody on %s', async (_, act_for) => {
    const answer = await askForToken(server, { person: teacher }, { token: await serviceFor(act_for) });
    expectPublicError(answer, 'FORBIDDEN', ['T1', 'S1']);
    expect(answer.errors?.[0].extensions.field).toMatch(/^input\.person\.(personId|schoolId)$/);
  });

  it.each<[string, TokenWish]>([
    ['input.appSystemId', { partner: 'lygewcms', person: teacher }],
    ['input.appSystemId', { partner: 'lygewcms', appSystemId: '', person: teacher }],
    ['input.person.studentId', { person: { ...parent, studentId: undefined } as never }],
    ['input.person.personId', { person: { ...teacher, personId: '' } }],
    ['input.person.personId', { person: { role: 'TEACHER', schoolId: 'S1' } }],
    ['input.person.schoolId', { person: { role: 'TEACHER', personId: 'T1' } }],
    ['input.person.personId', { person: { ...teacher, personId: 'y'.repeat(65) } }],
    ['input.partner', { partner: 'y'.repeat(65) }],
  ])('has to give %s as it is needed: %j', async (field, wish) => {
    const answer = await askForToken(server, wish, { token: await server.token({ role: 'service' }) });
    expectPublicError(answer, 'BAD_USER_INPUT', ['yyy']);
    expect(answer.errors?.[0].extensions.field).toBe(field);
  });
});

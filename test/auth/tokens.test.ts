// Who may read the log: a good token of the right role, and nobody by any of the usual tricks.
import { createPublicKey, generateKeyPairSync, type JsonWebKey, type KeyObject } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { importJWK, SignJWT, UnsecuredJWT } from 'jose';
import { developmentKeys } from '../../src/auth/development-keys.js';
import { askForCode } from '../support/ask.js';
import { auditRecord } from '../support/audit.js';
import { phoneWith } from '../support/phones.js';
import { expectPublicError } from '../support/public-error.js';
import { startServer, type TestServer } from '../support/server.js';

const fields = {
  auditRecords: '{ auditRecords { pageInfo { hasNextPage } } }',
  auditRecord: '{ auditRecord(id: "x") { id } }',
  providers: '{ providers { id } }',
};

let server: TestServer;
let ownKey: Awaited<ReturnType<typeof importJWK>>;
let kid: string;
let publicKey: KeyObject;
beforeAll(async () => {
  server = await startServer();
  const { tokenKey, jwks } = await developmentKeys(server.database.dataDir);
  ownKey = await importJWK(tokenKey, 'EdDSA');
  kid = tokenKey.kid ?? '';
  publicKey = createPublicKey({ key: jwks.keys[0] as JsonWebKey, format: 'jwk' });
});
afterAll(() => server?.stop());

interface Wish {
  alg?: string;
  kid?: string;
  key?: Parameters<SignJWT['sign']>[0];
  issuer?: string;
  audience?: string;
  expires?: string | number | null;
  sub?: string | null;
  roles?: unknown;
  notBefore?: string;
}

function sign(wish: Wish = {}): Promise<string> {
  const jwt = new SignJWT({ roles: wish.roles ?? ['auditor'] })
    .setProtectedHeader({ alg: wish.alg ?? 'EdDSA', kid: wish.kid ?? kid })
    .setIssuer(wish.issuer ?? 'yanzheng-development')
    .setAudience(wish.audience ?? 'yanzheng')
    .setIssuedAt();
  if (wish.sub !== null) jwt.setSubject(wish.sub ?? 'mallory');
  if (wish.expires !== null) jwt.setExpirationTime(wish.expires ?? '1h');
  if (wish.notBefore) jwt.setNotBefore(wish.notBefore);
  return jwt.sign(wish.key ?? ownKey);
}

const read = (token: string) => server.graphql(fields.providers, {}, { token });

describe('a token that is not good', () => {
  const stranger = generateKeyPairSync('ed25519').privateKey;
  const bad: [what: string, make: () => Promise<string> | string][] = [
    ['garbage', () => 'garbage'],
    ['three empty parts', () => '..'],
    ['expired', () => sign({ expires: Math.floor(Date.now() / 1_000) - 120 })],
    ['without an end', () => sign({ expires: null })],
    ['without a subject', () => sign({ sub: null })],
    ['not valid yet', () => sign({ notBefore: '10m' })],
    ['of another issuer', () => sign({ issuer: 'somebody' })],
    ['for another audience', () => sign({ audience: 'somebody' })],
    ["signed by a stranger's key", () => sign({ key: stranger })],
    ['naming an unknown key', () => sign({ kid: 'unknown' })],
    ['unsigned (alg none)', () => unsigned()],
    ['signed with HS256 by the public key', () => sign({ alg: 'HS256', key: publicPem() })],
    ['altered after signing', async () => altered(await sign({ roles: ['user'] }))],
  ];
  const publicPem = () => Buffer.from(publicKey.export({ type: 'spki', format: 'pem' }));
  const unsigned = () =>
    new UnsecuredJWT({ roles: ['auditor'] })
      .setIssuer('yanzheng-development')
      .setAudience('yanzheng')
      .setSubject('mallory')
      .setExpirationTime('1h')
      .encode();
  const altered = (token: string) => {
    const [head, body = '', signature] = token.split('.');
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString());
    const better = Buffer.from(JSON.stringify({ ...claims, roles: ['auditor'] })).toString('base64url');
    return `${head}.${better}.${signature}`;
  };

  it.each(bad)('%s is UNAUTHENTICATED, also where no token is needed', async (_, make) => {
    const token = await make();
    for (const query of [fields.providers, '{ __typename }']) {
      const answer = await server.graphql(query, {}, { token });
      expectPublicError(answer, 'UNAUTHENTICATED', [token]);
      expect(answer.status).toBe(401);
    }
  });

  it.each(['Basic YTpi', 'Bearer', 'Bearer a b', 'token'])(
    'in the header %j is UNAUTHENTICATED',
    async (authorization) => {
      expectPublicError(
        await server.graphql('{ __typename }', {}, { headers: { authorization } }),
        'UNAUTHENTICATED',
      );
    },
  );
});

describe('a field for auditors', () => {
  it.each(Object.entries(fields))('%s is UNAUTHENTICATED without a token', async (_, query) => {
    expectPublicError(await server.graphql(query), 'UNAUTHENTICATED');
  });

  it.each(['user', 'service'] as const)('is FORBIDDEN to the role %s', async (role) => {
    const token = await server.token({ role });
    for (const query of Object.values(fields)) {
      expectPublicError(await server.graphql(query, {}, { token }), 'FORBIDDEN');
    }
  });

  it.each(['auditor', 'admin'] as const)('is open to the role %s', async (role) => {
    const token = await server.token({ role });
    for (const query of Object.values(fields)) {
      expect((await server.graphql(query, {}, { token })).errors).toBeUndefined();
    }
  });

  it.each([
    ['one text', 'auditor', undefined],
    ['a list with unknown ones', ['nobody', 'auditor'], undefined],
    ['another case', ['Auditor'], 'FORBIDDEN'],
    ['none', [], 'FORBIDDEN'],
    ['an object', { auditor: true }, 'FORBIDDEN'],
  ])('reads roles given as %s', async (_, roles, code) => {
    const answer = await read(await sign({ roles }));
    if (code) expectPublicError(answer, code);
    else expect(answer.errors).toBeUndefined();
  });
});

describe('the actor of a record', () => {
  it('is the subject of the token, bounded and without control characters', async () => {
    const token = await sign({ sub: `bob\u0000\n${'b'.repeat(300)}`, roles: ['user'] });
    const { requestId } = await askForCode(server, { phone: phoneWith() }, { token });
    const { actor } = await auditRecord(server, requestId);
    expect(actor).toBe(`bob${'b'.repeat(125)}`);
  });
});

// Who may read the log: a good token of the right role, and nobody by any of the usual tricks.
import {
  createPublicKey,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
  sign as signBytes,
} from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type CryptoKey, importJWK, type JWK, SignJWT, UnsecuredJWT } from 'jose';
import { developmentKeys } from '../../src/auth/development-keys.js';
import { tokenVerifier } from '../../src/auth/tokens.js';
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
  notBefore?: string | number;
  typ?: string;
  claims?: Record<string, unknown>;
}

const seconds = (fromNow: number) => Math.floor(Date.now() / 1_000) + fromNow;

function sign(wish: Wish = {}): Promise<string> {
  const typ = wish.typ === undefined ? {} : { typ: wish.typ };
  const jwt = new SignJWT({ roles: wish.roles ?? ['auditor'], ...wish.claims })
    .setProtectedHeader({ alg: wish.alg ?? 'EdDSA', kid: wish.kid ?? kid, ...typ })
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
    ['expired', () => sign({ expires: seconds(-120) })],
    ['expired a little beyond the leeway', () => sign({ expires: seconds(-35) })],
    ['without an end', () => sign({ expires: null })],
    ['whose end is no number', () => sign({ expires: null, claims: { exp: '4102444800' } })],
    ['without a subject', () => sign({ sub: null })],
    ['with an empty subject', () => sign({ sub: '' })],
    ['whose subject is no text', () => sign({ sub: null, claims: { sub: { name: 'mallory' } } })],
    ['not valid yet', () => sign({ notBefore: '10m' })],
    ['not valid yet, a little beyond the leeway', () => sign({ notBefore: seconds(35) })],
    ['that is to renew others', () => sign({ typ: 'refresh+jwt' })],
    ['that says that somebody logged out', () => sign({ typ: 'logout+jwt' })],
    ['that proves a key', () => sign({ typ: 'dpop+jwt' })],
    ['of another issuer', () => sign({ issuer: 'somebody' })],
    ['for another audience', () => sign({ audience: 'somebody' })],
    ["signed by a stranger's key", () => sign({ key: stranger })],
    ['naming an unknown key', () => sign({ kid: 'unknown' })],
    ['unsigned (alg none)', () => unsigned()],
    ['signed with HS256 by the public key', () => sign({ alg: 'HS256', key: publicPem() })],
    ['signed with HS256 by the bytes of the public key', () => sign({ alg: 'HS256', key: publicBytes() })],
    ['unsigned, but called signed', async () => (await sign()).replace(/[^.]*$/, '')],
    ['that brings its own key', () => bringing({ jwk: jwkOf(stranger) })],
    ['that says where its key is', () => bringing({ jku: 'http://127.0.0.1:1/jwks' })],
    ['that wants what nobody knows', () => bringing({ crit: ['x-odd'], 'x-odd': true }, ownKey)],
    ['as long as a header may be', async () => `${await sign()}${'x'.repeat(8_000)}`],
    ['altered after signing', async () => altered(await sign({ roles: ['user'] }))],
  ];
  const publicPem = () => Buffer.from(publicKey.export({ type: 'spki', format: 'pem' }));
  const publicBytes = () => Buffer.from(String(publicKey.export({ format: 'jwk' }).x), 'base64url');
  const jwkOf = (key: KeyObject) => createPublicKey(key).export({ format: 'jwk' });
  /** Signed by hand, since the library makes none such. */
  const bringing = async (header: object, key?: typeof ownKey) => {
    const claims = (await sign()).split('.')[1];
    const head = Buffer.from(JSON.stringify({ alg: 'EdDSA', kid, ...header })).toString('base64url');
    const data = Buffer.from(`${head}.${claims}`);
    const signature = key
      ? Buffer.from(await crypto.subtle.sign('Ed25519', key as CryptoKey, data))
      : signBytes(null, data, stranger);
    return `${head}.${claims}.${signature.toString('base64url')}`;
  };
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

describe('a token that is good', () => {
  it.each<[string, Wish]>([
    ['expired within the leeway', { expires: seconds(-2) }],
    ['valid from a little later on', { notBefore: seconds(20) }],
    ['labelled as a JWT', { typ: 'JWT' }],
    ['labelled as an access token', { typ: 'at+jwt' }],
    ['labelled so in full', { typ: 'application/at+jwt' }],
    ['for several audiences', { claims: { aud: ['somebody', 'yanzheng'] } }],
    ['with claims that nobody asked for', { claims: { scope: 'openid', nested: { a: [1] } } }],
    ['naming an application that is no text', { claims: { azp: { id: 1 } } }],
  ])('is taken %s', async (_, wish) => {
    expect((await read(await sign(wish))).errors).toBeUndefined();
  });
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

describe('a caller', () => {
  const verify = () =>
    tokenVerifier({
      keys: { jwks: { keys: [{ ...(publicKey.export({ format: 'jwk' }) as JWK), kid }] } },
      issuer: 'yanzheng-development',
      audience: 'yanzheng',
      roleClaim: 'https://example.org/roles',
      clientClaim: 'client.id',
    });
  const callerOf = async (claims: Record<string, unknown>, sub = 'bob') =>
    verify()(await sign({ sub, claims }));

  it('has the application and the roles that the configured claims name, exactly or by their path', async () => {
    const { client, roles } = await callerOf({
      'https://example.org/roles': 'admin',
      client: { id: 'app' },
      azp: 'other',
    });
    expect([client, [...roles].sort()]).toEqual(['app', ['admin', 'auditor']]);
    expect((await callerOf({ 'client.id': 'exactly', client: { id: 'app' } })).client).toBe('exactly');
  });

  it.each([[undefined], [''], [7], [null], [{ id: '' }], [{ id: ['app'] }], [{ __proto__: { id: 'app' } }]])(
    'has no application where the claim is %j',
    async (client) => {
      expect((await callerOf({ client })).client).toBeUndefined();
    },
  );

  it('is not another whose name is the same once it is cut or cleaned', async () => {
    const long = 'b'.repeat(128);
    const names = ['bob', 'bob\0', 'bob\u0001', long, `${long}c`, `${long}d`, `${long}\0`];
    const actors = await Promise.all(names.map(async (sub) => (await callerOf({}, sub)).actor));
    expect(new Set(actors).size).toBe(names.length);
    expect(actors.filter((actor) => actor.length > 128 || /\p{Cc}/u.test(actor))).toEqual([]);
    const [, cleaned = ''] = actors;
    expect((await callerOf({}, cleaned)).actor).not.toBe(cleaned);
  });

  it('is known by the only key there is, whatever an issuer calls it', async () => {
    const { d: _, ...nameless } = publicKey.export({ format: 'jwk' });
    const keys = { jwks: { keys: [nameless as JWK] } };
    const settings = { issuer: 'yanzheng-development', audience: 'yanzheng', roleClaim: 'roles' };
    const open = tokenVerifier({ ...settings, keys, clientClaim: 'azp' });
    expect(await open(await sign({ kid: 'any', sub: 'bob' }))).toMatchObject({ actor: 'bob' });
    const stranger = generateKeyPairSync('ed25519').privateKey;
    await expect(open(await sign({ kid: 'any', key: stranger }))).rejects.toThrow('not valid');
  });
});

describe('the actor of a record', () => {
  it('is the subject of the token, bounded and without control characters', async () => {
    const token = await sign({ sub: `bob\u0000\n${'b'.repeat(300)}`, roles: ['user'] });
    const { requestId } = await askForCode(server, { phone: phoneWith() }, { token });
    const { actor } = await auditRecord(server, requestId);
    expect(actor).toMatch(/^bo(b{103})~[\w-]{22}$/);
  });
});

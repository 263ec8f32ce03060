// Keys that the issuer publishes: a new one is picked up by its name, an old one that is gone opens nothing, and an
// issuer that cannot be reached makes nobody a stranger.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { type TokenVerifier, tokenVerifier } from '../../src/auth/tokens.js';
import type { Fault } from '../../src/errors.js';
import { subscriber } from '../phone-binding/subscriber.js';
import { eventually } from '../support/eventually.js';
import { expectPublicError } from '../support/public-error.js';
import { freePort, startServer, type TestServer } from '../support/server.js';

interface Signer {
  kid: string;
  alg: string;
  privateKey: CryptoKey;
  jwk: JWK;
}

async function signer(kid: string, alg: string): Promise<Signer> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, alg, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}

const issuer = 'https://login.example.org';
const audience = 'yanzheng';

function tokenOf({ kid, alg, privateKey }: Signer, named = kid, lives = '5m'): Promise<string> {
  return new SignJWT({ realm_access: { roles: ['auditor'] }, azp: 'app' })
    .setProtectedHeader({ alg, kid: named, typ: 'at+jwt' })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject('carol')
    .setExpirationTime(lives)
    .sign(privateKey);
}

const jwks = createServer((_request, response) => {
  asked += 1;
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(typeof published === 'string' ? published : JSON.stringify(published));
});
let published: unknown;
let status = 200;
let asked = 0;
let jwksUrl: string;
let [first, second, third] = [] as unknown as [Signer, Signer, Signer];
beforeAll(async () => {
  [first, second, third] = await Promise.all([
    signer('2026-01', 'RS256'),
    signer('2026-02', 'ES256'),
    signer('2026-03', 'EdDSA'),
  ]);
  published = { keys: [first.jwk] };
  jwks.listen(0, '127.0.0.1');
  await once(jwks, 'listening');
  const address = jwks.address();
  jwksUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/jwks`;
});
afterAll(() => {
  jwks.close();
  jwks.closeAllConnections();
});
beforeEach(() => {
  asked = 0;
});
afterEach(() => {
  jest.restoreAllMocks();
});

const verifier = (url = jwksUrl) =>
  tokenVerifier({
    keys: { jwksUrl: url },
    issuer,
    audience,
    roleClaim: 'realm_access.roles',
    clientClaim: 'azp',
  });
const codeOf = (verify: TokenVerifier, token: string) =>
  verify(token).then(
    () => 'good',
    (fault: Fault) => fault.code,
  );

/** Keys are read every five seconds at most. */
function later(byMs = 6_000): void {
  const now = Date.now() + byMs;
  jest.spyOn(Date, 'now').mockImplementation(() => now);
}

describe('a published key', () => {
  let verify: TokenVerifier;
  beforeAll(() => {
    verify = verifier();
  });

  it('opens what it signed, and is asked for once', async () => {
    const tokens = await Promise.all(Array.from({ length: 10 }, () => tokenOf(first)));
    const callers = await Promise.all(tokens.map(verify));
    expect(callers.map(({ actor, client }) => `${actor} by ${client}`)).toEqual(
      Array(10).fill('carol by app'),
    );
    expect(asked).toBe(1);
  });

  it("does not open what another signed in its name, nor what it signed in another's", async () => {
    expect(await codeOf(verify, await tokenOf({ ...second, kid: first.kid }))).toBe('UNAUTHENTICATED');
    expect(await codeOf(verify, await tokenOf(first, 'unknown'))).toBe('UNAUTHENTICATED');
  });

  it('is asked for again for an unknown name, but not for each of a flood of them', async () => {
    const flood = await Promise.all(Array.from({ length: 200 }, (_, n) => tokenOf(third, `made-up-${n}`)));
    const codes = await Promise.all(flood.map((token) => codeOf(verify, token)));
    expect(new Set(codes)).toEqual(new Set(['UNAUTHENTICATED']));
    expect(asked).toBeLessThanOrEqual(1);
  });

  it('that is new is picked up beside the old one, and the old one opens nothing once it is gone', async () => {
    later();
    published = { keys: [first.jwk, second.jwk] };
    const [old, fresh, latest] = await Promise.all([tokenOf(first), tokenOf(second), tokenOf(third)]);
    expect(await codeOf(verify, fresh)).toBe('good');
    expect(await codeOf(verify, old)).toBe('good');

    later();
    published = { keys: [third.jwk] };
    expect(await codeOf(verify, latest)).toBe('good');
    for (const token of [old, fresh]) expect(await codeOf(verify, token)).toBe('UNAUTHENTICATED');
  });

  it('that cannot be asked for now makes no known caller a stranger', async () => {
    status = 500;
    expect(await codeOf(verify, await tokenOf(third))).toBe('good');
    status = 200;
  });
});

describe('tokens of an issuer', () => {
  afterEach(() => {
    status = 200;
    published = { keys: [third.jwk] };
  });

  it.each<[string, () => void]>([
    [
      'that is down',
      () => {
        status = 500;
      },
    ],
    [
      'that answers with a page',
      () => {
        published = '<html>';
      },
    ],
    [
      'that publishes no list',
      () => {
        published = { keys: 'none' };
      },
    ],
  ])('%s cannot be checked, which is not their fault', async (_, breakIt) => {
    const verify = verifier();
    const token = await tokenOf(third);
    breakIt();
    expect(await codeOf(verify, token)).toBe('OVERLOADED');
    status = 200;
    published = { keys: [third.jwk] };
    later();
    expect(await codeOf(verify, token)).toBe('good');
  });

  it('that nobody answers for cannot be checked either', async () => {
    const verify = verifier(`http://127.0.0.1:${await freePort()}/jwks`);
    expect(await codeOf(verify, await tokenOf(third))).toBe('OVERLOADED');
  });
});

describe('an issuer that fails once its keys are known', () => {
  const MINUTE = 60_000;
  let verify: TokenVerifier;
  beforeEach(async () => {
    published = { keys: [third.jwk] };
    verify = verifier();
    expect(await codeOf(verify, await tokenOf(third))).toBe('good');
    status = 500;
    asked = 0;
  });
  afterEach(() => {
    status = 200;
  });

  it('is asked once for many unknown names, and none of them is called bad', async () => {
    later();
    for (let n = 0; n < 20; n += 1) {
      expect(await codeOf(verify, await tokenOf(first, `made-up-${n}`))).toBe('OVERLOADED');
    }
    expect(asked).toBe(1);
    expect(await codeOf(verify, await tokenOf(third))).toBe('good');
    later();
    expect(await codeOf(verify, await tokenOf(first))).toBe('OVERLOADED');
    expect(asked).toBe(2);
  });

  it('makes no known caller a stranger for an hour, and is asked again meanwhile', async () => {
    const token = await tokenOf(third, third.kid, '3h');
    later(11 * MINUTE);
    for (let n = 0; n < 5; n += 1) expect(await codeOf(verify, token)).toBe('good');
    expect(asked).toBe(1);
    later(48 * MINUTE);
    expect(await codeOf(verify, token)).toBe('good');
    expect(asked).toBe(2);
    later(2 * MINUTE);
    expect(await codeOf(verify, token)).toBe('OVERLOADED');
    status = 200;
    later();
    expect(await codeOf(verify, token)).toBe('good');
  });
});

describe('a server with AUTH_JWKS_URL', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer({
      env: {
        AUTH_JWKS_URL: jwksUrl,
        AUTH_ISSUER: issuer,
        AUTH_AUDIENCE: audience,
        AUTH_ROLE_CLAIM: 'realm_access.roles',
      },
    });
  });
  afterAll(() => server?.stop());

  it('says 503 while the keys cannot be had, also to sockets, and serves those who bring no token', async () => {
    status = 503;
    const token = await tokenOf(third);
    const answer = await server.graphql('{ providers { id } }', {}, { token });
    expectPublicError(answer, 'OVERLOADED', [token]);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
    expect((await subscriber(server, { token }).closed).code).toBe(1013);
    expect((await server.graphql('{ __typename }')).errors).toBeUndefined();
    status = 200;
    await eventually(
      () => server.graphql('{ providers { id } }', {}, { token }),
      ({ errors }) => errors === undefined,
    );
  });
});

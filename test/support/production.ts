// What a server in production is given: keys of its own, and the providers of another server's sandbox.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { SignJWT } from 'jose';
import type { TestServer } from './server.js';

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const checkpointKey = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'der' });
const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
const issuer = 'https://login.example.org';
const audience = 'yanzheng-production';

/** Keys are new each time. */
export function productionEnv(sandbox: TestServer): Record<string, string> {
  return {
    NODE_ENV: 'production',
    SANDBOX: 'off',
    AUTH_PUBLIC_KEY: pem.replaceAll('\n', '\\n'),
    AUTH_ISSUER: issuer,
    AUTH_AUDIENCE: audience,
    DIGEST_KEY: randomBytes(32).toString('base64'),
    SEAL_KEY: randomBytes(32).toString('base64'),
    CHECKPOINT_KEY: checkpointKey.toString('base64'),
    CLIENTS: 'app,site',
    PUBLIC_URL: 'https://yanzheng.example.org',
    USERCOIN_URL: `${sandbox.sandboxUrl}/usercoin`,
    USERCOIN_ALLOW_HTTP: 'true',
  };
}

/** A token that such a server takes. */
export function productionToken(roles: string[]): Promise<string> {
  return new SignJWT({ roles })
    .setProtectedHeader({ alg: 'ES256' })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject('carol')
    .setExpirationTime('5m')
    .sign(privateKey);
}

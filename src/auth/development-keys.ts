// Keys for one developer's machine, made in DATA_DIR/keys at first need. Production brings its own.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, type JSONWebKeySet, type JWK } from 'jose';

export interface DevelopmentKeys {
  /** Signs development tokens: an Ed25519 private key. */
  tokenKey: JWK;
  /** What the server verifies them with. */
  jwks: JSONWebKeySet;
  /** The pepper of digests: 32 bytes. */
  digestKey: Uint8Array;
  /** The master key of sealing: 32 bytes. */
  sealKey: Uint8Array;
  /** Signs checkpoints: an Ed25519 private key in PEM. */
  checkpointKey: string;
}

export const developmentIssuer = 'yanzheng-development';
export const developmentAudience = 'yanzheng';

/** Processes that share a folder get the same keys, also when they ask at the same time. */
export async function developmentKeys(dataDir: string): Promise<DevelopmentKeys> {
  const folder = join(dataDir, 'keys');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const tokenKey = JSON.parse(await keep(join(folder, 'token.jwk'), makeTokenKey)) as JWK;
  const secret = async (name: string) => {
    const text = await keep(join(folder, name), async () => randomBytes(32).toString('base64'));
    return Buffer.from(text, 'base64');
  };
  const { d: _, ...publicKey } = tokenKey;
  return {
    tokenKey,
    jwks: { keys: [publicKey] },
    digestKey: await secret('digest.key'),
    sealKey: await secret('seal.key'),
    checkpointKey: await keep(join(folder, 'checkpoint.key'), makeCheckpointKey),
  };
}

async function makeTokenKey(): Promise<string> {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  return JSON.stringify({
    ...(await exportJWK(privateKey)),
    alg: 'EdDSA',
    kid: randomBytes(8).toString('hex'),
  });
}

async function makeCheckpointKey(): Promise<string> {
  return generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
}

/** Reads the file, or makes it; a file appears whole, and the first one to appear counts. */
async function keep(path: string, make: () => Promise<string>): Promise<string> {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    const draft = `${path}.${process.pid}`;
    writeFileSync(draft, await make(), { mode: 0o600 });
    try {
      linkSync(draft, path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      rmSync(draft, { force: true });
    }
    return readFileSync(path, 'utf8');
  }
}

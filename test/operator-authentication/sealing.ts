// The server's own seal for continuations, to look into them and to make ones that it must not take.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EncryptJWT, jwtDecrypt } from 'jose';
import { deriveKey } from '../../src/audit/seal.js';
import type { TestServer } from '../support/server.js';

const ISSUER = 'yanzheng/operator-authentication';

export function sealKeyOf({ database }: TestServer): Buffer {
  const master = Buffer.from(readFileSync(join(database.dataDir, 'keys', 'seal.key'), 'utf8'), 'base64');
  return deriveKey(master, 'continuation');
}

export interface Carried {
  phone: string;
  token: string;
  [what: string]: string;
}

export async function carriedIn(continuation: string, key: Uint8Array): Promise<Carried> {
  const { payload } = await jwtDecrypt(continuation, key, { issuer: ISSUER });
  return payload.carried as Carried;
}

export interface Seal {
  key: Uint8Array;
  actor: string;
  flow: string;
  carried: object;
  issuer?: string;
  typ?: string;
  enc?: string;
  /** Seconds since 1970; null for none. */
  expires?: number | null;
}

export function sealed(seal: Seal): Promise<string> {
  const { key, actor, flow, carried, issuer = ISSUER, typ = 'continuation', enc = 'A256GCM' } = seal;
  const { expires = Math.floor(Date.now() / 1_000) + 300 } = seal;
  const token = new EncryptJWT({ carried })
    .setProtectedHeader({ alg: 'dir', enc, typ })
    .setIssuer(issuer)
    .setSubject(actor)
    .setAudience(flow);
  return (expires === null ? token : token.setExpirationTime(expires)).encrypt(key);
}

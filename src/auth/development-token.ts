// Makes tokens for one developer's machine.
import { importJWK, SignJWT } from 'jose';
import type { Role } from './caller.js';
import { developmentAudience, developmentIssuer, developmentKeys } from './development-keys.js';

export interface TokenWish {
  role: Role;
  /** Absent: `dev-ROLE`. */
  sub?: string | undefined;
  claims?: Record<string, unknown>;
}

/** A token for twelve hours, allowed to act for everybody unless a claim says otherwise. */
export async function developmentToken(dataDir: string, { role, sub, claims }: TokenWish): Promise<string> {
  const { tokenKey } = await developmentKeys(dataDir);
  return new SignJWT({ roles: [role], act_for: '*', ...claims })
    .setProtectedHeader({ alg: 'EdDSA', kid: tokenKey.kid ?? '' })
    .setIssuer(developmentIssuer)
    .setAudience(developmentAudience)
    .setSubject(sub ?? `dev-${role}`)
    .setIssuedAt()
    .setExpirationTime('12h')
    .sign(await importJWK(tokenKey, 'EdDSA'));
}

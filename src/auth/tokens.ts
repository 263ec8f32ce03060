// Verifies bearer tokens (JWT) against public keys. Which algorithms count is decided here, never by a token.
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  errors,
  type JSONWebKeySet,
  type JWTVerifyGetKey,
  jwtVerify,
} from 'jose';
import { z } from 'zod';
import { Fault } from '../errors.js';
import { type Caller, roles, withIncludedRoles } from './caller.js';
import { readActFor } from './may-act-for.js';

export interface TokenSettings {
  /** Public keys themselves, or the https address where the issuer publishes them. */
  keys: { jwks: JSONWebKeySet } | { jwksUrl: string };
  issuer: string;
  audience: string;
  /** The claim that holds a role or a list of roles. */
  roleClaim: string;
}

const algorithms = ['EdDSA', 'ES256', 'ES384', 'RS256', 'PS256'];
/** Clocks of issuers differ by this much at most, in seconds. */
const LEEWAY_S = 30;
const roleList = z.union([z.string().transform((one) => [one]), z.array(z.string()).max(20)]);

export type TokenVerifier = (token: string) => Promise<Caller>;

/** @returns a function that throws Fault UNAUTHENTICATED for any token that is not good */
export function tokenVerifier({ keys, issuer, audience, roleClaim }: TokenSettings): TokenVerifier {
  const keySet: JWTVerifyGetKey =
    'jwks' in keys
      ? createLocalJWKSet(keys.jwks)
      : createRemoteJWKSet(new URL(keys.jwksUrl), { timeoutDuration: 3_000, cooldownDuration: 10_000 });
  return async (token) => {
    try {
      const { payload } = await jwtVerify(token, keySet, {
        issuer,
        audience,
        algorithms,
        clockTolerance: LEEWAY_S,
        requiredClaims: ['sub', 'exp'],
      });
      const claimed = roleList.safeParse(payload[roleClaim]);
      const known = claimed.success ? roles.filter((role) => claimed.data.includes(role)) : [];
      return {
        actor: actorName(payload.sub ?? ''),
        roles: withIncludedRoles(known),
        actFor: readActFor(payload.act_for),
        expiresAt: new Date((payload.exp ?? 0) * 1_000),
      };
    } catch (cause) {
      if (cause instanceof errors.JWKSTimeout) throw new Fault('OVERLOADED', { cause, retryAfterMs: 3_000 });
      throw new Fault('UNAUTHENTICATED', {
        cause,
        message: 'The bearer token is not valid, or not any more.',
      });
    }
  };
}

/** Names rest in the log: bounded, and without what a database or a terminal would stumble over. */
function actorName(subject: string): string {
  return subject.replace(/[\p{Cc}\p{Surrogate}]/gu, '').slice(0, 128);
}

// Verifies bearer tokens (JWT) against public keys. Which algorithms count is decided here, never by a token.
import { createHash } from 'node:crypto';
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  errors,
  type JSONWebKeySet,
  type JWTPayload,
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
  /** The claim that names the application which the token was issued to. */
  clientClaim: string;
}

const algorithms = ['EdDSA', 'ES256', 'ES384', 'RS256', 'PS256'];
/** Tokens for access, as issuers label them (RFC 9068); others of the same issuer are for other ends. */
const accessTypes = new Set([undefined, 'jwt', 'at+jwt', 'application/at+jwt']);
/** Clocks of issuers differ by this much at most, in seconds. */
const LEEWAY_S = 30;
/** Published keys are read anew once they are older than this, and where a token names an unknown one. */
const FRESH_MS = 10 * 60_000;
/** No oftener than this, also where the issuer fails: anybody can make up names of keys. */
const READ_EVERY_MS = 5_000;
/** An issuer that fails may be away for so long; a key that it takes back meanwhile opens until then. */
const KEPT_MS = 60 * 60_000;
const NAME_LENGTH = 128;
const roleList = z.union([z.string().transform((one) => [one]), z.array(z.string()).max(20)]);

/** Throws Fault UNAUTHENTICATED for any token that is not good, OVERLOADED where that cannot be known now. */
export type TokenVerifier = (token: string) => Promise<Caller>;

export function tokenVerifier({
  keys,
  issuer,
  audience,
  roleClaim,
  clientClaim,
}: TokenSettings): TokenVerifier {
  const keySet = 'jwks' in keys ? givenKeys(keys.jwks) : publishedKeys(keys.jwksUrl);
  return async (token) => {
    try {
      const { payload, protectedHeader } = await jwtVerify(token, keySet, {
        issuer,
        audience,
        algorithms,
        clockTolerance: LEEWAY_S,
        requiredClaims: ['sub', 'exp'],
      });
      if (!accessTypes.has(protectedHeader.typ?.toLowerCase())) throw new Error('not for access');
      if (!payload.sub) throw new Error('names nobody');
      const claimed = roleList.safeParse(claimOf(payload, roleClaim));
      const known = claimed.success ? roles.filter((role) => claimed.data.includes(role)) : [];
      const client = claimOf(payload, clientClaim);
      return {
        actor: nameToKeep(payload.sub),
        client: typeof client === 'string' && client !== '' ? nameToKeep(client) : undefined,
        roles: withIncludedRoles(known),
        actFor: readActFor(payload.act_for),
        expiresAt: new Date((payload.exp ?? 0) * 1_000),
      };
    } catch (cause) {
      if (cause instanceof Fault) throw cause;
      throw new Fault('UNAUTHENTICATED', {
        cause,
        message: 'The bearer token is not valid, or not any more.',
      });
    }
  };
}

function givenKeys(jwks: JSONWebKeySet): JWTVerifyGetKey {
  const keySet = createLocalJWKSet(jwks);
  const [only, ...others] = jwks.keys;
  // A single key without a name, such as one in PEM, is meant whatever an issuer calls it.
  if (only && only.kid === undefined && others.length === 0) return ({ kid: _, ...header }) => keySet(header);
  return keySet;
}

function publishedKeys(url: string): JWTVerifyGetKey {
  // When they are read is decided here: jose counts from the last success, so it asks an issuer that fails at once
  // again, and drops good keys because they are old.
  const keySet = createRemoteJWKSet(new URL(url), {
    timeoutDuration: 3_000,
    cooldownDuration: Number.POSITIVE_INFINITY,
    cacheMaxAge: Number.POSITIVE_INFINITY,
  });
  let readAt = Number.NEGATIVE_INFINITY;
  let triedAt = Number.NEGATIVE_INFINITY;
  let failure: unknown;
  let reading: Promise<void> | undefined;
  const age = () => Date.now() - readAt;
  const read = async () => {
    triedAt = Date.now();
    try {
      await keySet.reload();
      readAt = Date.now();
      failure = undefined;
    } catch (cause) {
      failure = cause ?? new Error('no reason was given');
    } finally {
      reading = undefined;
    }
  };
  const readAnew = async () => {
    // A clock that is set back does not put it off either.
    if (!reading && Math.abs(Date.now() - triedAt) >= READ_EVERY_MS) reading = read();
    await reading;
  };
  /** A token that cannot be checked is not a bad one: who is told so would sign its user out. */
  const cannotTell = (cause: unknown) => new Fault('OVERLOADED', { cause, retryAfterMs: READ_EVERY_MS });
  const find: JWTVerifyGetKey = async (header, token) => {
    try {
      return await keySet(header, token);
    } catch (cause) {
      const theTokens =
        cause instanceof errors.JWKSNoMatchingKey || cause instanceof errors.JWKSMultipleMatchingKeys;
      throw theTokens ? cause : cannotTell(cause);
    }
  };
  return async (header, token) => {
    if (age() > FRESH_MS) await readAnew();
    if (age() > KEPT_MS) throw cannotTell(failure);
    try {
      return await find(header, token);
    } catch (cause) {
      if (!(cause instanceof errors.JWKSNoMatchingKey)) throw cause;
      await readAnew();
      if (failure !== undefined) throw cannotTell(failure);
      return find(header, token);
    }
  };
}

/** A claim by its name, or by its path where it lies deeper, such as `realm_access.roles`. */
function claimOf(payload: JWTPayload, name: string): unknown {
  if (Object.hasOwn(payload, name)) return payload[name];
  return name.split('.').reduce<unknown>((value, part) => {
    const inner = typeof value === 'object' && value !== null && Object.hasOwn(value, part);
    return inner ? (value as Record<string, unknown>)[part] : undefined;
  }, payload);
}

/**
 * Names rest in the log: bounded, and without what a database or a terminal would stumble over. Two names stay
 * two, since an actor owns what it began: what does not fit is told apart by its digest.
 */
function nameToKeep(name: string): string {
  const kept = name.replace(/[\p{Cc}\p{Surrogate}]/gu, '').slice(0, NAME_LENGTH);
  if (kept === name && !/~[\w-]{22}$/.test(name)) return name;
  const digest = createHash('sha256').update(name).digest('base64url').slice(0, 22);
  return `${kept.slice(0, NAME_LENGTH - 23)}~${digest}`;
}

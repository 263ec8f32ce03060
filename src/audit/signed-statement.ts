// A statement is one text: canonical JSON (RFC 8785) of flat facts, the id of the key, and an Ed25519 signature
// over all of it. Nothing in the text can be changed, not even its spelling. Pure.
import { verify } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { SigningKeys, TrustedKeys } from './signing-keys.js';

export type StatementFault =
  /** Not the canonical JSON of an object with a key and a signature. */
  | 'NOT_A_STATEMENT'
  /** Signed with a key that is not trusted here. */
  | 'UNKNOWN_KEY'
  /** Changed since, or never signed. */
  | 'BAD_SIGNATURE';

const MAX_LENGTH = 64 * 1024;

/**
 * @param subject what kind of statement this is, such as `checkpoint`: one kind cannot pass for another
 * @param facts without `key` and `signature`, which are added
 */
export function signStatement(subject: string, facts: object, keys: SigningKeys): string {
  const body = { ...facts, key: keys.keyId };
  const signature = keys.sign(signedBytes(subject, body)).toString('base64url');
  return canonicalize({ ...body, signature }) ?? '';
}

/** Whatever the text is, it never throws. The facts come with `key`; their shape is for the caller to check. */
export function readStatement(
  subject: string,
  text: string,
  keys: TrustedKeys,
): { facts: Record<string, unknown> } | { fault: StatementFault } {
  const statement = parse(text);
  if (!statement) return { fault: 'NOT_A_STATEMENT' };
  const { signature, ...facts } = statement;
  const key = keys.get(facts.key);
  if (!key) return { fault: 'UNKNOWN_KEY' };
  const bytes = Buffer.from(signature, 'base64url');
  // The last character holds bits that decoding passes over; only one spelling counts.
  const genuine =
    bytes.toString('base64url') === signature && verify(null, signedBytes(subject, facts), key, bytes);
  return genuine ? { facts } : { fault: 'BAD_SIGNATURE' };
}

function signedBytes(subject: string, body: object): Buffer {
  return Buffer.from(`yanzheng ${subject}\n${canonicalize(body)}`);
}

function parse(text: string): ({ key: string; signature: string } & Record<string, unknown>) | null {
  if (text.length > MAX_LENGTH) return null;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
    const statement = value as Record<string, unknown>;
    const { key, signature } = statement;
    if (typeof key !== 'string' || typeof signature !== 'string') return null;
    return canonicalize(statement) === text ? { ...statement, key, signature } : null;
  } catch {
    // Not JSON, or too deep, or with characters that have no canonical form.
    return null;
  }
}

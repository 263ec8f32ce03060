// The human check: a proof of work (ALTCHA) that this server makes and verifies by itself. It is bound to what was
// asked for; that it serves only once is a counter's business.
import { randomInt } from 'node:crypto';
import { createChallenge, verifySolution } from 'altcha-lib';
import { deriveKey as sha } from 'altcha-lib/algorithms/sha';
import { z } from 'zod';
import type { HumanCheckSettings } from './limits-file.js';

export interface MadeChallenge {
  challenge: unknown;
  expiresAt: Date;
}

/** A solution that is right, for what it was made for. */
export interface PassedCheck {
  /** The challenge's signature: which challenge it was. */
  id: string;
}

const ALGORITHM = 'SHA-256';
/** A challenge and its solution take some 700 characters. */
const LONGEST = 4_096;
const hex = z.string().regex(/^[\da-f]{1,128}$/);
const payload = z.strictObject({
  challenge: z.strictObject({
    parameters: z.strictObject({
      algorithm: z.literal(ALGORITHM),
      nonce: hex,
      salt: hex,
      cost: z.literal(1),
      keyLength: z.int(),
      keyPrefix: hex,
      expiresAt: z.int(),
      data: z.strictObject({ for: hex }),
    }),
    signature: hex,
  }),
  solution: z.looseObject({ counter: z.int(), derivedKey: hex }),
});

export class HumanChecks {
  /** @param secret of its own; all replicas have the same */
  constructor(
    private readonly secret: string,
    private readonly settings: HumanCheckSettings,
  ) {}

  /** @param askedFor a keyed digest of what the solution will be good for, hex */
  async challenge(askedFor: string): Promise<MadeChallenge> {
    const { work, seconds } = this.settings;
    const expiresAt = new Date(Math.floor(Date.now() / 1_000 + seconds) * 1_000);
    const challenge = await createChallenge({
      algorithm: ALGORITHM,
      cost: 1,
      // A solver counts up to here.
      counter: randomInt(Math.ceil(work / 2), work + Math.ceil(work / 2)),
      deriveKey: sha,
      data: { for: askedFor },
      expiresAt,
      hmacSignatureSecret: this.secret,
    });
    return { challenge, expiresAt };
  }

  /** @returns null for what is no solution, is one for something else, or comes too late */
  async verify(text: string, askedFor: string): Promise<PassedCheck | null> {
    const read = payload.safeParse(decoded(text));
    if (!read.success) return null;
    const { challenge, solution } = read.data;
    if (challenge.parameters.data.for !== askedFor) return null;
    const { verified } = await verifySolution({
      challenge,
      solution,
      deriveKey: sha,
      hmacSignatureSecret: this.secret,
    });
    return verified ? { id: challenge.signature } : null;
  }
}

/** Base64 of JSON, as ALTCHA's widgets send it. */
function decoded(text: string): unknown {
  if (text.length > LONGEST) return undefined;
  try {
    return JSON.parse(Buffer.from(text, 'base64').toString('utf8'));
  } catch {
    return undefined;
  }
}

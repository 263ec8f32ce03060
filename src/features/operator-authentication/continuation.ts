// What a front-end carries between two answers, sealed (JWE): the provider's token for the conversation and what
// the provider wants again with each turn. It rests nowhere here; only its caller and its flow can use it.
import { EncryptJWT, jwtDecrypt } from 'jose';
import { z } from 'zod';
import { Fault } from '../../errors.js';

/** How long after the last answer a conversation can be gone on with: Juxinli forgets a token after ten minutes. */
export const CONTINUATION_LIFE_MS = 600_000;

const carriedShape = z.object({
  /** E.164. */
  phone: z.string(),
  /** Juxinli's. */
  token: z.string(),
  /** The source that account and password are for. */
  website: z.string().optional(),
  account: z.string().optional(),
  password: z.string().optional(),
  /** The answer that may have to be sent again while the provider is busy. */
  captcha: z.string().optional(),
  queryPwd: z.string().optional(),
  /** The request that brought these, and was counted as a guess where it was sent. */
  broughtBy: z.string().optional(),
});
export type Carried = z.output<typeof carriedShape>;

export interface Holder {
  actor: string;
  /** The flow's id. */
  flow: string;
}

const ISSUER = 'yanzheng/operator-authentication';

export class Continuations {
  /** @param key 32 bytes */
  constructor(private readonly key: Uint8Array) {}

  seal({ actor, flow }: Holder, carried: Carried): Promise<string> {
    return new EncryptJWT({ carried })
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', typ: 'continuation' })
      .setIssuer(ISSUER)
      .setSubject(actor)
      .setAudience(flow)
      .setExpirationTime(new Date(Date.now() + CONTINUATION_LIFE_MS))
      .encrypt(this.key);
  }

  /** @throws Fault BAD_USER_INPUT where it is not this caller's for this flow, or too old */
  async open({ actor, flow }: Holder, continuation: string): Promise<Carried> {
    try {
      const { payload } = await jwtDecrypt(continuation, this.key, {
        issuer: ISSUER,
        subject: actor,
        audience: flow,
        typ: 'continuation',
        keyManagementAlgorithms: ['dir'],
        contentEncryptionAlgorithms: ['A256GCM'],
        requiredClaims: ['exp'],
      });
      return carriedShape.parse(payload.carried);
    } catch (cause) {
      throw new Fault('BAD_USER_INPUT', {
        cause,
        field: 'input.continuation',
        message: 'input.continuation does not belong here, or has expired.',
      });
    }
  }
}

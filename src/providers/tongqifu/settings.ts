// 通企付's environment variables, and what they come to. What the documents leave open has the most plausible
// default; keys are read, and refused, when the server starts.
import { z } from 'zod';
import type { CommonSettings, Surroundings } from '../provider.js';
import { commonEnvironment, commonSettings, flag } from '../settings.js';
import { AES_IV_LENGTH, type AesSettings, aesKeyLengths } from './aes.js';
import { readRsaPrivateKey, readRsaPublicKey } from './rsa.js';
import { sandboxKeys } from './sandbox-keys.js';
import { type RsaDigest, type SigningKeys, type SignType, signTypes } from './signature.js';
import { readSm2PrivateKey, readSm2PublicKey, type Sm2Encoding } from './sm2.js';
import { limits } from './wire.js';

export interface TongqifuSettings extends CommonSettings {
  mchNo: string;
  appId: string;
  /** One algorithm, for what is sent and for what comes. */
  keys: SigningKeys;
  aes: AesSettings;
  /** jumpUrl goes with every application, and not only where a person signs online. */
  jumpUrlAlways: boolean;
  /** Whether bindPhoneConfirm may be called; its fields are not documented. */
  confirm: boolean;
  /** Signing pages may be plain http. */
  allowHttpLinks: boolean;
  /** Values of bindResult that decide nothing yet. */
  pendingResults: readonly string[];
  /** Names, in this order, under which a notice may hold the application's serial number. */
  noticeSerialNames: readonly string[];
}

const names = (pattern: RegExp, error: string, fallback: string) =>
  z
    .string()
    .regex(pattern, error)
    .default(fallback)
    .transform((list) => list.split(',').filter((name) => name !== ''));

export const environment = z.object({
  ...commonEnvironment('TONGQIFU', 10_000),
  TONGQIFU_MCH_NO: z
    .string()
    .regex(/^[A-Za-z0-9]{1,30}$/, `must be up to ${limits.mchNo} letters and digits`)
    .optional(),
  TONGQIFU_APP_ID: z
    .string()
    .regex(/^[A-Za-z0-9]{1,24}$/, `must be up to ${limits.appId} letters and digits`)
    .optional(),
  TONGQIFU_SIGN_TYPE: z.enum(signTypes, 'must be MD5, RSA or SM2').default('MD5'),
  TONGQIFU_MD5_KEY: z.string().optional(),
  TONGQIFU_RSA_PRIVATE_KEY: z.string().optional(),
  TONGQIFU_RSA_PLATFORM_KEY: z.string().optional(),
  TONGQIFU_RSA_DIGEST: z.enum(['sha1', 'sha256'], 'must be sha1 or sha256').default('sha1'),
  TONGQIFU_SM2_PRIVATE_KEY: z.string().optional(),
  TONGQIFU_SM2_PLATFORM_KEY: z.string().optional(),
  TONGQIFU_SM2_ENCODING: z.enum(['raw', 'der'], 'must be raw or der').default('raw'),
  TONGQIFU_SM2_SIGNING_ID: z.string().max(256, 'must have at most 256 characters').optional(),
  TONGQIFU_SM2_VERIFYING_ID: z
    .string()
    .min(1, 'must not be empty')
    .max(256, 'must have at most 256 characters')
    .default('Allinpay'),
  TONGQIFU_AES_KEY: z.string().optional(),
  TONGQIFU_AES_MODE: z.enum(['ecb', 'cbc'], 'must be ecb or cbc').default('ecb'),
  TONGQIFU_AES_IV: z.string().optional(),
  TONGQIFU_AES_OUTPUT: z.enum(['hex', 'base64'], 'must be hex or base64').default('hex'),
  TONGQIFU_JUMP_URL_ALWAYS: flag,
  TONGQIFU_CONFIRM: z.enum(['on', 'off'], 'must be on or off').default('off'),
  TONGQIFU_PENDING_RESULTS: names(
    /^(|[A-Za-z0-9_]{1,16}(,[A-Za-z0-9_]{1,16})*)$/,
    'must be values of bindResult separated by commas',
    '',
  ),
  TONGQIFU_NOTICE_SERIAL_NAMES: names(
    /^[A-Za-z]\w{0,63}(,[A-Za-z]\w{0,63})*$/,
    'must be names separated by commas',
    'reqTraceNum,serialNo',
  ),
});
type Environment = z.output<typeof environment>;

/** Null where the provider is not configured; `faults` get a line for each variable that is missing or wrong. */
export function configure(
  variables: Record<string, unknown>,
  around: Surroundings,
  faults: string[],
): TongqifuSettings | null {
  const common = commonSettings('TONGQIFU', variables, around, faults);
  if (!common) return null;
  const env = variables as Environment;
  const read = new Reader(env, around.production, faults);
  const mchNo = read.text('TONGQIFU_MCH_NO', sandboxKeys.mchNo);
  const appId = read.text('TONGQIFU_APP_ID', sandboxKeys.appId);
  const keys = readKeys(read, env, appId);
  const aes = readAes(read, env);
  if (env.TONGQIFU_PENDING_RESULTS.includes('1')) {
    faults.push('TONGQIFU_PENDING_RESULTS must not hold 1, which means bound');
  }
  if (!mchNo || !appId || !keys || !aes) return null;
  return {
    ...common,
    mchNo,
    appId,
    keys,
    aes,
    jumpUrlAlways: env.TONGQIFU_JUMP_URL_ALWAYS,
    confirm: env.TONGQIFU_CONFIRM === 'on',
    allowHttpLinks: !around.production || variables.TONGQIFU_ALLOW_HTTP === true,
    pendingResults: env.TONGQIFU_PENDING_RESULTS,
    noticeSerialNames: env.TONGQIFU_NOTICE_SERIAL_NAMES,
  };
}

/** Only the keys of the pinned algorithm are asked for. */
function readKeys(read: Reader, env: Environment, appId: string | undefined): SigningKeys | undefined {
  const signType: SignType = env.TONGQIFU_SIGN_TYPE;
  const { md5Key, rsa, sm2 } = sandboxKeys;
  switch (signType) {
    case 'MD5': {
      const key = read.text('TONGQIFU_MD5_KEY', md5Key);
      if (key !== undefined && key.length < SHORTEST_MD5_KEY && read.production) {
        // Whoever has seen one signature could try all shorter ones at home.
        read.faults.push(`TONGQIFU_MD5_KEY must have at least ${SHORTEST_MD5_KEY} characters`);
      }
      return key === undefined ? undefined : { signType, key };
    }
    case 'RSA': {
      const own = read.key('TONGQIFU_RSA_PRIVATE_KEY', rsa.merchantPrivate, readRsaPrivateKey, RSA_PRIVATE);
      const theirs = read.key('TONGQIFU_RSA_PLATFORM_KEY', rsa.platformPublic, readRsaPublicKey, RSA_PUBLIC);
      const digest: RsaDigest = env.TONGQIFU_RSA_DIGEST;
      return own && theirs && { signType, own, theirs, digest };
    }
    case 'SM2': {
      const own = read.key('TONGQIFU_SM2_PRIVATE_KEY', sm2.merchantPrivate, readSm2PrivateKey, SM2_PRIVATE);
      const theirs = read.key('TONGQIFU_SM2_PLATFORM_KEY', sm2.platformPublic, readSm2PublicKey, SM2_PUBLIC);
      const ownId = env.TONGQIFU_SM2_SIGNING_ID ?? appId;
      const encoding: Sm2Encoding = env.TONGQIFU_SM2_ENCODING;
      if (!own || !theirs || !ownId) return undefined;
      return { signType, own, theirs, ownId, theirId: env.TONGQIFU_SM2_VERIFYING_ID, encoding };
    }
  }
}

const SHORTEST_MD5_KEY = 16;
const RSA_PRIVATE = 'must be an RSA private key of at least 2048 bits, PKCS#8 as Base64 or PEM';
const RSA_PUBLIC = 'must be an RSA public key of at least 1024 bits, X.509 as Base64 or PEM';
const SM2_PRIVATE = 'must be an SM2 private key: 64 hex digits, or PKCS#8 as Base64 or PEM';
const SM2_PUBLIC = 'must be a point of the SM2 curve: hex, or X.509 as Base64 or PEM';

function readAes(read: Reader, env: Environment): AesSettings | undefined {
  const mode = env.TONGQIFU_AES_MODE;
  const key = read.text('TONGQIFU_AES_KEY', sandboxKeys.aesKey);
  const iv = mode === 'cbc' ? read.text('TONGQIFU_AES_IV', sandboxKeys.aesIv) : '';
  if (key === undefined || iv === undefined) return undefined;
  if (!aesKeyLengths.includes(Buffer.byteLength(key))) {
    read.faults.push(`TONGQIFU_AES_KEY must have ${aesKeyLengths.join(', ')} bytes`);
  }
  if (mode === 'cbc' && Buffer.byteLength(iv) !== AES_IV_LENGTH) {
    read.faults.push(`TONGQIFU_AES_IV must have ${AES_IV_LENGTH} bytes`);
  }
  return { key, mode, iv, output: env.TONGQIFU_AES_OUTPUT };
}

/** Reads what has an invented default in the sandbox and none in production. */
class Reader {
  constructor(
    private readonly env: Environment,
    readonly production: boolean,
    readonly faults: string[],
  ) {}

  text(name: keyof Environment & string, ofSandbox: string): string | undefined {
    const given = this.env[name] as string | undefined;
    if (!this.production) return given ?? ofSandbox;
    if (given === undefined) this.faults.push(`${name} is needed in production with TONGQIFU_URL`);
    else if (given === ofSandbox) this.faults.push(`${name} is the sandbox's, which everybody knows`);
    return given;
  }

  key<Key>(
    name: keyof Environment & string,
    ofSandbox: string,
    make: (text: string) => Key,
    otherwise: string,
  ): Key | undefined {
    const text = this.text(name, ofSandbox);
    if (text === undefined) return undefined;
    try {
      return make(text);
    } catch {
      this.faults.push(`${name} ${otherwise}`);
      return undefined;
    }
  }
}

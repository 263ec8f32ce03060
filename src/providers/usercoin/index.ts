// usercoin: has a verification code sent by SMS for its own accounts. Never retried: a retry is a second SMS.
import { z } from 'zod';
import { callingCodeOf } from '../../phone-number.js';
import {
  type AccountCode,
  type AccountCodeSent,
  accountCodeFields,
  accountCodeSentFields,
  type CommonSettings,
  type Operation,
  type Provider,
} from '../provider.js';
import { commonEnvironment, commonSettings, flag } from '../settings.js';
import { name } from './in-words.js';
import { signatureOf } from './signature.js';
import { simulator } from './simulator.js';
import {
  meaningOf,
  readSendAnswer,
  SANDBOX_SIGN_KEY,
  SEND_PATH,
  type SendForm,
  type SignedParameters,
} from './wire.js';

export interface UsercoinSettings extends CommonSettings {
  /** False in production, where an answer's code is ignored even if there is one. */
  passTestCode: boolean;
  /** Scenes beyond the two documented ones that callers may ask for. */
  furtherTypes: readonly string[];
  /** Null where the common parameters and their signature are not sent, as in the document. */
  signing: Signing | null;
}

export interface Signing {
  key: string;
  lang: string;
  platform: string;
  /** The client's version. */
  ver: string;
}

/** usercoin's numbers of the two scenes that its document names. */
const types = { REGISTER: '1', RESET_PASSWORD: '2' } as const;

const sendCode: Operation<AccountCode, AccountCodeSent, UsercoinSettings> = {
  provider: 'usercoin',
  name: 'sendCode',
  kind: 'VERIFICATION_CODE',
  inputFields: accountCodeFields,
  valueFields: accountCodeSentFields,
  // By then usercoin sends another code, whether it has sent one or not.
  retryAfterUnknownMs: 120_000,

  request({ phone, purpose, providerType, userId, username }, { signing }, { now }) {
    const form: SendForm = {
      mobile: phone,
      uuid: userId ?? '',
      username: username ?? '',
      type: purpose === 'OTHER' ? (providerType ?? '') : types[purpose],
      internationalCode: callingCodeOf(phone),
    };
    return {
      method: 'POST',
      path: SEND_PATH,
      body: { form: { ...form, ...(signing && signed(signing, now)) } },
    };
  },

  read({ text }, { passTestCode }, { now }) {
    const { code, msg, validForS, resendAfterS, testCode } = readSendAnswer(text);
    if (code !== '0') {
      return {
        ...meaningOf(code),
        providerCode: code,
        ...(msg ? { text: msg } : {}),
        // The answer does not say how long; 120 s is what a sent code answers as `nexttime`.
        ...(code === '10032' ? { retryAfterMs: 120_000 } : {}),
      };
    }
    const after = (seconds: number | undefined) =>
      seconds === undefined ? undefined : new Date(now.getTime() + seconds * 1_000).toISOString();
    return {
      accepted: {
        expiresAt: after(validForS),
        resendAt: after(resendAfterS),
        testCode: passTestCode ? testCode : undefined,
      },
      providerCode: code,
    };
  },
};

function signed({ key, lang, platform, ver }: Signing, now: Date): SignedParameters {
  const timestamp = String(Math.floor(now.getTime() / 1_000));
  const sign = signatureOf({ lang, platform, timestamp, ver }, key);
  return { lang, platform, timestamp, ver, token: '', sign };
}

const word = z.string().regex(/^[\w.-]{1,32}$/, 'must be one short word');

const environment = z.object({
  ...commonEnvironment('USERCOIN', 8_000),
  /** Comma-separated numbers of scenes that purpose OTHER may name. */
  USERCOIN_FURTHER_TYPES: z
    .string()
    .regex(/^\d{1,6}(,\d{1,6})*$/, 'must be numbers separated by commas')
    .optional()
    .transform((list) => list?.split(',') ?? []),
  USERCOIN_SIGN: flag,
  USERCOIN_SIGN_KEY: z.string().min(1).optional(),
  USERCOIN_LANG: word.default('cn'),
  USERCOIN_PLATFORM: word.default('H5'),
  USERCOIN_VER: word.default('1.0.0'),
});

function signingOf(
  variables: Record<string, unknown>,
  production: boolean,
  faults: string[],
): Signing | null {
  const given = variables.USERCOIN_SIGN_KEY as string | undefined;
  if (variables.USERCOIN_SIGN !== true) {
    if (given !== undefined) faults.push('USERCOIN_SIGN_KEY has no effect without USERCOIN_SIGN=true');
    return null;
  }
  if (given === undefined && production) faults.push('USERCOIN_SIGN_KEY is needed with USERCOIN_SIGN=true');
  return {
    key: given ?? SANDBOX_SIGN_KEY,
    lang: variables.USERCOIN_LANG as string,
    platform: variables.USERCOIN_PLATFORM as string,
    ver: variables.USERCOIN_VER as string,
  };
}

export const usercoin = {
  id: 'usercoin',
  name,
  environment,
  configure(variables, around, faults) {
    const common = commonSettings('USERCOIN', variables, around, faults);
    if (!common) return null;
    return {
      ...common,
      passTestCode: !around.production,
      furtherTypes: variables.USERCOIN_FURTHER_TYPES as string[],
      signing: signingOf(variables, around.production, faults),
    };
  },
  simulator,
  accountCodes: { operation: sendCode, furtherTypes: (settings) => settings.furtherTypes },
  operations: { sendCode },
} satisfies Provider<UsercoinSettings>;

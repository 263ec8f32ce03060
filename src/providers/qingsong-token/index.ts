// QingSong Education's tokens for its own users. Making one again does no harm, so a repeat asks again.
import { z } from 'zod';
import type { CommonSettings, Operation, Provider } from '../provider.js';
import { saysTooOften } from '../qingsong-answer.js';
import { commonEnvironment, commonSettings } from '../settings.js';
import { name } from './in-words.js';
import { simulator } from './simulator.js';
import { DING_PARTNER, MAKE_TOKEN_PATH, readTokenAnswer, roleTypes, type TokenFields } from './wire.js';

export interface TokenWish {
  /** Empty where the partner needs none. */
  partner: string;
  /** Required for the partners of `QingsongTokenSettings.partnersWithApp`. */
  appSystemId?: string | undefined;
  /** Absent: a token for nobody in particular. */
  person?: TokenPerson | undefined;
}

export interface TokenPerson {
  /** PARENT stands for students as well. */
  role: 'TEACHER' | 'PARENT';
  personId: string;
  schoolId: string;
  /** Required for PARENT. */
  studentId?: string | undefined;
}

export interface TokenIssued {
  token: string;
}

export interface QingsongTokenSettings extends CommonSettings {
  body: 'form' | 'json';
  /** Partners that want a ding_unionid: a wish that names one needs an appSystemId. */
  partnersWithApp: readonly string[];
}

/** Nothing says how long; a minute is what such limits usually count by. */
const RETRY_AFTER_RATE_LIMIT_MS = 60_000;

const issueToken: Operation<TokenWish, TokenIssued, QingsongTokenSettings> = {
  provider: 'qingsong-token',
  name: 'issueToken',
  kind: 'USER_TOKEN',
  inputFields: {
    partner: 'clear',
    appSystemId: 'clear',
    person: { role: 'clear', personId: 'personal', schoolId: 'personal', studentId: 'personal' },
  },
  valueFields: { token: 'secret' },
  repeatable: true,
  retryAfterUnknownMs: 1_000,

  request({ partner, appSystemId, person }, { body }) {
    const fields: TokenFields = {
      appoint: person ? '1' : '0',
      partner,
      appsysid: appSystemId ?? '',
      ...(person && {
        studentid: person.studentId ?? '',
        personid: person.personId,
        fgsid: person.schoolId,
        roletype: roleTypes[person.role],
      }),
    };
    return {
      method: 'POST',
      path: MAKE_TOKEN_PATH,
      body: body === 'json' ? { json: fields } : { form: { ...fields } as Record<string, string> },
    };
  },

  read({ text }) {
    const answer = readTokenAnswer(text);
    if ('token' in answer) return { accepted: { token: answer.token }, providerCode: '0' };
    const { code: providerCode, text: words } = answer;
    if (saysTooOften(words)) {
      return { refused: 'RATE_LIMITED', providerCode, text: words, retryAfterMs: RETRY_AFTER_RATE_LIMIT_MS };
    }
    // No failure is documented: any may tell that the person is known.
    return { refused: 'REFUSED_BY_PROVIDER', providerCode, text: words, tellsExistence: true };
  },
};

const environment = z.object({
  ...commonEnvironment('QINGSONG_TOKEN', 8_000),
  QINGSONG_TOKEN_BODY: z.enum(['form', 'json'], 'must be form or json').default('form'),
  /** Comma-separated. */
  QINGSONG_TOKEN_PARTNERS_WITH_APP: z
    .string()
    .regex(/^[\w.-]{1,64}(,[\w.-]{1,64})*$/, 'must be names separated by commas')
    .default(DING_PARTNER)
    .transform((list) => list.split(',')),
});

export const qingsongToken = {
  id: 'qingsong-token',
  name,
  environment,
  configure(variables, around, faults) {
    const common = commonSettings('QINGSONG_TOKEN', variables, around, faults);
    if (!common) return null;
    return {
      ...common,
      body: variables.QINGSONG_TOKEN_BODY as 'form' | 'json',
      partnersWithApp: variables.QINGSONG_TOKEN_PARTNERS_WITH_APP as string[],
    };
  },
  simulator,
  operations: { issueToken },
} satisfies Provider<QingsongTokenSettings>;

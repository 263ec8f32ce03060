// The bank gateway of QingSong Education: has Minsheng Bank send a verification code for one of 25 scenes.
// Never retried: a retry is a second SMS.
import { z } from 'zod';
import type { CommonSettings, Operation, Provider } from '../provider.js';
import { saysTooOften } from '../qingsong-answer.js';
import { commonEnvironment, commonSettings } from '../settings.js';
import { name } from './in-words.js';
import type { TemplateId } from './purposes.js';
import { simulator } from './simulator.js';
import { DEFAULT_PATH, readSendAnswer, type SendFields } from './wire.js';

export interface BankCode {
  /** A mobile of mainland China, in E.164: the gateway takes 11 digits. */
  phone: string;
  /** The gateway's bank_code. */
  bank: 'minsheng';
  schoolId: string;
  /** A student or a teacher. */
  personId: string;
  templateId: TemplateId;
}

export interface BankCodeSent {
  /** The bank's id of this SMS, which its next operation asks for. */
  taskId?: string | undefined;
  /** ISO 8601. */
  expiresAt?: string | undefined;
}

export interface QingsongBankSettings extends CommonSettings {
  /** Appended to the base address. */
  path: string;
  body: 'form' | 'json';
  /** Between two codes for one number: what to tell who asked too often. */
  resendAfterMs: number;
}

const sendCode: Operation<BankCode, BankCodeSent, QingsongBankSettings> = {
  provider: 'qingsong-bank',
  name: 'sendCode',
  kind: 'VERIFICATION_CODE',
  inputFields: {
    phone: 'phone',
    bank: 'clear',
    schoolId: 'personal',
    personId: 'personal',
    templateId: 'clear',
  },
  valueFields: { taskId: 'clear', expiresAt: 'clear' },
  // The one documented validity of a code.
  retryAfterUnknownMs: 120_000,

  request({ phone, bank, schoolId, personId, templateId }, { path, body }) {
    const fields: SendFields = {
      chargetype: 'getVerificationCode',
      bank_code: bank,
      fgsid: schoolId,
      personid: personId,
      mobile: phone.replace(/^\+86/, ''),
      template_id: templateId,
    };
    return { method: 'POST', path, body: body === 'json' ? { json: fields } : { form: { ...fields } } };
  },

  read({ text }, { resendAfterMs }, { now }) {
    const answer = readSendAnswer(text);
    if (!answer.sent) {
      const { code: providerCode, text: words } = answer;
      if (saysTooOften(words)) {
        return { refused: 'RATE_LIMITED', providerCode, text: words, retryAfterMs: resendAfterMs };
      }
      // None of the bank's failures is documented: any of them may tell that it knows the person.
      return { refused: 'REFUSED_BY_PROVIDER', providerCode, text: words, tellsExistence: true };
    }
    const { taskId, sequence, validForS } = answer;
    return {
      accepted: {
        taskId,
        expiresAt:
          validForS === undefined ? undefined : new Date(now.getTime() + validForS * 1_000).toISOString(),
      },
      providerCode: 'errcode:0',
      providerReference: sequence,
    };
  },
};

const environment = z.object({
  ...commonEnvironment('QINGSONG_BANK', 10_000),
  QINGSONG_BANK_PATH: z
    .string()
    .regex(/^\/\S*$/, 'must begin with /')
    .default(DEFAULT_PATH),
  QINGSONG_BANK_BODY: z.enum(['form', 'json'], 'must be form or json').default('form'),
  QINGSONG_BANK_RESEND_AFTER_MS: z.coerce
    .number('must be milliseconds')
    .int()
    .min(1_000)
    .max(3_600_000)
    .default(60_000),
});

export const qingsongBank = {
  id: 'qingsong-bank',
  name,
  environment,
  configure(variables, around, faults) {
    const common = commonSettings('QINGSONG_BANK', variables, around, faults);
    if (!common) return null;
    return {
      ...common,
      path: variables.QINGSONG_BANK_PATH as string,
      body: variables.QINGSONG_BANK_BODY as 'form' | 'json',
      resendAfterMs: variables.QINGSONG_BANK_RESEND_AFTER_MS as number,
    };
  },
  simulator,
  operations: { sendCode },
} satisfies Provider<QingsongBankSettings>;

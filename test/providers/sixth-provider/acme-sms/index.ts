// Acme SMS: sends verification codes for accounts. Never retried: a retry is a second SMS.
import { z } from 'zod';
import {
  type AccountCode,
  type AccountCodeSent,
  accountCodeFields,
  accountCodeSentFields,
  type CommonSettings,
  type Operation,
  type Provider,
} from '../../../../src/providers/provider.js';
import { commonEnvironment, commonSettings } from '../../../../src/providers/settings.js';
import { simulator } from './simulator.js';
import { meaningOf, readSendAnswer, SANDBOX_KEY, SEND_PATH, type SendFields } from './wire.js';

export interface AcmeSmsSettings extends CommonSettings {
  key: string;
}

const send: Operation<AccountCode, AccountCodeSent, AcmeSmsSettings> = {
  provider: 'acme-sms',
  name: 'send',
  kind: 'VERIFICATION_CODE',
  inputFields: accountCodeFields,
  valueFields: accountCodeSentFields,
  retryAfterUnknownMs: 60_000,

  request({ phone, purpose }, { key }) {
    const fields: SendFields = { key, to: phone, scene: purpose === 'REGISTER' ? 'welcome' : 'recover' };
    return { method: 'POST', path: SEND_PATH, body: { json: fields } };
  },

  read({ text }, _settings, { now }) {
    const { status, reason, id, valid_for, retry_after } = readSendAnswer(text);
    if (status !== 'sent') {
      return {
        ...meaningOf(status),
        providerCode: status,
        ...(reason ? { text: reason } : {}),
        ...(retry_after === undefined ? {} : { retryAfterMs: retry_after * 1_000 }),
      };
    }
    const expiresAt =
      valid_for === undefined ? undefined : new Date(now.getTime() + valid_for * 1_000).toISOString();
    return { accepted: { expiresAt }, providerCode: status, ...(id ? { providerReference: id } : {}) };
  },
};

export const acmeSms = {
  id: 'acme-sms',
  name: { zh: 'Acme 短信', en: 'Acme SMS' },
  environment: z.object({
    ...commonEnvironment('ACME_SMS', 8_000),
    ACME_SMS_KEY: z.string().min(1).optional(),
  }),
  configure(variables, around, faults) {
    const common = commonSettings('ACME_SMS', variables, around, faults);
    if (!common) return null;
    const key = variables.ACME_SMS_KEY as string | undefined;
    if (key === undefined && around.production) faults.push('ACME_SMS_KEY is needed with ACME_SMS_URL');
    return { ...common, key: key ?? SANDBOX_KEY };
  },
  simulator,
  accountCodes: { operation: send, furtherTypes: () => [] },
  operations: { send },
} satisfies Provider<AcmeSmsSettings>;

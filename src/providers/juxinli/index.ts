// Juxinli: authenticates a person at their mobile operator, in a conversation of one application and several
// turns. A turn may have an SMS sent or use one up, so none is ever repeated by itself.
import { z } from 'zod';
import type { CommonSettings, Operation, Provider } from '../provider.js';
import { commonEnvironment, commonSettings } from '../settings.js';
import {
  type ApiVersion,
  type Application,
  applicationFields,
  applicationForm,
  applicationsPath,
  type ContactTypes,
  type Receipt,
  readReceipt,
} from './application.js';
import {
  COLLECT_PATH,
  type CollectAnswer,
  collectAnswerFields,
  readCollectAnswer,
  type Turn,
  turnFields,
  turnForm,
} from './collect.js';
import { contactTypesVariable } from './contact-types.js';
import {
  type DataSource,
  dataSourceFields,
  dataSourceOf,
  dataSourceShape,
  dataSourcesPath,
} from './data-source.js';
import { name } from './in-words.js';
import { declines } from './process-codes.js';
import { simulator } from './simulator.js';
import { NO_WITHOUT_CODE, orNothing, readEnvelope, refusalOf } from './wire.js';

export interface JuxinliSettings extends CommonSettings {
  /** The customer's account name, part of the paths. */
  org: string;
  version: ApiVersion;
  /** For one turn of the conversation, which the operator's site may keep waiting for minutes. */
  collectDeadlineMs: number;
  contactTypes: ContactTypes;
  /** Of the clock behind the sources' dates. */
  utcOffsetMinutes: number;
  /** How long Juxinli rests before it sends a captcha again. */
  resendAfterMs: number;
  /** When to ask again after it said that it is busy. */
  pollAfterMs: number;
}

export interface DataSourceList {
  sources: DataSource[];
}

export interface Collected {
  answer: CollectAnswer;
}

/** Concerns no person. */
const listDataSources: Operation<Record<string, never>, DataSourceList, JuxinliSettings> = {
  provider: 'juxinli',
  name: 'listDataSources',
  kind: 'OPERATOR_AUTHENTICATION',
  inputFields: {},
  valueFields: { sources: [dataSourceFields] },
  repeatable: true,

  request: (_, { org }) => ({ method: 'GET', path: dataSourcesPath(org) }),

  read({ text }, { utcOffsetMinutes, resendAfterMs }) {
    const envelope = readEnvelope(text, orNothing(z.array(dataSourceShape)));
    if (!envelope.success) return refusalOf(envelope, resendAfterMs);
    const sources = (envelope.data ?? []).map((wire) => dataSourceOf(wire, utcOffsetMinutes));
    return { accepted: { sources }, providerCode: envelope.code ?? YES_WITHOUT_CODE };
  },
};

const apply: Operation<Application, Receipt, JuxinliSettings> = {
  provider: 'juxinli',
  name: 'apply',
  kind: 'OPERATOR_AUTHENTICATION',
  inputFields: applicationFields,
  valueFields: { token: 'secret', source: dataSourceFields },
  // An application that nobody goes on with comes to nothing, and it sends no SMS.
  retryAfterUnknownMs: 1_000,

  request: (application, { version, org, contactTypes }) => ({
    method: 'POST',
    path: applicationsPath(version, org),
    body: { json: applicationForm(application, contactTypes) },
  }),

  read({ text }, { utcOffsetMinutes, resendAfterMs }) {
    const envelope = readReceipt(text, utcOffsetMinutes);
    if (!envelope.success || !envelope.data) return refusalOf(envelope, resendAfterMs);
    return { accepted: envelope.data, providerCode: envelope.code ?? YES_WITHOUT_CODE };
  },
};

const collect: Operation<Turn, Collected, JuxinliSettings> = {
  provider: 'juxinli',
  name: 'collect',
  kind: 'OPERATOR_AUTHENTICATION',
  inputFields: turnFields,
  valueFields: { answer: collectAnswerFields },
  deadlineMs: ({ collectDeadlineMs }) => collectDeadlineMs,
  attempt: ({ type }) => (type === 'RESEND_CAPTCHA' ? 'MESSAGE' : 'GUESS'),
  // By then another SMS is sent, whether one has been or not.
  retryAfterUnknownMs: 60_000,

  request: (turn) => ({ method: 'POST', path: COLLECT_PATH, body: { json: turnForm(turn) } }),

  read({ text }, { utcOffsetMinutes, resendAfterMs }) {
    const envelope = readCollectAnswer(text, utcOffsetMinutes);
    if (!envelope.success) return refusalOf(envelope, resendAfterMs);
    const answer = envelope.data;
    const spoken = answer.processCode || answer.type || NO_WITHOUT_CODE;
    return { accepted: { answer }, providerCode: spoken, ...(declines(answer) ? { declined: true } : {}) };
  },
};

/** Stands for a code where the envelope says yes without one, as v2 always does. */
export const YES_WITHOUT_CODE = 'success=true';

const milliseconds = z.coerce.number().int().min(100).max(600_000);

const environment = z.object({
  ...commonEnvironment('JUXINLI', 30_000),
  JUXINLI_COLLECT_DEADLINE_MS: milliseconds.default(180_000),
  JUXINLI_ORG: z
    .string()
    .regex(/^[\w-]{1,64}$/, 'must be an account name of letters, digits, _ and -')
    .default('HUOLD'),
  JUXINLI_API_VERSION: z.enum(['v2', 'v3'], 'must be v2 or v3').default('v2'),
  JUXINLI_CONTACT_TYPES: contactTypesVariable,
  JUXINLI_UTC_OFFSET: z
    .string()
    .regex(/^[+-](0\d|1[0-4]):[0-5]\d$/, 'must be an offset such as +08:00')
    .default('+08:00'),
  JUXINLI_RESEND_AFTER_MS: milliseconds.default(60_000),
  JUXINLI_POLL_AFTER_MS: milliseconds.default(5_000),
});

export const juxinli = {
  id: 'juxinli',
  name,
  environment,
  configure(variables, around, faults) {
    const common = commonSettings('JUXINLI', variables, around, faults);
    if (!common) return null;
    return {
      ...common,
      org: variables.JUXINLI_ORG as string,
      version: variables.JUXINLI_API_VERSION as ApiVersion,
      collectDeadlineMs: variables.JUXINLI_COLLECT_DEADLINE_MS as number,
      contactTypes: variables.JUXINLI_CONTACT_TYPES as ContactTypes,
      utcOffsetMinutes: minutesOf(variables.JUXINLI_UTC_OFFSET as string),
      resendAfterMs: variables.JUXINLI_RESEND_AFTER_MS as number,
      pollAfterMs: variables.JUXINLI_POLL_AFTER_MS as number,
    };
  },
  simulator,
  operations: { listDataSources, apply, collect },
} satisfies Provider<JuxinliSettings>;

/** `+08:00` → 480 */
function minutesOf(offset: string): number {
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4));
  return offset.startsWith('-') ? -minutes : minutes;
}

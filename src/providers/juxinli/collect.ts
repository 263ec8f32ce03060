// One turn of the collecting conversation on the wire: what is sent, and what the answer says.
import { z } from 'zod';
import type { Fields } from '../../audit/declared-fields.js';
import { wireCode, wireText } from '../json-answer.js';
import { unreadable } from '../tolerant-json.js';
import { type DataSource, dataSourceFields, dataSourceOf, dataSourceShape } from './data-source.js';
import {
  type Envelope,
  isNothing,
  orNothing,
  readEnvelope,
  shownText,
  shownWord,
  wireBoolean,
} from './wire.js';

export const COLLECT_PATH = '/orgApi/rest/v2/messages/collect/req';

/** Characters that the fields can hold; nothing is documented, so these only keep a turn a turn. */
export const collectLimits = {
  account: 64,
  password: 64,
  captcha: 16,
  queryPassword: 64,
} as const;

/** The values of a request's `type` that are known; absent on the first submission. */
export type TurnType = 'SUBMIT_CAPTCHA' | 'RESEND_CAPTCHA' | 'SUBMIT_QUERY_PWD' | 'SUBMIT_RESET_PWD';

export interface Turn {
  token: string;
  website: string;
  /** The phone in 11 digits, or the login name of a shop. Required on the first submission to a source. */
  account?: string | undefined;
  /** Required on the first submission to a source. */
  password?: string | undefined;
  captcha?: string | undefined;
  queryPwd?: string | undefined;
  /** As `decide` of conversation.ts gives it; "" on a first submission. */
  type?: string | undefined;
}

export const turnFields: Fields<Turn> = {
  token: 'secret',
  website: 'clear',
  account: 'personal',
  password: 'secret',
  captcha: 'secret',
  queryPwd: 'secret',
  type: 'clear',
};

/** The turn as JSON: keys without a value, the first submission's `type` among them, are left out. */
export function turnForm(turn: Turn): Record<string, string> {
  const { token, website, account, password, captcha, queryPwd, type } = turn;
  const form = { token, account, password, captcha, queryPwd, type, website };
  return Object.fromEntries(Object.entries(form).filter((entry): entry is [string, string] => !!entry[1]));
}

/** JSON-serialisable, and without anything that identifies a person. */
export interface CollectAnswer {
  /** CONTROL, ERROR, RUNNING, or whatever else was there, in upper case; "" where it was absent. */
  type: string;
  /** For people; "" where there is none. */
  content: string;
  /** As text: "10002"; "" where it was absent. */
  processCode: string;
  /** What `type` the next request is to have, where the answer says so. */
  nextType?: string | undefined;
  /** True when all sources are done. */
  finish: boolean;
  nextSource?: DataSource | undefined;
  /** The source had been collected before: as good as a success. */
  alreadyCollected: boolean;
}

export const collectAnswerFields: Fields<CollectAnswer> = {
  type: 'clear',
  // An operator's words, which may address the person.
  content: 'personal',
  processCode: 'clear',
  nextType: 'clear',
  finish: 'clear',
  nextSource: dataSourceFields,
  alreadyCollected: 'clear',
};

const ALREADY_COLLECTED = '当前网站已经采集完成';

const answerShape = z.object({
  type: wireText,
  content: wireText,
  // Clients have met an int, a text and a double.
  process_code: orNothing(wireCode.transform((code) => code.replace(/\.0+$/, ''))),
  req_msg_tpl: orNothing(z.object({ type: wireText })),
  finish: z.preprocess((value) => (isNothing(value) ? false : value), wireBoolean),
  next_datasource: orNothing(dataSourceShape),
});

/** @throws UnreadableAnswer */
export function readCollectAnswer(text: string, utcOffsetMinutes: number): Envelope<CollectAnswer> {
  const envelope = readEnvelope(text, answerShape);
  if (!envelope.success) {
    if (!envelope.message?.includes(ALREADY_COLLECTED)) return envelope;
    const content = shownText(envelope.message);
    const data = { type: 'ERROR', content, processCode: '', finish: false, alreadyCollected: true };
    return { ...envelope, success: true, data };
  }
  const { type, content, process_code, req_msg_tpl, finish, next_datasource } = envelope.data;
  const answer: CollectAnswer = {
    type: type?.trim().toUpperCase() ?? '',
    content: shownText(content ?? ''),
    processCode: shownWord(process_code ?? ''),
    nextType: shownWord(req_msg_tpl?.type ?? '') || undefined,
    finish,
    nextSource: next_datasource && dataSourceOf(next_datasource, utcOffsetMinutes),
    alreadyCollected: content?.includes(ALREADY_COLLECTED) ?? false,
  };
  const saysSomething = answer.type || answer.processCode || answer.nextType || answer.finish;
  if (!saysSomething) throw unreadable('data: neither type nor process_code', text);
  return { ...envelope, data: answer };
}

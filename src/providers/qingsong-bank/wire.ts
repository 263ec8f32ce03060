// getVerificationCode of the bank gateway on the wire: what is sent, and what the three layers that answer say.
// Source: 轻松教育API, "获取验证码". Beyond its one sample no failure is documented, nor any length of a field.
import { z } from 'zod';
import {
  openNested,
  readJson,
  readValue,
  wireCode,
  wireCodeIfAny,
  wireCount,
  wireText,
} from '../json-answer.js';
import { unwrapEnvelope } from '../qingsong-answer.js';

export const DEFAULT_PATH = '/qs_wxy/api/canteen/bankAPIGateway.shtml';
/** Sibling pages print this one for the same gateway. */
export const ALTERNATIVE_PATH = '/qs_wxy/api/canteen/bankAPIGateway.html';

/** Every key has to be there and hold something. */
export interface SendFields {
  chargetype: 'getVerificationCode';
  /** minsheng: China Minsheng Bank, the only one of the document. */
  bank_code: string;
  /** The school's id: numeric, or DingTalk's `ding` and hex. */
  fgsid: string;
  /** A student's or a teacher's id. */
  personid: string;
  /** 11 digits. */
  mobile: string;
  template_id: string;
}

const answerShape = z.object({
  errcode: wireCode,
  errmsg: wireText,
  return_code: wireCodeIfAny,
  return_msg: wireText,
  response_busi: z.unknown().optional(),
  /** The document's table has it here, its sample within response_busi. */
  message_task_id: wireText,
});

const businessShape = z.object({
  resp_code: wireCodeIfAny,
  resp_desc: wireText,
  /** Validity of the code, in seconds. */
  expired_time: wireCount,
  req_seq: wireText,
  message_task_id: wireText,
});

export type SendAnswer = SentAnswer | FailedAnswer;

export interface SentAnswer {
  sent: true;
  taskId: string | undefined;
  sequence: string | undefined;
  validForS: number | undefined;
}

export interface FailedAnswer {
  sent: false;
  /** The layer that said no, from the outside in, and its code: `errcode:1`. */
  code: `${'errcode' | 'return_code' | 'resp_code'}:${string}`;
  text: string | undefined;
}

/** @throws UnreadableAnswer, also where what the bank itself said cannot be read and nobody else said no */
export function readSendAnswer(text: string): SendAnswer {
  const gateway = readJson(text, answerShape, unwrapEnvelope);
  const { errcode, errmsg, return_code, return_msg } = gateway;
  if (errcode !== '0') return { sent: false, code: `errcode:${errcode}`, text: errmsg ?? return_msg };
  if (return_code !== undefined && return_code !== '0000') {
    return { sent: false, code: `return_code:${return_code}`, text: return_msg ?? errmsg };
  }
  const bank = readValue(openNested(gateway.response_busi) ?? {}, businessShape, text);
  if (bank.resp_code !== undefined && bank.resp_code !== 'DS00000') {
    return { sent: false, code: `resp_code:${bank.resp_code}`, text: bank.resp_desc ?? return_msg ?? errmsg };
  }
  return {
    sent: true,
    taskId: bank.message_task_id ?? gateway.message_task_id,
    sequence: bank.req_seq,
    validForS: bank.expired_time,
  };
}

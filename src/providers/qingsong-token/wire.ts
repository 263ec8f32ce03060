// makeToken_xzy on the wire: what is sent and what comes back.
// Source: 轻松教育API, "生成用户信息token". It documents no error; sibling pages use errcode and errmsg for it.
import { z } from 'zod';
import { readJson, wireCodeIfAny, wireText } from '../json-answer.js';
import { unwrapEnvelope } from '../qingsong-answer.js';
import { unreadable } from '../tolerant-json.js';

/** The same in both environments, whose base addresses differ in host and in path. */
export const MAKE_TOKEN_PATH = '/api/website/makeToken_xzy.html';

/** The partner (浪潮, also 可道云) that wants a ding_unionid and therefore an appsysid. */
export const DING_PARTNER = 'lygewcms';

export const roleTypes = { TEACHER: '0', PARENT: '1' } as const;

/** partner and appsysid have to be there and may be empty; the person's four go with `appoint=1`. */
export interface TokenFields {
  /** 1: for the person named, 0: for nobody in particular. */
  appoint: '0' | '1';
  partner: string;
  appsysid: string;
  /** Empty for a teacher. */
  studentid?: string;
  /** A teacher's or a parent's id. */
  personid?: string;
  /** The school's id. */
  fgsid?: string;
  roletype?: (typeof roleTypes)[keyof typeof roleTypes];
}

const answerShape = z.object({
  code: wireCodeIfAny,
  errcode: wireCodeIfAny,
  token: wireText,
  msg: wireText,
  errmsg: wireText,
  message: wireText,
});

export type TokenAnswer = { token: string } | { code: string; text: string | undefined };

/** @throws UnreadableAnswer, also where all is well but there is no token */
export function readTokenAnswer(text: string): TokenAnswer {
  const { code, errcode, token, msg, errmsg, message } = readJson(text, answerShape, unwrapEnvelope);
  const given = [code, errcode].filter((each) => each !== undefined);
  if (given.length === 0) throw unreadable('code is missing', text);
  const failure = given.find((each) => each !== '0');
  if (failure !== undefined) return { code: failure, text: msg ?? errmsg ?? message };
  if (token === undefined || token.trim() === '') throw unreadable('token is missing', text);
  return { token };
}

// Notices as 通企付 would send them, made by its own keys, and as somebody else would like to.
import { sandboxKeys } from '../../src/providers/tongqifu/sandbox-keys.js';
import { type SigningKeys, sign } from '../../src/providers/tongqifu/signature.js';
import { textToSign } from '../../src/providers/tongqifu/signed-text.js';
import { type AuditedRecord, auditRecords } from '../support/audit.js';
import type { TestServer } from '../support/server.js';

export type Fields = Record<string, string>;

const platform: SigningKeys = { signType: 'MD5', key: sandboxKeys.md5Key };
const stranger: SigningKeys = {
  signType: 'MD5',
  key: 'the key of somebody who would like to be the platform',
};

/** Fields of a notice about this binding, unsigned. */
export function noticeOf(binding: { id: string; memberId: string }, more: Fields = {}): Fields {
  return {
    mchNo: sandboxKeys.mchNo,
    appId: sandboxKeys.appId,
    orgId: '',
    signType: 'MD5',
    bizUserId: binding.memberId,
    chanNo: 'yunst2isv',
    phone: '13800000000',
    reqTraceNum: binding.id.replaceAll('-', ''),
    bindResult: '1',
    extParam: '',
    ...more,
  };
}

export function signed(fields: Fields, keys = platform): Fields {
  return { ...fields, sign: sign(textToSign(Object.entries(fields)), keys) };
}

/** Signed with a key that is not the platform's. */
export const forged = (fields: Fields) => signed(fields, stranger);

const FORM = 'application/x-www-form-urlencoded;charset=UTF-8';

export async function post(
  server: TestServer,
  body: Fields | string,
  headers: Record<string, string> = { 'content-type': FORM },
): Promise<{ status: number; type: string | null; text: string }> {
  const answer = await fetch(`${server.url}/webhooks/tongqifu/phone-binding`, {
    method: 'POST',
    headers,
    body: Buffer.from(typeof body === 'string' ? body : new URLSearchParams(body).toString()),
  });
  return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() };
}

export const acknowledged = { status: 200, type: 'text/plain; charset=utf-8', text: 'success' };
export const refused = { status: 400, type: 'text/plain; charset=utf-8', text: 'fail' };

/** Records of notices that changed nothing, by rule: how many there were of each. */
export async function strays(server: TestServer): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { rule, replays } of await strayRecords(server)) {
    counts[rule ?? ''] = (counts[rule ?? ''] ?? 0) + 1 + replays;
  }
  return counts;
}

export function strayRecords(server: TestServer): Promise<AuditedRecord[]> {
  return auditRecords(server, { kind: 'WEBHOOK' });
}

// Asks for a bank's code over GraphQL and hands back how that ended.
import { requestBankCode } from '../support/operations.js';
import { phoneWith } from '../support/phones.js';
import type { CallOptions, TestServer } from '../support/server.js';

export interface BankCodeWish {
  phone: string;
  schoolId: string;
  personId: string;
  purpose: string;
}

/** A wish that goes well, with a number of its own. */
export function bankCodeWish(more: Partial<BankCodeWish> = {}): BankCodeWish {
  return { phone: phoneWith(), schoolId: 'S1', personId: 'P10', purpose: 'OPEN_ACCOUNT', ...more };
}

/** VerificationCodeSent, Refusal or OutcomeUnknown; throws where the answer is an error. */
export async function askForBankCode(
  server: TestServer,
  wish: BankCodeWish,
  { key, ...options }: CallOptions & { key?: string },
  // biome-ignore lint/suspicious/noExplicitAny: what comes back is what a test is about
): Promise<any> {
  const { data, errors, text } = await server.graphql(requestBankCode, { bank: wish, key }, options);
  if (errors || !data?.requestVerificationCode) throw new Error(`no outcome but ${text}`);
  return data.requestVerificationCode;
}

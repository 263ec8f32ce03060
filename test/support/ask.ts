// Asks for a code over GraphQL and hands back how that ended.
import { requestCode } from './operations.js';
import type { CallOptions, TestServer } from './server.js';

export interface CodeWish {
  phone: string;
  key?: string;
  purpose?: 'REGISTER' | 'RESET_PASSWORD' | 'OTHER';
  type?: string;
  /** The solution of a challenge. */
  humanCheck?: string;
}

/** VerificationCodeSent, Refusal or OutcomeUnknown; throws where the answer is an error. */
// biome-ignore lint/suspicious/noExplicitAny: what comes back is what a test is about
export async function askForCode(server: TestServer, wish: CodeWish, options?: CallOptions): Promise<any> {
  const { data, errors, text } = await server.graphql(requestCode, wish, options);
  if (errors || !data?.requestVerificationCode) throw new Error(`no outcome but ${text}`);
  return data.requestVerificationCode;
}

/** The code of the error that it must end in. */
export async function askInVain(
  server: TestServer,
  wish: CodeWish,
  options?: CallOptions,
): Promise<string | undefined> {
  const { errors, text } = await server.graphql(requestCode, wish, options);
  if (!errors) throw new Error(`no error but ${text}`);
  return errors[0]?.extensions?.code;
}

// Asks for a user token over GraphQL as a service would.
import { issueUserToken } from '../support/operations.js';
import type { CallOptions, GraphQLAnswer, TestServer } from '../support/server.js';

export interface TokenWish {
  partner?: string;
  appSystemId?: string;
  person?: { role: string; personId?: string; schoolId?: string; studentId?: string };
}

export function askForToken(
  server: TestServer,
  input: TokenWish,
  { key, ...options }: CallOptions & { key?: string } = {},
): Promise<GraphQLAnswer> {
  return server.graphql(issueUserToken, { input, key }, options);
}

/** UserTokenIssued, Refusal or OutcomeUnknown; throws where the answer is an error. */
// biome-ignore lint/suspicious/noExplicitAny: what comes back is what a test is about
export async function tokenOf(...asked: Parameters<typeof askForToken>): Promise<any> {
  const { data, errors, text } = await askForToken(...asked);
  if (errors || !data?.issueUserToken) throw new Error(`no outcome but ${text}`);
  return data.issueUserToken;
}

export const teacher = { role: 'TEACHER', personId: 'T1', schoolId: 'S1' };
export const parent = { role: 'PARENT', personId: 'F1', schoolId: 'S1', studentId: 'K1' };

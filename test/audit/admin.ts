// What an admin does to the log over GraphQL.
import type { GraphQLAnswer, TestServer } from '../support/server.js';

const eraseSubject = `
  mutation Erase($subject: SubjectInput!, $reason: String!, $key: ID) {
    eraseSubject(subject: $subject, reason: $reason, idempotencyKey: $key) { records erasedAt }
  }`;

const revealAuditRecord = `
  mutation Reveal($id: ID!, $reason: String!) {
    revealAuditRecord(id: $id, reason: $reason) { id request result }
  }`;

export interface Receipt {
  records: number;
  erasedAt: string;
}

export async function erase(server: TestServer, subject: object, key?: string): Promise<Receipt> {
  const { data, text } = await askToErase(server, subject, { key });
  if (!data?.eraseSubject) throw new Error(`nobody was erased: ${text}`);
  return data.eraseSubject;
}

export async function askToErase(
  server: TestServer,
  subject: object,
  { key, role = 'admin', reason = 'asked by letter' }: { key?: string; role?: string; reason?: string } = {},
): Promise<GraphQLAnswer> {
  const token = await server.token({ role: role as 'admin', sub: 'the-admin' });
  return server.graphql(eraseSubject, { subject, reason, key }, { token });
}

export async function askToReveal(
  server: TestServer,
  id: string,
  { role = 'admin', reason = 'a complaint of today' }: { role?: string; reason?: string } = {},
): Promise<GraphQLAnswer> {
  const token = await server.token({ role: role as 'admin', sub: 'the-admin' });
  return server.graphql(revealAuditRecord, { id, reason }, { token });
}

// biome-ignore lint/suspicious/noExplicitAny: what comes back is what a test is about
export async function reveal(server: TestServer, id: string): Promise<any> {
  const { data, text } = await askToReveal(server, id);
  if (!data?.revealAuditRecord) throw new Error(`nothing was revealed: ${text}`);
  return data.revealAuditRecord;
}

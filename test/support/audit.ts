// The audit log as an auditor reads it over GraphQL, and the proof of what was read.
import { firstBrokenLink } from '../../src/audit/chain.js';
import type { TestServer } from './server.js';

export interface Entry {
  chain: string;
  position: number;
  kind: string;
  at: string;
  actor: string | null;
  // biome-ignore lint/suspicious/noExplicitAny: what it holds is what a test is about
  detail: any;
  leaf: string;
  hash: string;
  previousHash: string;
}

export interface AuditedRecord {
  id: string;
  kind: string;
  provider: string | null;
  operation: string;
  purpose: string | null;
  outcome: string;
  maskedPhone: string | null;
  actor: string | null;
  client: string | null;
  providerCode: string | null;
  rule: string | null;
  retryAfterMs: number | null;
  replays: number;
  createdAt: string;
  settledAt: string | null;
  latencyMs: number | null;
  entries: Entry[];
}

const members = `
  id kind provider operation purpose outcome maskedPhone actor client providerCode rule retryAfterMs replays
  createdAt settledAt latencyMs entries { chain position kind at actor detail leaf hash previousHash }`;

const readPage = `
  query Page($filter: AuditRecordFilter, $after: String) {
    auditRecords(filter: $filter, first: 200, after: $after) {
      edges { node { ${members} } }
      pageInfo { hasNextPage endCursor }
    }
  }`;

/** All records that the filter finds, newest first, without those of reading the log itself. */
export async function auditRecords(server: TestServer, filter: object = {}): Promise<AuditedRecord[]> {
  return (await wholeLog(server, filter)).filter(({ kind }) => kind !== 'AUDIT_ACCESS');
}

/** The same with those of reading the log, but for the ones that this makes. */
export async function wholeLog(server: TestServer, filter: object = {}): Promise<AuditedRecord[]> {
  const token = await server.token({ role: 'auditor' });
  const records: AuditedRecord[] = [];
  let after: string | null = null;
  do {
    const { data, text } = await server.graphql(readPage, { filter, after }, { token });
    if (!data?.auditRecords) throw new Error(`the audit log was not read: ${text}`);
    const { edges, pageInfo } = data.auditRecords;
    for (const { node } of edges) records.push(node);
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (after !== null);
  return records;
}

export async function auditRecord(server: TestServer, id: string): Promise<AuditedRecord> {
  const token = await server.token({ role: 'auditor' });
  const query = `query One($id: ID!) { auditRecord(id: $id) { ${members} } }`;
  const { data, text } = await server.graphql(query, { id }, { token });
  if (!data?.auditRecord) throw new Error(`there is no record ${id}: ${text}`);
  return data.auditRecord;
}

/** Every chain in these records, which must be all that there are, with its first broken position or null. */
export function brokenLinks(records: readonly AuditedRecord[]): Record<string, number | null> {
  const chains = new Map<string, Entry[]>();
  for (const entry of records.flatMap(({ entries }) => entries)) {
    chains.set(entry.chain, [...(chains.get(entry.chain) ?? []), entry]);
  }
  return Object.fromEntries(
    Array.from(chains, ([chain, entries]) => [
      chain,
      firstBrokenLink(
        chain,
        entries
          .sort((a, b) => a.position - b.position)
          .map(({ position, leaf, hash, previousHash }) => ({
            position,
            leaf: Buffer.from(leaf, 'base64'),
            hash: Buffer.from(hash, 'hex'),
            previousHash: Buffer.from(previousHash, 'hex'),
          })),
      ),
    ]),
  );
}

/** What is wrong with the whole log: broken chains, and records without exactly an INTENT and, once ended, an OUTCOME. */
export async function faultsOfLog(server: TestServer): Promise<string[]> {
  const records = await wholeLog(server);
  const broken = Object.entries(brokenLinks(records))
    .filter(([, position]) => position !== null)
    .map(([chain, position]) => `${chain} is broken at ${position}`);
  const uneven = records
    .filter(({ kind, outcome, replays, entries }) => {
      const firsts = entries.filter(
        ({ detail }) => detail.repeat === undefined && detail.count === undefined,
      );
      const kinds = firsts.map((entry) => entry.kind).join();
      if (kind === 'AUDIT_ACCESS') return kinds !== 'READ';
      const more = entries.reduce((sum, { detail }) => sum + (detail.repeat ? 1 : (detail.count ?? 0)), 0);
      return replays !== more || kinds !== (outcome === 'PENDING' ? 'INTENT' : 'INTENT,OUTCOME');
    })
    .map(({ id, outcome, entries }) => `${id} ${outcome} has ${entries.map(({ kind }) => kind)}`);
  return [...broken, ...uneven];
}

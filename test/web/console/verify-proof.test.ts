// The browser's proof, of every kind of record that the running server writes: no false alarm, and nothing changed unseen.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { FindProof } from '../../../src/web/console/record/find-proof.generated.js';
import { FindRecord } from '../../../src/web/console/record/find-record.generated.js';
import { type Entry, type Link, verifyProof } from '../../../src/web/console/record/verify-proof.js';
import { eventually } from '../../support/eventually.js';
import { phoneWith } from '../../support/phones.js';
import { startServer, type TestServer } from '../../support/server.js';
import { sendCode, writtenLog } from './log.js';

interface Read {
  id: string;
  kind: string;
  erasedAt: string | null;
  entries: Entry[];
  links: Link[];
}

let server: TestServer;
let token: string;
let read: Read[];
beforeAll(async () => {
  server = await startServer();
  token = await server.token({ role: 'admin' });
  const { accepted } = await writtenLog(server);
  const erased = phoneWith('8000');
  await sendCode(server, erased);
  await server.graphql(
    `mutation { revealAuditRecord(id: "${accepted.id}", reason: "a caller says no code came") { id } }`,
    {},
    { token },
  );
  await server.graphql(
    `mutation { eraseSubject(subject: {phone: "${erased}"}, reason: "asked for it, ticket 2041") { records } }`,
    {},
    { token },
  );
  const all = '{ auditRecords(first: 100, filter: {}) { edges { node { id } } } }';
  await server.graphql(all, {}, { token });
  const { data } = await server.graphql(all, {}, { token });
  const ids: string[] = data.auditRecords.edges.map(({ node }: { node: { id: string } }) => node.id);
  read = await Promise.all(ids.map(recordAndProof));
});
afterAll(() => server?.stop());

async function recordAndProof(id: string): Promise<Read> {
  const record = await server.graphql(FindRecord.query, { id }, { token });
  const { data } = await eventually(
    () => server.graphql(FindProof.query, { id }, { token }),
    (proof) => proof.data.auditProof !== null,
  );
  return { ...record.data.auditRecord, links: data.auditProof.links };
}

const failed = async ({ id, entries, links }: Read) =>
  (await verifyProof(id, entries, links)).steps.filter(({ passed }) => !passed).map(({ name }) => name);

const detailOf = ({ detail }: Entry) => detail as Record<string, unknown>;
const withDetail = (detail: object) => (entry: Entry) => ({ detail: { ...detailOf(entry), ...detail } });

it('proves every record as it is shown', async () => {
  const kinds = new Set(read.flatMap(({ entries }) => entries.map(({ kind }) => kind)));
  expect([...kinds]).toEqual(expect.arrayContaining(['INTENT', 'OUTCOME', 'READ', 'REVEAL', 'ERASE']));
  expect(read.some(({ erasedAt }) => erasedAt !== null)).toBe(true);
  for (const record of read) expect({ [record.kind]: await failed(record) }).toEqual({ [record.kind]: [] });
});

it.each([
  ['another outcome', 'OUTCOME', withDetail({ outcome: 'REFUSED' })],
  ['an outcome less', 'OUTCOME', withDetail({ outcome: undefined })],
  ['a rule more', 'OUTCOME', withDetail({ rule: 'ADDRESS' })],
  ['another purpose', 'INTENT', withDetail({ purpose: 'OTHER' })],
  ['another reader', 'READ', () => ({ actor: 'nobody' })],
])('sees that an entry is shown with %s', async (_, kind, change) => {
  const isMeant = (entry: Entry) => entry.kind === kind && !detailOf(entry).rule;
  const record = read.find(({ erasedAt, entries }) => erasedAt === null && entries.some(isMeant));
  if (!record) throw new Error(`no entry is a ${kind}`);
  const entries = record.entries.map((entry) => (isMeant(entry) ? { ...entry, ...change(entry) } : entry));
  expect(await failed({ ...record, entries })).toEqual(['LEAVES']);
});

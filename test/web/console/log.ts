// A log to look at: every provider, every outcome, and what came with each.
import { requestCode } from '../../support/operations.js';
import { phoneWith } from '../../support/phones.js';
import type { TestServer } from '../../support/server.js';

export interface Seen {
  /** Of a code that was sent, and its number. */
  accepted: { id: string; phone: string };
  /** Of a code that was asked for twice with one key. */
  replayed: string;
  unknown: string;
}

const seen = new WeakMap<TestServer, Promise<Seen>>();

/** Written once for a server. */
export function writtenLog(server: TestServer): Promise<Seen> {
  const known = seen.get(server);
  if (known) return known;
  const written = write(server);
  seen.set(server, written);
  return written;
}

/** Resolves with the request's id. */
export async function sendCode(server: TestServer, phone: string, key?: string): Promise<string> {
  const { data, text } = await server.graphql(requestCode, { phone, key }, { client: 'h5' });
  const id = data?.requestVerificationCode?.requestId;
  if (typeof id !== 'string') throw new Error(`no outcome but ${text}`);
  return id;
}

async function write(server: TestServer): Promise<Seen> {
  const [user, service] = await Promise.all([
    server.token({ role: 'user' }),
    server.token({ role: 'service', sub: '=cmd|school' }),
  ]);
  const phone = phoneWith('8000');
  const twice = phoneWith('8001');
  const key = 'asked-for-twice';
  const asked = await Promise.all([
    sendCode(server, phone),
    sendCode(server, twice, key),
    sendCode(server, phoneWith('9004')),
    sendCode(server, phoneWith('9001')),
    sendCode(server, phoneWith('9002')),
    server.graphql(
      `mutation { requestVerificationCode(input: {bank: {phone: "${phoneWith('9001')}", schoolId: "S1", personId: "P2", purpose: OPEN_ACCOUNT}}) { __typename } }`,
      {},
      { token: user, client: 'h5' },
    ),
    server.graphql(
      'mutation { issueUserToken(input: {partner: "", person: {role: TEACHER, personId: "P8000", schoolId: "S1"}}) { __typename } }',
      {},
      { token: service, client: 'h5' },
    ),
    server.graphql(
      `mutation { startOperatorAuthentication(input: {name: "张三", idNumber: "110101190001011234", phone: "${phoneWith('8000')}"}) { __typename } }`,
      {},
      { token: user, client: 'h5' },
    ),
    server.graphql(
      `mutation { bindPhone(input: {memberId: "M8000", phone: "${phoneWith('8000')}", authorisedPerson: {authorisation: OFFLINE, name: "李四", idNumber: "110101190001011234", agreementFileId: "F1"}}) { __typename } }`,
      {},
      { token: user, client: 'h5' },
    ),
  ]);
  const [accepted, replayed, unknown] = asked;
  await sendCode(server, twice, key);
  return { accepted: { id: accepted, phone }, replayed, unknown };
}

// A log with something of everything: all kinds of outcomes, repeats, denials, notices, readings, an erasure, a process
// that was killed.
import { Conversation } from '../operator-authentication/conversation.js';
import { bind, decide, legalPerson, signingOnline } from '../phone-binding/binding.js';
import { askForCode } from '../support/ask.js';
import { auditRecords } from '../support/audit.js';
import type { TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { issueUserToken, readRecord } from '../support/operations.js';
import { phoneWith } from '../support/phones.js';
import { startServer, type TestServer } from '../support/server.js';
import { forged, noticeOf, post } from '../webhooks/notice.js';
import { askToReveal, erase } from './admin.js';
import { openLogSession } from './log-session.js';

/** Nobody listens there, so that calls of this provider are denied by us. */
const env = { USERCOIN_DEADLINE_MS: '2500', QINGSONG_TOKEN_URL: 'http://127.0.0.1:9', PATIENCE_MS: '500' };

export function startForTraffic(database: TestDatabase): Promise<TestServer> {
  return startServer({ database, env });
}

export async function everyKindOfTraffic(server: TestServer): Promise<void> {
  const alice = await server.token({ role: 'user', sub: 'alice' });
  const codes = ['0000', '0000', '9001', '9002', '9003', '9004', '9005', '9007', '0000', '9001'].map(
    (lastFour, i) => askForCode(server, { phone: phoneWith(lastFour) }, i % 2 ? { token: alice } : {}),
  );
  const again = { phone: phoneWith(), key: 'asked again and again' };
  const repeats = async () => {
    for (let i = 0; i < 3; i += 1) await askForCode(server, again, { token: alice });
  };
  const notices = Array.from({ length: 5 }, () => post(server, forged(noticeOf({ id: 'x', memberId: 'M' }))));
  const input = { person: { role: 'TEACHER', personId: 'P1', schoolId: 'S1' } };
  const token = await server.token({ role: 'service' });
  const denied = server.graphql(issueUserToken, { input }, { token });
  await Promise.all([...codes, ...notices, repeats(), denied, bindings(server, alice), talk(server, alice)]);

  const auditor = await server.token({ role: 'auditor', sub: 'an auditor' });
  const records = await auditRecords(server, {});
  const id = records[0]?.id ?? '';
  await server.graphql(readRecord, { id }, { token: auditor });
  await askToReveal(server, id);
  const erased = phoneWith();
  for (let i = 0; i < 3; i += 1) await askForCode(server, { phone: erased });
  await erase(server, { phone: erased });
  // Counted a second after the first.
  await eventually(
    () => auditRecords(server, { kind: 'WEBHOOK' }),
    (strays) => strays.some(({ replays }) => replays > 0),
  );
}

async function bindings(server: TestServer, token: string): Promise<void> {
  await bind(server, legalPerson(), { token });
  await bind(server, legalPerson('9001'), { token });
  const { signingUrl } = await bind(server, signingOnline(), { token });
  // Whoever signs there sets the platform to work, which sends its notice.
  await decide(signingUrl, 'sign');
  await eventually(
    () => auditRecords(server, { kind: 'PHONE_BINDING' }),
    (records) => records.some(({ entries }) => entries.some(({ kind }) => kind === 'CALLBACK')),
  );
}

async function talk(server: TestServer, token: string): Promise<void> {
  const conversation = new Conversation(server, phoneWith(), token);
  await conversation.start();
}

/** A server is killed in the middle of a call, and nobody has found the request in doubt. */
export async function leavePending(database: TestDatabase): Promise<void> {
  const server = await startServer({ database });
  const phone = phoneWith('9003');
  const cut = askForCode(server, { phone }).catch(() => {});
  await eventually(
    () => server.calls({ phone }),
    (calls) => calls.length === 1,
  );
  await server.kill();
  await cut;
}

/** What is pending is in doubt now, rather than in a quarter of a minute. */
export async function hastenDoubt(database: TestDatabase): Promise<void> {
  const session = await openLogSession(database);
  await session.query(`UPDATE audit_record SET due_at = now() WHERE outcome = 'PENDING'`);
  await session.close();
}

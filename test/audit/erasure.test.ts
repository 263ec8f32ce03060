// A person who is erased is gone from the log, in whatever part of it: nothing there leads back to them, and what was
// hashed stays as it was.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Digester } from '../../src/limits/subject.js';
import { Conversation } from '../operator-authentication/conversation.js';
import { bind, bindingOf, legalPerson, signingOnline } from '../phone-binding/binding.js';
import { askForCode } from '../support/ask.js';
import { rowsOf, secretsIn } from '../support/at-rest.js';
import { auditRecords, brokenLinks, wholeLog } from '../support/audit.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { readRecord, requestBankCode } from '../support/operations.js';
import { phoneWith } from '../support/phones.js';
import { startServer, type TestServer } from '../support/server.js';
import { askToErase, erase, reveal } from './admin.js';

let database: TestDatabase;
let server: TestServer;
/** What the object store was told, by the path. */
const told = new Map<string, string>();
const objectStore = createServer(async (request, response) => {
  told.set(request.url ?? '', await text(request));
  response.end();
});
beforeAll(async () => {
  database = await freshDatabase();
  objectStore.listen(0, '127.0.0.1');
  await once(objectStore, 'listening');
  const { port } = objectStore.address() as AddressInfo;
  server = await startServer({ database, env: { CHECKPOINTS_URL: `http://127.0.0.1:${port}/log` } });
});
afterAll(async () => {
  await server?.stop();
  objectStore.close();
  await database?.drop();
});

// biome-ignore lint/suspicious/noExplicitAny: what comes back is what a test is about
async function read(id: string): Promise<any> {
  const token = await server.token({ role: 'auditor' });
  return (await server.graphql(readRecord, { id }, { token })).data.auditRecord;
}
const found = async (subject: object) => (await auditRecords(server, { subject })).map(({ id }) => id);
const user = (sub: string) => server.token({ role: 'user', sub });

describe('eraseSubject', () => {
  it('erases a person in whatever part they appear, and nobody else', async () => {
    const phone = phoneWith();
    const other = phoneWith();
    const asked = await askForCode(server, { phone, key: 'erased-1' }, { token: await user('sub-of-zhang') });
    const bound = await bind(server, { ...signingOnline(), phone }, { token: await user('sub-of-clerk') });
    const conversation = new Conversation(server, other, await user('sub-of-li'));
    await conversation.start({ contacts: [{ name: '王五', phone, relation: 'FRIEND' }] });
    const { data } = await server.graphql(
      requestBankCode,
      { bank: { phone, schoolId: 'S1', personId: 'P-of-zhang', purpose: 'OPEN_ACCOUNT' } },
      { token: await user('sub-of-zhang') },
    );
    const ids = [asked.requestId, bound.id, conversation.id, data.requestVerificationCode.requestId];
    const before = await Promise.all(ids.map(read));
    const untouched = await askForCode(server, { phone: other }, { token: await user('sub-of-li') });
    expect((await found({ phone })).sort()).toEqual([...ids].sort());

    const receipt = await erase(server, { phone });
    expect(receipt.records).toBe(4);
    expect(Math.abs(Date.parse(receipt.erasedAt) - Date.now())).toBeLessThan(30_000);
    expect(await found({ phone })).toEqual([]);
    expect(await found({ personId: 'P-of-zhang' })).toEqual([]);
    for (const [index, id] of ids.entries()) {
      const { entries, ...record } = await read(id);
      const { entries: entriesBefore, ...recordBefore } = before[index];
      // What names nobody is kept, and so is every byte that was hashed.
      expect(record).toEqual({ ...recordBefore, maskedPhone: null, actor: null, erasedAt: receipt.erasedAt });
      expect(entries).toEqual(
        entriesBefore.map((entry: object) => ({ ...entry, actor: null, detail: null })),
      );
      expect(await reveal(server, id)).toEqual({ id, request: null, result: null });
    }
    expect(await read(untouched.requestId)).toMatchObject({ actor: 'sub-of-li', erasedAt: null });
    expect(await found({ phone: other })).toEqual([untouched.requestId]);
  });

  it('says in the log that it was done, and not to whom', async () => {
    const phone = phoneWith();
    const { requestId } = await askForCode(server, { phone });
    const reason = `by law; it is ${phone}, 张三`;
    const { data } = await askToErase(server, { phone }, { reason });
    const [record] = (await wholeLog(server)).filter(({ operation }) => operation === 'eraseSubject');
    const [entry] = record?.entries ?? [];
    expect(record).toMatchObject({ kind: 'AUDIT_ACCESS', actor: 'the-admin', outcome: 'ACCEPTED' });
    expect(entry).toMatchObject({
      kind: 'ERASE',
      at: data.eraseSubject.erasedAt,
      detail: { records: 1, subject: 'phone', reason: 'by law; it is ***, 张三' },
    });
    expect(entry?.detail.set).toMatch(/^[0-9a-f]{64}$/);
    expect(Buffer.from(entry?.leaf ?? '', 'base64').toString()).not.toContain('by law');
    const published = readFileSync(join(database.dataDir, 'erasures.ndjson'), 'utf8');
    const lines = published.split('\n').filter((line) => line.includes(requestId));
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { erasure: record?.id, at: entry?.at, part: 1, parts: 1, records: [requestId] },
    ]);
    const inStore = () => told.get(`/log/erasures/${record?.id}/1.json`);
    expect(await eventually(inStore, (statement) => statement !== undefined)).toBe(`${lines[0]}\n`);
    expect([...told.keys()].filter((path) => path.endsWith('/0.json'))).not.toEqual([]);
  });

  it('lets a binding be seen by its owner, without whom it was about', async () => {
    const [owner, stranger] = [await user('owner'), await user('stranger')];
    const wish = legalPerson();
    const { id, traceNumber } = await bind(server, wish, { token: owner });
    await erase(server, { memberId: wish.memberId });
    expect(await bindingOf(server, id, owner)).toMatchObject({
      id,
      status: 'CODE_SENT',
      memberId: null,
      maskedPhone: null,
      signingUrl: null,
      traceNumber,
    });
    expect(await bindingOf(server, id, stranger)).toBeNull();
  });

  it('finds whoever is reached at home or at work', async () => {
    const conversation = new Conversation(server, phoneWith(), await user('applicant'));
    const [home, work] = [phoneWith(), '010-6505 2288'];
    await conversation.start({ homePhone: home, workPhone: work });
    expect(await found({ phone: home })).toEqual([conversation.id]);
    expect(await found({ phone: '+861065052288' })).toEqual([conversation.id]);
    expect(await erase(server, { phone: home })).toMatchObject({ records: 1 });
    expect(await found({ phone: work })).toEqual([]);
  });

  it('leaves no question behind that finds what was erased', async () => {
    const token = await server.token({ role: 'auditor', sub: 'curious' });
    const actor = 'sub-of-somebody';
    await askForCode(server, { phone: phoneWith() }, { token: await user(actor) });
    const search = `query($filter: AuditRecordFilter) { auditRecords(filter: $filter) { edges { node { actor entries { detail } } } } }`;
    const filter = { actor, outcomes: ['ACCEPTED'], flow: '01900000-0000-7000-8000-000000000000' };
    await server.graphql(search, { filter }, { token });
    const { data } = await server.graphql(
      search,
      { filter: { kind: 'AUDIT_ACCESS', actor: 'curious' } },
      { token },
    );
    expect(data.auditRecords.edges[0].node.entries[0].detail.filter).toEqual({
      actor: true,
      outcomes: ['ACCEPTED'],
      flow: true,
    });
  });

  it('lets an applicant go on whose contact was erased', async () => {
    const contact = phoneWith();
    const conversation = new Conversation(server, phoneWith('9011'), await user('applicant'));
    await conversation.start({ contacts: [{ name: '王五', phone: contact, relation: 'FRIEND' }] });
    await conversation.password();
    expect(await erase(server, { phone: contact })).toMatchObject({ records: 1 });
    expect(await conversation.seen()).toMatchObject({
      step: { __typename: 'SmsCaptchaStep', prompt: expect.any(String) },
    });
    expect(await conversation.captcha()).toMatchObject({ __typename: 'OperatorAuthentication' });
  });

  it('reaches what is under way, which then leaves nothing behind', async () => {
    const member = legalPerson('9006');
    const token = await user('under-way');
    const wish = { phone: phoneWith('9006'), key: 'under way' };
    const answers = Promise.all([
      askForCode(server, wish, { token }),
      bind(server, { ...member, phone: wish.phone }, { token, key: 'binding' }),
    ]);
    const pending = await eventually(
      () => found({ phone: wish.phone }),
      (ids) => ids.length === 2,
    );
    expect(await erase(server, { phone: wish.phone })).toMatchObject({ records: 2 });
    const [sent, bound] = await answers;
    expect(sent).toMatchObject({ __typename: 'VerificationCodeSent' });
    expect(bound).toMatchObject({ status: 'CODE_SENT', memberId: null, maskedPhone: null });
    expect(await found({ phone: wish.phone })).toEqual([]);
    expect(await found({ memberId: member.memberId })).toEqual([]);
    for (const id of pending) {
      expect(await read(id)).toMatchObject({
        outcome: 'ACCEPTED',
        maskedPhone: null,
        actor: null,
        erasedAt: expect.any(String),
        entries: [{ detail: null }, { detail: null, actor: null }],
      });
    }
  });

  it('is done once for a key, and finds nothing a second time without one', async () => {
    const phone = phoneWith();
    await askForCode(server, { phone });
    const [first, second] = await Promise.all([
      erase(server, { phone }, 'once'),
      erase(server, { phone }, 'once'),
    ]);
    expect(first.records).toBe(1);
    expect(second).toEqual(first);
    expect(await erase(server, { phone }, 'once')).toEqual(first);
    const reused = await askToErase(server, { phone: phoneWith() }, { key: 'once' });
    expect(reused.errors?.[0]?.extensions).toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
      field: 'idempotencyKey',
    });
    expect(await erase(server, { phone })).toMatchObject({ records: 0 });
    expect(await erase(server, { personId: 'nobody at all' }, 'nobody')).toMatchObject({ records: 0 });
  });

  it('frees the idempotency keys that led to the person, and leaves what comes later', async () => {
    const wish = { phone: phoneWith(), key: 'bound to a person' };
    const first = await askForCode(server, wish);
    await erase(server, { phone: wish.phone });
    // The provider, which minds the number, is asked again.
    const again = await askForCode(server, wish);
    expect(again.requestId).not.toBe(first.requestId);
    expect(await found({ phone: wish.phone })).toEqual([again.requestId]);
  });

  it('leaves the chain whole, and in the database nothing that leads to the person', async () => {
    const phone = phoneWith();
    const memberId = 'canary-member-7';
    const owner = await user('canary-actor');
    const stays = await askForCode(
      server,
      { phone: phoneWith(), key: 'control' },
      { token: await user('stays') },
    );
    await askForCode(server, { phone, key: 'canary-1' }, { token: owner });
    await bind(server, { memberId, phone }, { token: owner, key: 'canary-2' });
    await erase(server, { phone }, 'canary-key');
    expect(Object.values(brokenLinks(await wholeLog(server)))).toEqual([null]);
    await server.stop();

    const rows = await rowsOf(database);
    const key = readFileSync(join(database.dataDir, 'keys', 'digest.key'), 'utf8');
    const digester = new Digester(Buffer.from(key, 'base64'));
    const leads = [
      phone,
      phone.slice(1),
      phone.slice(3),
      memberId,
      'canary-actor',
      Buffer.from(digester.subject({ kind: 'phone', value: phone }), 'hex').toString('hex'),
      digester.subject({ kind: 'memberId', value: memberId }),
    ];
    expect(secretsIn(rows, leads)).toEqual([]);
    // The search has teeth: of somebody who stays, it finds the actor.
    expect(secretsIn(rows, ['stays', stays.requestId])).toEqual(['stays', stays.requestId]);
    server = await startServer({ database });
    expect(await read(stays.requestId)).toMatchObject({ actor: 'stays' });
  });
});

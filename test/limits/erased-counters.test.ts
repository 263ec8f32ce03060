// Erasing a person takes the counters of limits along, by whatever rule, and nobody else's.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { developmentKeys } from '../../src/auth/development-keys.js';
import { Digester } from '../../src/limits/subject.js';
import { erase } from '../audit/admin.js';
import { openLogSession } from '../audit/log-session.js';
import { Conversation } from '../operator-authentication/conversation.js';
import { bind, legalPerson } from '../phone-binding/binding.js';
import { askForCode } from '../support/ask.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { phoneWith } from '../support/phones.js';
import { startServer } from '../support/server.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database?.drop());

/** Keys of counters, by whether they count this phone. */
async function countersOf(phones: readonly string[]): Promise<Map<string, number>> {
  const digester = new Digester((await developmentKeys(database.dataDir)).digestKey);
  const session = await openLogSession(database);
  const rows = await session.query<{ key: string }>(`SELECT encode(key, 'hex') AS key FROM limit_counter`);
  await session.close();
  const halves = phones.map((value) => digester.subject({ kind: 'phone', value }).slice(0, 32));
  return new Map([
    ...phones.map((phone, place) => {
      const own = rows.filter(({ key }) => key.startsWith(halves[place] ?? '-'));
      return [phone, own.length] as const;
    }),
    ['others', rows.filter(({ key }) => !halves.some((half) => key.startsWith(half))).length] as const,
  ]);
}

it('erasing a person takes the counters of the phone along, and no others', async () => {
  let server = await startServer({ database, limits: { rules: { PHONE: [{ most: 9, seconds: 3_600 }] } } });
  const token = await server.token({ role: 'user' });
  const [byPhone, byMember, stays] = [phoneWith(), phoneWith(), phoneWith()];
  for (const phone of [byPhone, stays]) {
    await askForCode(server, { phone });
    await askForCode(server, { phone }, { token });
    const conversation = new Conversation(server, phone, token);
    await conversation.start();
    await conversation.password();
  }
  const member = { ...legalPerson(), phone: byMember };
  await bind(server, member, { token });
  await server.stop();
  const before = await countersOf([byPhone, byMember, stays]);
  // By PHONE, PHONE_ANONYMOUS and GUESSES.
  expect([before.get(byPhone), before.get(byMember), before.get(stays)]).toEqual([3, 1, 3]);

  server = await startServer({ database });
  expect(await erase(server, { phone: byPhone })).toMatchObject({ records: 4 });
  expect(await erase(server, { memberId: member.memberId })).toMatchObject({ records: 1 });
  await server.stop();
  expect(await countersOf([byPhone, byMember, stays])).toEqual(
    new Map([
      [byPhone, 0],
      [byMember, 0],
      [stays, 3],
      ['others', before.get('others')],
    ]),
  );
});

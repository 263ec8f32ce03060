// Many at once for one phone: by parallel requests, by aliases, on two servers with one database.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { askForCode } from '../support/ask.js';
import { auditRecords } from '../support/audit.js';
import { freshDatabase, onPostgres, type TestDatabase } from '../support/database.js';
import { phoneWith } from '../support/phones.js';
import { startServer, type TestServer } from '../support/server.js';

/** Of whoever is signed in; the anonymous have what the table gives them: one. */
const PERMITTED = 3;
/** An address and a caller on which all of this comes do not deny first. */
const limits = {
  rules: {
    PHONE: [{ most: PERMITTED, seconds: 3_600 }],
    ADDRESS: null,
    ADDRESS_CHECK: null,
    ACTOR: null,
  },
};

let database: TestDatabase;
let servers: TestServer[];
beforeAll(async () => {
  database = await freshDatabase();
  const first = await startServer({ database, limits });
  // The embedded database has one server.
  servers = onPostgres ? [first, await startServer({ database, limits, sandboxOf: first })] : [first];
});
/** What a server does for the first time takes it long: not the time for 500 at once. */
beforeAll(async () => {
  for (const server of servers) {
    await Promise.all(Array.from({ length: 10 }, () => askForCode(server, { phone: phoneWith() })));
  }
});
afterAll(async () => {
  for (const server of [...(servers ?? [])].reverse()) await server.stop();
  await database?.drop();
});

const serverOf = (turn: number) => servers[turn % servers.length] as TestServer;

describe(`on ${onPostgres ? 'two servers with one Postgres' : 'one server with the embedded database'}`, () => {
  it.each([
    ['the anonymous', 1],
    ['one who is signed in', PERMITTED],
  ])(
    'of 500 requests at once by %s exactly as many reach the provider as are permitted',
    async (who, permitted) => {
      const phone = phoneWith();
      const digits = phone.slice(3);
      const writings = [
        phone,
        digits,
        `0086${digits}`,
        `86${digits}`,
        `${digits.slice(0, 3)}-${digits.slice(3)}`,
      ];
      const token = who === 'the anonymous' ? undefined : await serverOf(0).token({ role: 'user' });
      const answers = await Promise.all(
        Array.from({ length: 500 }, (_, turn) =>
          askForCode(serverOf(turn), { phone: writings[turn % writings.length] as string }, { token }),
        ),
      );
      const denied = answers.filter(
        ({ code, providerCode }) => code === 'RATE_LIMITED' && providerCode === null,
      );
      expect(denied).toHaveLength(500 - permitted);
      // The simulator takes the first and refuses those after it, as the provider would: they reached it all the same.
      expect(await serverOf(0).calls({ phone })).toHaveLength(1);
      const called = (await auditRecords(serverOf(0), { subject: { phone } })).filter(
        ({ outcome }) => outcome !== 'DENIED',
      );
      expect(called).toHaveLength(permitted);
      for (const server of servers) {
        expect(await askForCode(server, { phone }, { token })).toMatchObject({
          code: 'RATE_LIMITED',
          providerCode: null,
        });
      }
    },
  );

  it('of many at once for thirty phones each has as many as are permitted, and nothing waits for ever', async () => {
    const token = await serverOf(0).token({ role: 'user' });
    const phones = Array.from({ length: 30 }, () => phoneWith());
    const at = (turn: number) => phones[(turn * 7) % phones.length] as string;
    const answers = await Promise.all(
      Array.from({ length: 300 }, (_, turn) => askForCode(serverOf(turn), { phone: at(turn) }, { token })),
    );
    const ours = answers.filter(({ code, providerCode }) => code === 'RATE_LIMITED' && providerCode === null);
    expect(ours).toHaveLength(300 - 30 * PERMITTED);
    for (const server of servers) expect(server.output()).not.toMatch(/40P01|deadlock/);
  });

  it('50,000 aliases reach nobody', async () => {
    const phone = phoneWith();
    const one = (alias: number) => `a${alias}: requestVerificationCode(input: $i) { __typename }`;
    const aliases = (count: number) => {
      const fields = Array.from({ length: count }, (_, alias) => one(alias)).join(' ');
      return `mutation Many($i: RequestVerificationCodeInput!) { ${fields} }`;
    };
    const variables = { i: { account: { phone, purpose: 'REGISTER' } } };
    for (const count of [2, 20, 500, 50_000]) {
      for (const server of servers) {
        const answer = await server.graphql(aliases(count), variables).catch((error: unknown) => {
          // The connection may be closed while too much is still being sent.
          if (count < 50_000) throw error;
        });
        if (!answer) continue;
        expect(answer.status).toBeGreaterThanOrEqual(400);
        expect(answer.data ?? null).toBeNull();
      }
    }
    expect(await serverOf(0).calls({ phone })).toEqual([]);
    expect(await auditRecords(serverOf(0), { subject: { phone } })).toEqual([]);
  });
});

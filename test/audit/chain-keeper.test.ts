// A chain is announced before its first entry, covered while it grows, closed at its end, and signed by others
// where its process is gone; whatever fails meanwhile is said, and made up for.
import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { genesisHash, linkHash } from '../../src/audit/chain.js';
import { ChainKeeper, type ChainKeeperTimes } from '../../src/audit/chain-keeper.js';
import { type Checkpoint, readCheckpoint } from '../../src/audit/checkpoint.js';
import { PublishedHeads } from '../../src/audit/published-heads.js';
import { type SigningKeys, signingKeys } from '../../src/audit/signing-keys.js';
import { type Database, openDatabase } from '../../src/db/client.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';

const keys = signingKeys(generateKeyPairSync('ed25519').privateKey);
const EVERY_MS = 300;
/** Long enough for nothing to happen by itself. */
const slow: ChainKeeperTimes = { lease: 30_000, beat: 60_000, sweep: 60_000, grace: 60_000 };
const quick: ChainKeeperTimes = { lease: 900, beat: 150, sweep: 200, grace: 600 };

let testDatabase: TestDatabase;
let database: Database;
let file: string;
let said: { level: string; fields: Record<string, unknown>; message: string }[] = [];
const hear = (level: string) => (fields: object, message: string) => {
  said.push({ level, fields: { ...fields }, message });
};
const log = { info: hear('info'), warn: hear('warn'), error: hear('error') };
const saidOf = (chain: string, level: string) =>
  said.filter((line) => line.level === level && line.fields.chain === chain).map(({ message }) => message);

beforeAll(async () => {
  testDatabase = await freshDatabase();
  // As the owner, who can tamper with what the application cannot.
  const { DATA_DIR: dataDir, DATABASE_OWNER_URL: url } = testDatabase.env;
  database = await openDatabase(
    { dataDir, url, ownerUrl: undefined, directUrl: undefined, poolSize: 4 },
    log,
  );
});
afterAll(async () => {
  await database?.close();
  await testDatabase?.drop();
});
beforeEach(() => {
  said = [];
  file = join(testDatabase.dataDir, `heads-${randomUUID()}.ndjson`);
});

const keepers: ChainKeeper[] = [];
afterEach(async () => {
  await Promise.all(keepers.splice(0).map((keeper) => keeper.stop()));
});

interface Wish {
  times?: ChainKeeperTimes;
  alone?: boolean;
  everyMs?: number;
  heads?: PublishedHeads;
  signedWith?: SigningKeys;
}

function newKeeper({ times = slow, alone = false, everyMs = EVERY_MS, heads, signedWith = keys }: Wish = {}) {
  const published = heads ?? new PublishedHeads({ file, url: undefined }, log);
  const keeper = new ChainKeeper(database.client, published, signedWith, { everyMs, alone }, log, times);
  keepers.push(keeper);
  return keeper;
}

interface Head {
  position: number;
  hash: string;
}
const start = (chain: string): Head => ({ position: 0, hash: genesisHash(chain).toString('hex') });

/** Adds entries to a chain, as the ledger would. */
async function grow(chain: string, from: Head, count: number): Promise<Head> {
  let previousHash: Buffer = Buffer.from(from.hash, 'hex');
  const data = Array.from({ length: count }, (_, n) => {
    const leaf = randomBytes(20);
    const hash = linkHash(previousHash, leaf);
    const entry = {
      chain,
      position: from.position + n + 1,
      recordId: uuidv7(),
      kind: 'INTENT',
      at: new Date(),
      leaf,
      hash: Uint8Array.from(hash),
      previousHash: Uint8Array.from(previousHash),
    };
    previousHash = hash;
    return entry;
  });
  await database.client.auditEntry.createMany({ data });
  return { position: from.position + count, hash: previousHash.toString('hex') };
}

const genuine = (statement: string): Checkpoint => {
  const { checkpoint, fault } = readCheckpoint(statement, keys.trusted);
  if (!checkpoint) throw new Error(fault);
  return checkpoint;
};

/** As stored: serial, position and state of each, once it is sure that they are genuine and in their place. */
async function stored(chain: string): Promise<[number, number, string][]> {
  const rows = await database.client.auditCheckpoint.findMany({
    where: { chain },
    orderBy: { serial: 'asc' },
  });
  return rows.map(({ serial, statement }) => {
    const checkpoint = genuine(statement);
    expect([checkpoint.chain, checkpoint.serial]).toEqual([chain, serial]);
    return [checkpoint.serial, checkpoint.position, checkpoint.state];
  });
}

function published(chain: string): Checkpoint[] {
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.map(genuine).filter((checkpoint) => checkpoint.chain === chain);
}

const lease = (chain: string) => database.client.auditChain.findUniqueOrThrow({ where: { id: chain } });
const states = async (chain: string) => (await stored(chain)).map(([, , state]) => state);
const until = <Value>(ask: () => Promise<Value>, enough: (value: Value) => boolean) =>
  eventually(ask, enough, 10_000);

/** A chain of so many entries whose process is gone. */
async function leftBehind(
  entries: number,
  covered = 0,
  wish: Wish = {},
): Promise<{ chain: string; head: Head }> {
  const keeper = newKeeper(wish);
  const chain = await keeper.open();
  let head = start(chain);
  if (covered > 0) {
    head = await grow(chain, head, covered);
    keeper.advanced(chain, head);
    await keeper.covering(chain, covered);
  }
  if (entries > covered) head = await grow(chain, head, entries - covered);
  await keeper.stop();
  await database.client.auditChain.update({ where: { id: chain }, data: { aliveUntil: new Date(0) } });
  return { chain, head };
}

/** Whatever is stored as a checkpoint fails meanwhile. */
async function withoutStoring(work: () => Promise<void>): Promise<void> {
  await database.client.$executeRaw`
    CREATE TRIGGER broken BEFORE INSERT ON audit_checkpoint FOR EACH ROW EXECUTE FUNCTION refuse_change()`;
  try {
    await work();
  } finally {
    await database.client.$executeRaw`DROP TRIGGER broken ON audit_checkpoint`;
  }
}

describe('a chain at its start', () => {
  it('is held, and announced outside and in the database', async () => {
    const chain = await newKeeper().open();
    expect(published(chain)).toMatchObject([
      {
        serial: 0,
        position: 0,
        hash: genesisHash(chain).toString('hex'),
        state: 'ANNOUNCED',
        key: keys.keyId,
      },
    ]);
    expect(await stored(chain)).toEqual([[0, 0, 'ANNOUNCED']]);
    const { closedAt, aliveUntil, instance } = await lease(chain);
    expect(closedAt).toBeNull();
    expect(aliveUntil.getTime()).toBeGreaterThan(Date.now() + 20_000);
    expect(instance).toContain(String(process.pid));
  });

  it('is not there where it cannot be announced; the next try announces it', async () => {
    mkdirSync(file);
    const keeper = newKeeper();
    for (const _ of [1, 2]) await expect(keeper.open()).rejects.toMatchObject({ code: 'EISDIR' });
    rmdirSync(file);
    const chain = await keeper.open();
    expect(await stored(chain)).toEqual([[0, 0, 'ANNOUNCED']]);
    const held = await database.client.auditChain.findMany({ where: { id: { gte: chain } } });
    expect(held).toHaveLength(1);
  });

  it('is announced once, where the database failed after it was published', async () => {
    const keeper = newKeeper();
    await withoutStoring(async () => {
      await expect(keeper.open()).rejects.toThrow();
    });
    const chain = await keeper.open();
    expect(await stored(chain)).toEqual([[0, 0, 'ANNOUNCED']]);
    expect(published(chain)).toHaveLength(1);
  });

  it('is one of its own for each call', async () => {
    const keeper = newKeeper();
    const [one, other] = [await keeper.open(), await keeper.open()];
    expect(one).not.toBe(other);
  });
});

describe('a chain that grows', () => {
  it('is covered in time, with one checkpoint for all that came meanwhile', async () => {
    const keeper = newKeeper({ everyMs: 3_000 });
    const chain = await keeper.open();
    let head = start(chain);
    for (let n = 0; n < 5; n += 1) {
      head = await grow(chain, head, 2);
      keeper.advanced(chain, head);
    }
    await until(
      () => stored(chain),
      (all) => all.length > 1,
    );
    await sleep(3_500);
    expect(await stored(chain)).toEqual([
      [0, 0, 'ANNOUNCED'],
      [1, 10, 'OPEN'],
    ]);
    expect(published(chain)).toMatchObject([{}, { position: 10, hash: head.hash, state: 'OPEN' }]);
  });

  it('has no checkpoints while it rests', async () => {
    const keeper = newKeeper();
    const chain = await keeper.open();
    const head = await grow(chain, start(chain), 1);
    keeper.advanced(chain, head);
    await until(
      () => states(chain),
      (all) => all.length === 2,
    );
    keeper.advanced(chain, head);
    await sleep(2 * EVERY_MS);
    expect(await states(chain)).toEqual(['ANNOUNCED', 'OPEN']);
  });

  it('is covered at once when a thousand entries wait', async () => {
    const keeper = newKeeper({ everyMs: 60_000 });
    const chain = await keeper.open();
    const head = await grow(chain, start(chain), 1_000);
    keeper.advanced(chain, { ...head, position: 999 });
    await sleep(200);
    expect(await states(chain)).toEqual(['ANNOUNCED']);
    keeper.advanced(chain, head);
    await until(
      () => stored(chain),
      (all) => all.length === 2,
    );
    expect((await stored(chain)).at(-1)).toEqual([1, 1_000, 'OPEN']);
  });

  it('is never covered twice at once, however slow the disk', async () => {
    let now = 0;
    let most = 0;
    const heads = new PublishedHeads({ file, url: undefined }, log);
    const publish = heads.publish.bind(heads);
    heads.publish = async (...args) => {
      now += 1;
      most = Math.max(most, now);
      await sleep(50);
      await publish(...args);
      now -= 1;
    };
    const keeper = newKeeper({ heads, everyMs: 100 });
    const chain = await keeper.open();
    let head = start(chain);
    for (let n = 0; n < 8; n += 1) {
      head = await grow(chain, head, 700);
      keeper.advanced(chain, head);
      await sleep(30);
    }
    await until(
      () => stored(chain),
      (all) => all.at(-1)?.[1] === head.position,
    );
    expect(most).toBe(1);
    const all = await stored(chain);
    expect(all.map(([serial]) => serial)).toEqual(all.map((_, serial) => serial));
    expect(new Set(all.map(([, position]) => position)).size).toBe(all.length);
  });
});

describe('a checkpoint that cannot be made', () => {
  it('where the disk refuses it: is an alarm, and is made up for', async () => {
    const keeper = newKeeper({ everyMs: 100 });
    const chain = await keeper.open();
    rmSync(file);
    mkdirSync(file);
    let head = await grow(chain, start(chain), 1);
    keeper.advanced(chain, head);
    await until(
      async () => saidOf(chain, 'error'),
      (lines) => lines.length >= 2,
    );
    head = await grow(chain, head, 1_500);
    const [alarms, began] = [saidOf(chain, 'error').length, Date.now()];
    for (let n = 0; n < 20; n += 1) keeper.advanced(chain, head);
    await sleep(50);
    const rounds = (Date.now() - began) / 100;
    expect(saidOf(chain, 'error').length - alarms).toBeLessThanOrEqual(rounds + 2);
    expect(await states(chain)).toEqual(['ANNOUNCED']);
    rmdirSync(file);
    await until(
      () => stored(chain),
      (all) => all.length === 2,
    );
    expect(await stored(chain)).toEqual([
      [0, 0, 'ANNOUNCED'],
      [1, 1_501, 'OPEN'],
    ]);
    expect(published(chain)).toHaveLength(1);
  });

  it('where the database refuses it: the published statement is the one that is stored later', async () => {
    const keeper = newKeeper({ everyMs: 100 });
    const chain = await keeper.open();
    let head = await grow(chain, start(chain), 1);
    await withoutStoring(async () => {
      keeper.advanced(chain, head);
      await until(
        async () => saidOf(chain, 'error'),
        (lines) => lines.length >= 2,
      );
      head = await grow(chain, head, 1);
      keeper.advanced(chain, head);
    });
    await until(
      () => stored(chain),
      (all) => all.length === 3,
    );
    expect(await stored(chain)).toEqual([
      [0, 0, 'ANNOUNCED'],
      [1, 1, 'OPEN'],
      [2, 2, 'OPEN'],
    ]);
    expect(published(chain).map(({ serial, position }) => [serial, position])).toEqual([
      [0, 0],
      [1, 1],
      [2, 2],
    ]);
  });
});

describe('a chain at its end', () => {
  it('is closed with its head, and takes no more entries', async () => {
    const keeper = newKeeper();
    const chain = await keeper.open();
    const head = await grow(chain, start(chain), 3);
    keeper.advanced(chain, head);
    await keeper.close(chain, head);
    expect(await stored(chain)).toEqual([
      [0, 0, 'ANNOUNCED'],
      [1, 3, 'CLOSED'],
    ]);
    expect(published(chain).at(-1)).toMatchObject({ ...head, state: 'CLOSED' });
    expect((await lease(chain)).closedAt).not.toBeNull();
    await expect(
      database.client.$queryRaw`SELECT ledger_commit(${chain}::uuid, 3, ${head.hash}, '{}')::text`,
    ).rejects.toThrow(/YZ001|is closed/);
    await sleep(2 * EVERY_MS);
    expect(await stored(chain)).toHaveLength(2);
  });

  it('waits for the checkpoint that is being made', async () => {
    const keeper = newKeeper({ everyMs: 10 });
    const chain = await keeper.open();
    const head = await grow(chain, start(chain), 1);
    keeper.advanced(chain, head);
    void keeper.covering(chain, 1);
    await sleep(11);
    await keeper.close(chain, head);
    const all = await states(chain);
    expect(all.at(-1)).toBe('CLOSED');
    expect(all.length).toBeLessThanOrEqual(3);
  });

  it('that is not where the ledger thinks is not closed by it', async () => {
    const keeper = newKeeper();
    const chain = await keeper.open();
    const head = await grow(chain, start(chain), 2);
    await grow(chain, head, 1);
    await keeper.close(chain, head);
    expect(await states(chain)).toEqual(['ANNOUNCED']);
    expect(saidOf(chain, 'warn')).toHaveLength(1);

    newKeeper({ alone: true }).start();
    await until(
      () => stored(chain),
      (all) => all.length === 2,
    );
    expect((await stored(chain)).at(-1)).toEqual([1, 3, 'ABANDONED']);
  });

  it('that cannot be published does not fail, and is signed by somebody else', async () => {
    const keeper = newKeeper();
    const chain = await keeper.open();
    const head = await grow(chain, start(chain), 1);
    rmSync(file);
    mkdirSync(file);
    await keeper.close(chain, head);
    expect(saidOf(chain, 'error')).toHaveLength(1);
    rmdirSync(file);
    newKeeper({ alone: true }).start();
    await until(
      () => states(chain),
      (all) => all.includes('ABANDONED'),
    );
  });
});

describe('a chain whose process is gone', () => {
  it.each([
    [0, 0],
    [1, 0],
    [1, 1],
    [40, 17],
    [1_203, 500],
  ])(
    'of %i entries, %i of them covered: is closed, then signed at its end, by one of several',
    async (count, covered) => {
      const { chain, head } = await leftBehind(count, covered);
      const replicas = [
        newKeeper({ times: quick }),
        newKeeper({ times: quick }),
        newKeeper({ times: quick }),
      ];
      for (const keeper of replicas) keeper.start();
      await until(
        () => lease(chain),
        ({ closedAt }) => closedAt !== null,
      );
      const { closedAt } = await lease(chain);
      await until(
        () => states(chain),
        (all) => all.includes('ABANDONED'),
      );
      const all = await stored(chain);
      expect(all.at(-1)).toEqual([covered > 0 ? 2 : 1, count, 'ABANDONED']);
      const last = published(chain).at(-1);
      expect(last).toMatchObject({ position: head.position, hash: head.hash, state: 'ABANDONED' });
      expect(Date.parse(last?.at ?? '') - (closedAt?.getTime() ?? 0)).toBeGreaterThanOrEqual(
        quick.grace - 50,
      );
      expect(saidOf(chain, 'warn').filter((line) => line.includes('signed'))).toHaveLength(1);
      await sleep(2 * quick.sweep);
      expect(await stored(chain)).toHaveLength(all.length);
    },
  );

  it('is signed at once where nobody else can hold one', async () => {
    const keeper = newKeeper();
    const chain = await keeper.open();
    await keeper.stop();
    newKeeper({ alone: true }).start();
    await until(
      () => states(chain),
      (all) => all.includes('ABANDONED'),
    );
  });

  it('before it was announced is signed as empty', async () => {
    const chain = uuidv7();
    await database.client.auditChain.create({
      data: { id: chain, instance: 'gone', aliveUntil: new Date(0) },
    });
    newKeeper({ alone: true }).start();
    await until(
      () => stored(chain),
      (all) => all.length > 0,
    );
    expect(await stored(chain)).toEqual([[0, 0, 'ABANDONED']]);
  });

  it.each([
    ['is gone', 'DELETE FROM audit_chain'],
    ['is that of another chain', 'UPDATE audit_chain SET id = gen_random_uuid()'],
    ['says that it is held for ever', `UPDATE audit_chain SET alive_until = 'infinity'`],
    ['says that it will be closed one day', `UPDATE audit_chain SET closed_at = '3000-01-01'`],
  ])('is signed all the same where its row %s', async (_, change) => {
    const { chain, head } = await leftBehind(5, 2);
    await database.client.$executeRawUnsafe(`${change} WHERE id = '${chain}'`);
    newKeeper({ times: quick }).start();
    await until(
      () => states(chain),
      (all) => all.includes('ABANDONED'),
    );
    expect((await stored(chain)).at(-1)).toEqual([2, head.position, 'ABANDONED']);
  });

  it('is signed with the new key after the old one', async () => {
    const { chain } = await leftBehind(2, 1);
    const signedWith = signingKeys(generateKeyPairSync('ed25519').privateKey, [...keys.trusted.values()]);
    newKeeper({ alone: true, signedWith }).start();
    const last = () =>
      database.client.auditCheckpoint.findFirst({ where: { chain }, orderBy: { serial: 'desc' } });
    const found = await until(last, (row) => row?.serial === 2);
    expect(readCheckpoint(found?.statement ?? '', signedWith.trusted).checkpoint).toMatchObject({
      state: 'ABANDONED',
      key: signedWith.keyId,
    });
  });

  const meddle = (chain: string) => ({
    'with an entry that is changed': async () => {
      await tamper(`UPDATE audit_entry SET leaf = '\\x00' WHERE chain = '${chain}' AND position = 5`);
      return 'position 5';
    },
    'with an entry removed': async () => {
      await tamper(`DELETE FROM audit_entry WHERE chain = '${chain}' AND position = 4`);
      return 'position 4';
    },
    'cut before its last checkpoint': async () => {
      await tamper(`DELETE FROM audit_entry WHERE chain = '${chain}' AND position > 2`);
      return 'position 3';
    },
    'changed where its last checkpoint stands': async () => {
      await tamper(`UPDATE audit_entry SET hash = '\\x00' WHERE chain = '${chain}' AND position = 3`);
      return 'position 3';
    },
    'whose last checkpoint is forged': async () => {
      await tamper(
        `UPDATE audit_checkpoint SET statement = replace(statement, '"position":3', '"position":2') WHERE chain = '${chain}'`,
      );
      return 'BAD_SIGNATURE';
    },
    'whose last checkpoint was taken from another place': async () => {
      await tamper(
        `UPDATE audit_checkpoint SET statement = (SELECT statement FROM audit_checkpoint WHERE chain = '${chain}' AND serial = 0) WHERE chain = '${chain}' AND serial = 1`,
      );
      return 'another place';
    },
    'that was robbed of its checkpoints': async () => {
      await tamper(`DELETE FROM audit_checkpoint WHERE chain = '${chain}'`);
      return 'never announced';
    },
  });
  const meddled = Object.keys(meddle('')) as (keyof ReturnType<typeof meddle>)[];

  it.each(meddled)('%s is not signed, and that is said once', async (how) => {
    const { chain } = await leftBehind(8, 3);
    const reason = await meddle(chain)[how]();
    const before = await database.client.auditCheckpoint.count({ where: { chain } });
    newKeeper({ times: { ...quick, grace: 0 } }).start();
    await until(
      async () => saidOf(chain, 'error'),
      (lines) => lines.length > 0,
    );
    await sleep(3 * quick.sweep);
    expect(await database.client.auditCheckpoint.count({ where: { chain } })).toBe(before);
    expect(saidOf(chain, 'error')).toHaveLength(1);
    expect(
      said.find(({ fields, level }) => level === 'error' && fields.chain === chain)?.fields.reason,
    ).toContain(reason);
    expect(published(chain).filter(({ state }) => state === 'ABANDONED')).toEqual([]);
  });
});

/** As a superuser who has switched the triggers off. */
async function tamper(sql: string): Promise<void> {
  const [, table] = /(audit_\w+)/.exec(sql) ?? [];
  await database.client.$executeRawUnsafe(`ALTER TABLE ${table} DISABLE TRIGGER USER`);
  await database.client.$executeRawUnsafe(sql);
  await database.client.$executeRawUnsafe(`ALTER TABLE ${table} ENABLE ALWAYS TRIGGER append_only`);
  await database.client.$executeRawUnsafe(`ALTER TABLE ${table} ENABLE ALWAYS TRIGGER no_truncate`);
}

describe('a process that lives', () => {
  it('keeps hold of its chains while others sweep, also after it was held up', async () => {
    // Longer than a busy machine may be late with a beat.
    const times = { ...quick, lease: 4_000 };
    const keeper = newKeeper({ times });
    keeper.start();
    const chain = await keeper.open();
    // Nothing was heard of it for a while, and nobody has noticed yet.
    await database.client.auditChain.update({ where: { id: chain }, data: { aliveUntil: new Date(0) } });
    await until(
      () => lease(chain),
      ({ aliveUntil }) => aliveUntil.getTime() > 0,
    );
    newKeeper({ times }).start();
    await sleep(1.5 * times.lease);
    expect((await lease(chain)).closedAt).toBeNull();
    expect(await states(chain)).toEqual(['ANNOUNCED']);
  });

  it('lets go of a chain that was taken for abandoned', async () => {
    const keeper = newKeeper({ times: quick, everyMs: 5_000 });
    const chain = await keeper.open();
    const head = await grow(chain, start(chain), 2);
    keeper.advanced(chain, head);
    await database.client.auditChain.update({ where: { id: chain }, data: { closedAt: new Date() } });
    keeper.start();
    await until(
      async () => saidOf(chain, 'warn'),
      (lines) => lines.length > 0,
    );
    keeper.advanced(chain, head);
    await keeper.close(chain, head);
    expect(saidOf(chain, 'error')).toEqual([]);
    // And then finds it, as anybody would.
    await until(
      () => states(chain),
      (all) => all.includes('ABANDONED'),
    );
    expect((await stored(chain)).at(-1)).toEqual([1, 2, 'ABANDONED']);
    expect(await keeper.open()).not.toBe(chain);
  });
});

describe('a checkpoint that covers an entry', () => {
  it('is the first at or after it', async () => {
    const keeper = newKeeper({ everyMs: 60_000 });
    const chain = await keeper.open();
    let head = start(chain);
    const ends: number[] = [];
    for (const count of [1, 4, 2, 9, 1, 1, 30, 3]) {
      head = await grow(chain, head, count);
      keeper.advanced(chain, head);
      await keeper.covering(chain, head.position);
      ends.push(head.position);
    }
    const reader = newKeeper();
    for (let position = 1; position <= head.position; position += 1) {
      const found = await reader.covering(chain, position);
      const serial = ends.findIndex((end) => end >= position) + 1;
      expect(found?.checkpoint).toMatchObject({ chain, serial, position: ends[serial - 1] });
      expect(genuine(found?.statement ?? '')).toEqual(found?.checkpoint);
    }
    expect(await reader.covering(chain, head.position + 1)).toBeNull();
  });

  it('is made at once for an entry of our own chain, and for no other', async () => {
    const keeper = newKeeper({ everyMs: 60_000 });
    const chain = await keeper.open();
    const head = await grow(chain, start(chain), 2);
    keeper.advanced(chain, head);
    expect(await newKeeper().covering(chain, 1)).toBeNull();
    const asked = await Promise.all(Array.from({ length: 5 }, () => keeper.covering(chain, 1)));
    for (const found of asked) expect(found?.checkpoint).toMatchObject({ serial: 1, position: 2 });
    expect(await stored(chain)).toHaveLength(2);
    expect(await keeper.covering(chain, 3)).toBeNull();
    expect(await keeper.covering(uuidv7(), 1)).toBeNull();
  });

  it('is not handed out where it is not genuine', async () => {
    const { chain } = await leftBehind(2, 2);
    await tamper(
      `UPDATE audit_checkpoint SET statement = replace(statement, 'OPEN', 'CLOSED') WHERE chain = '${chain}'`,
    );
    await expect(newKeeper().covering(chain, 1)).rejects.toThrow('BAD_SIGNATURE');
  });
});

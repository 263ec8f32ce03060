// Every operation through the whole pipeline with a real ledger on a real database: what an offer calls personal,
// what an operation calls secret, and the codes that the sandbox delivered are in no row, no leaf, no file and no
// line of the log; secrets are not even in what entries hold sealed. That the search finds what is there is shown
// with values that leak on purpose.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { v7 as uuidv7 } from 'uuid';
import { ChainKeeper } from '../../../src/audit/chain-keeper.js';
import { PublishedHeads } from '../../../src/audit/published-heads.js';
import { RecordSealer, unseal } from '../../../src/audit/record-seal.js';
import { Sealer } from '../../../src/audit/seal.js';
import { signingKeys } from '../../../src/audit/signing-keys.js';
import { type Database, openDatabase } from '../../../src/db/client.js';
import { noLimits } from '../../../src/limits/limiter.js';
import { Digester } from '../../../src/limits/subject.js';
import { openLine, type ProviderLine } from '../../../src/pipeline/call.js';
import { Flows } from '../../../src/pipeline/flow.js';
import { Ledger } from '../../../src/pipeline/ledger.js';
import { ledgerStore } from '../../../src/pipeline/ledger-store.js';
import { Pipeline } from '../../../src/pipeline/pipeline.js';
import { Repeats } from '../../../src/pipeline/repeats.js';
import type { ProviderRequest, Settled } from '../../../src/pipeline/request.js';
import { Tallies } from '../../../src/pipeline/tallies.js';
import { type Provider, UnreadableAnswer } from '../../../src/providers/provider.js';
import { filesOf, rowsOf, secretsIn } from '../../support/at-rest.js';
import { freshDatabase, onPostgres, type TestDatabase } from '../../support/database.js';
import { type AnyOperation, type AnyValue, type OfferedCall, offeredCalls, titled } from './offers.js';
import { newSubject, openStage, prefixOf, type Stage, serve, settingsOf } from './stage.js';

type Request = ProviderRequest<unknown, AnyValue, { baseUrl: string; deadlineMs: number }>;

let database: TestDatabase;
let open: Database;
let ledger: Ledger;
let tallies: Tallies;
let logged = '';
const log = pino(
  { level: 'trace' },
  new Writable({
    write(chunk, _encoding, done) {
      logged += String(chunk);
      done();
    },
  }),
);
const digester = new Digester(randomBytes(32));
const sealKey = randomBytes(32);
const sealer = new RecordSealer([sealKey]);

/** All that must rest nowhere, by the call that it was told in. */
const told = new Map<string, Set<string>>();
/** Those among it that must not even rest sealed. */
const untold = new Map<string, Set<string>>();
const expected = { records: 0, entries: 0 };
const leaks = { row: '', log: '' };
let rows = '';
let files: Buffer = Buffer.alloc(0);
let unsealed = '';

beforeAll(async () => {
  database = await freshDatabase();
  open = await openDatabase(
    {
      url: database.env.DATABASE_URL,
      ownerUrl: database.env.DATABASE_OWNER_URL,
      directUrl: undefined,
      dataDir: database.dataDir,
      poolSize: 5,
    },
    log,
  );
  const settings = { admitWaitMs: 10_000, settleWaitMs: 10_000, batchSize: 200, queueSize: 5_000 };
  const heads = new PublishedHeads({ file: join(database.dataDir, 'heads'), url: undefined }, log);
  const keys = signingKeys(generateKeyPairSync('ed25519').privateKey);
  const keeping = { everyMs: 1_000, alone: !onPostgres };
  const keeper = new ChainKeeper(open.client, heads, keys, keeping, log);
  ledger = new Ledger(ledgerStore(open.client), keeper, settings, log);
  tallies = new Tallies(ledger, log);
  for (const offered of offeredCalls) await live(offered);
  await leakOnPurpose();
  await tallies.stop();
  await ledger.close(5_000);
  await keeper.stop();
  unsealed = await payloads();
  await open.close();
  rows = await rowsOf(database);
  if (!onPostgres) files = filesOf(database.dataDir);
});
afterAll(() => database?.drop());

function pipelineOver(line: ProviderLine): Pipeline {
  const flows = new Flows(open.client, new Sealer([sealKey], 'flow'), digester);
  const repeats = new Repeats(open.client, sealer, { waitMs: 10_000, pollMs: 20, atMost: 10 });
  const lines = new Map([[line.provider.id, line]]);
  return new Pipeline(ledger, repeats, flows, digester, sealer, lines, noLimits, tallies, log);
}

/** All that entries hold sealed. */
async function payloads(): Promise<string> {
  const records = await open.client.auditRecord.findMany({ include: { entries: true } });
  const texts = records.flatMap(({ entries, ...record }) => {
    const key = sealer.open(record);
    return entries.flatMap(({ kind, leaf }) => {
      const { sealed } = JSON.parse(Buffer.from(leaf).toString('utf8')) as { sealed?: string };
      return key && sealed ? [JSON.stringify(unseal(key, record.id, kind, sealed))] : [];
    });
  });
  return texts.join('\n');
}

/** Every ending that a call can have, each with its idempotency key and, where it began one, its flow. */
async function live(offered: OfferedCall): Promise<void> {
  const { provider, operation, described, call, title } = offered;
  const values = new Set<string>();
  told.set(title, values);
  const secrets = new Set<string>();
  untold.set(title, secrets);
  const stage = await openStage(provider);
  const echo = await serve((request, response) => request.pipe(response));
  const silence = await serve(() => {});
  const elsewhere = (url: string, more: Record<string, string> = {}) =>
    stage.line({ ...call.variables, [`${prefixOf(provider)}_URL`]: url, ...more });
  const deadline = Object.fromEntries(
    Object.keys(provider.environment.shape)
      .filter((name) => name.endsWith('_DEADLINE_MS'))
      .map((name) => [name, '1500']),
  );
  try {
    const prefix = ['', '90', '92', '93'][call.step] ?? '';
    const scenarios = described.subject === 'NOBODY' ? ['0000'] : ['0000', `${prefix}01`, `${prefix}05`];
    for (const lastFour of scenarios) {
      const subject = newSubject(described.subject, lastFour);
      const input = await prepared(offered, stage, subject, values);
      const wish = request(offered, subject, input);
      const settled = await run(stage.line(call.variables), wish);
      expect([title, lastFour, settled.outcome]).toEqual([
        title,
        lastFour,
        { '01': 'REFUSED', '05': 'UNKNOWN' }[lastFour.slice(2)] ?? 'ACCEPTED',
      ]);
      if (settled.outcome !== 'ACCEPTED') continue;
      // Not every variant of a call is told each of them.
      for (const member of described.secrets) {
        const value = settled.value[member];
        if (value !== undefined) values.add(String(value));
        if (value !== undefined) secrets.add(String(value));
      }

      const again = { ...wish, requestId: uuidv7() };
      const repeated = await run(stage.line(call.variables), again, operation.repeatable ? 1 : 0);
      // That it was repeated is a line in the history of the first.
      expected.entries += 1;
      expect(repeated).toMatchObject({ outcome: 'ACCEPTED', replayed: true, requestId: wish.requestId });
      if (repeated.outcome !== 'ACCEPTED' || operation.repeatable) continue;
      const { value } = repeated;
      for (const member of described.secrets) expect([member, value[member] ?? null]).toEqual([member, null]);
    }
    const subject = newSubject(described.subject);
    const input = await prepared(offered, stage, subject, values);
    // Told back by somebody who answers with what he was asked, and told to nobody at all.
    await run(elsewhere(echo.url), request(offered, subject, input));
    await run(elsewhere(silence.url, deadline), request(offered, subject, input));
    await expect(run(elsewhere('http://127.0.0.1:9'), request(offered, subject, input))).rejects.toThrow();
  } finally {
    await Promise.all([stage.close(), echo.close(), silence.close()]);
  }
}

async function prepared(
  { title, described, call }: OfferedCall,
  stage: Stage,
  subject: string,
  values: Set<string>,
): Promise<unknown> {
  const input = await call.prepare(subject, stage.talk(call.variables));
  // A phone may be known by its mask.
  if (described.subject !== 'NOBODY') values.add(subject.replace(/^\+86/, ''));
  for (const value of call.neverRests(input)) values.add(value);
  for (const member of described.inputSecrets) {
    const value = (input as AnyValue)[member];
    if (value !== undefined) untold.get(title)?.add(String(value));
  }
  return input;
}

function request({ operation, described, call }: OfferedCall, subject: string, input: unknown): Request {
  const kind = described.subject;
  return {
    requestId: uuidv7(),
    asker: { actor: 'an-actor', client: 'h5' },
    operation,
    input,
    phone: kind === 'phone' ? subject : undefined,
    subjects: kind === 'NOBODY' ? [] : [{ kind, value: subject }],
    idempotencyKey: uuidv7(),
    repeatable: input,
    // What is personal in a conversation is sealed, secrets of its answers as well.
    ...(call.step === 1 && !operation.repeatable
      ? {
          step: {
            from: { begin: { state: { at: 'BEGINNING' }, personal: input } },
            after: (_: unknown, settled: unknown) => ({
              state: { at: 'LATER' },
              personal: { input, settled },
            }),
          },
        }
      : {}),
  };
}

/** @param calls how many records it makes */
async function run(line: ProviderLine, wish: Request, calls = 1): Promise<Settled<AnyValue>> {
  expected.records += calls;
  expected.entries += 2 * calls;
  return pipelineOver(line).run(wish);
}

/** The same pipeline, with operations that tell their subject where it does not belong, and declare it clear. */
async function leakOnPurpose(): Promise<void> {
  const [offered] = offeredCalls.filter(({ described }) => described.subject === 'phone');
  if (!offered) throw new Error('no provider knows phones');
  const { provider, operation, call } = offered;
  const stage = await openStage(provider);
  const leaking = async (
    read: (phone: string) => AnyOperation['read'],
    more: (phone: string) => Partial<Request> = () => ({}),
  ) => {
    const phone = newSubject('phone');
    const input = await call.prepare(phone, stage.talk());
    const talkative = { ...operation, read: read(phone) };
    const line = openLine(provider as Provider, settingsOf(provider, {}, stage.url));
    await run(line, { ...request(offered, phone, input), ...more(phone), operation: talkative });
    await line.close();
    return phone.slice(3);
  };
  try {
    const well = { accepted: {}, providerCode: '0' };
    leaks.row = await leaking(
      () => () => well,
      (phone) => ({ purpose: phone.slice(3) }),
    );
    leaks.log = await leaking((phone) => () => {
      throw new UnreadableAnswer('not JSON', phone);
    });
  } finally {
    await stage.close();
  }
}

const count = (table: string) => rows.split('\n').filter((row) => row.includes(`${table} (`)).length;

/** Those of a few signs are looked for as words, since their signs are in many a number. */
function found(text: string, values: readonly string[]): string[] {
  const long = values.filter((value) => value.length > 7);
  const words = values.filter((value) => value.length <= 7);
  return [
    ...secretsIn(text, long),
    ...words.filter((value) => new RegExp(`(?<![\\w.])${value}(?![\\w.])`).test(text)),
  ];
}

/** What was deleted or changed since may still be there. */
function foundInFiles(values: readonly string[]): string[] {
  return secretsIn(
    files,
    values.filter((value) => value.length > 7),
  );
}

describe.each(titled(offeredCalls))('%s', (title) => {
  const values = () => [...(told.get(title) ?? [])];

  it('leaves nothing of what it was told in a row', () => {
    // What is short is in many a row, and an absent secret proves nothing.
    expect(values().filter((value) => value.length < 5)).toEqual([]);
    expect(found(rows, values())).toEqual([]);
  });

  it('leaves nothing of it in a leaf of the log that auditors read', () => {
    expect(found(leaves(), values())).toEqual([]);
  });

  it('leaves no secret of it in what its entries hold sealed, and all else', () => {
    const secrets = [...(untold.get(title) ?? [])];
    expect(found(unsealed, secrets)).toEqual([]);
    const personal = values().filter((value) => !secrets.includes(value));
    expect(found(unsealed, personal).sort()).toEqual(personal.sort());
  });

  it('leaves nothing of it in a line of the log', () => {
    expect(found(logged, values())).toEqual([]);
  });

  it('leaves nothing of it in a file of the embedded database', () => {
    expect(foundInFiles(values())).toEqual([]);
  });
});

/** Leaves rest as bytes. */
function leaves(): string {
  return Array.from(rows.matchAll(/\\x([0-9a-f]{40,})/g), ([, hex = '']) =>
    Buffer.from(hex, 'hex').toString('utf8'),
  ).join('\n');
}

describe('the search', () => {
  it('looked at a record, and two entries, of every call, and one of every repeat', () => {
    expect(count('audit_record')).toBe(expected.records);
    expect(count('audit_entry')).toBe(expected.entries);
    expect(count('flow')).toBeGreaterThan(0);
    expect(count('idempotency_key')).toBeGreaterThan(0);
    expect(leaves()).toContain('"requestKind":"VERIFICATION_CODE"');
    expect(logged).toContain("the provider's answer cannot be read");
    expect(logged).toContain('the exchange with the provider failed');
  });

  it('finds what leaks', () => {
    expect(found(rows, [leaks.row, leaks.log])).toEqual([leaks.row]);
    expect(found(logged, [leaks.row, leaks.log])).toEqual([leaks.log]);
    if (!onPostgres) expect(foundInFiles([leaks.row, leaks.log])).toEqual([leaks.row]);
    expect(found('a 482915 b', ['482915'])).toEqual(['482915']);
    expect(found('a 1482915 b', ['482915'])).toEqual([]);
  });
});

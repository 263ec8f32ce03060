// No search reads a table from end to end, though its plans were made while the tables were empty and nobody has
// gathered statistics since. Postgres counts how each table is read; the embedded database takes the same functions.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { classOf } from '../../src/audit/record-class.js';
import { type RecordFilter, RecordSearch } from '../../src/audit/search.js';
import { LogSummary } from '../../src/audit/summary.js';
import { type Database, openDatabase } from '../../src/db/client.js';
import { Digester } from '../../src/limits/subject.js';
import { freshDatabase, onPostgres, type TestDatabase } from '../support/database.js';

const outcomes = ['ACCEPTED', 'REFUSED', 'UNKNOWN', 'DENIED'] as const;
const classes = ['h5', 'console'].flatMap((client) =>
  outcomes.map((outcome) =>
    classOf(
      { kind: 'VERIFICATION_CODE', provider: 'usercoin', operation: 'send', purpose: 'REGISTER', client },
      outcome,
    ),
  ),
);
const subject = { kind: 'personId', value: 'P1' } as const;

/** Records of five weeks, settled but for the newest, one in fifty about one person. */
const fill = `
  WITH made AS (
    SELECT i, (lpad(to_hex((extract(epoch FROM now() - i * interval '10 minutes') * 1000)::bigint), 12, '0')
             || '7' || substr(md5(i::text), 1, 3) || '8' || substr(md5(i::text), 4, 15))::uuid AS id,
           CASE WHEN i % 50 = 0 THEN ARRAY[decode($1, 'hex')] ELSE ARRAY[sha256(i::text::bytea)] END AS subjects
    FROM generate_series(0, 4999) AS i
  ), records AS (
    INSERT INTO audit_record (id, kind, provider, operation, purpose, client, outcome, class, actor, flow,
      provider_reference, subjects, created_at, due_at)
    SELECT m.id, c.kind, c.provider, c.operation, c.purpose, c.client, CASE WHEN i < 3 THEN 'PENDING' ELSE c.outcome END,
           CASE WHEN i >= 3 THEN c.id END, 'user-' || i % 7, m.id, 'T' || i, m.subjects, now(), now()
    FROM made m JOIN (SELECT *, row_number() OVER (ORDER BY id) - 1 AS nth FROM audit_class) c ON c.nth = m.i % 8
    RETURNING id, class, subjects
  ), subjects AS (
    INSERT INTO audit_subject SELECT s, class, id FROM records, unnest(subjects) AS s WHERE class IS NOT NULL
  )
  INSERT INTO audit_entry (chain, position, record_id, kind, at, leaf, hash, previous_hash)
  SELECT first_uuid_at(date_trunc('month', now()) - i / 2500 * interval '1 month'), i + 1, id, 'INTENT', now(), '', '', ''
  FROM made`;

(onPostgres ? describe : describe.skip)('a search', () => {
  let database: TestDatabase;
  let open: Database;
  let search: RecordSearch;
  const digester = new Digester(Buffer.alloc(32, 1));

  beforeAll(async () => {
    database = await freshDatabase();
    const { DATABASE_URL: url, DATABASE_OWNER_URL: ownerUrl = '' } = database.env;
    const settings = { url, ownerUrl, directUrl: undefined, dataDir: database.dataDir, poolSize: 1 };
    open = await openDatabase(settings, { info: () => {}, error: () => {} }, true);
    search = new RecordSearch(open.client, digester);
    const owner = new pg.Client({ connectionString: ownerUrl });
    await owner.connect();
    await owner.query("SELECT make_partitions(2, now() - interval '2 months')");
    await owner.query(
      'INSERT INTO audit_class SELECT * FROM jsonb_populate_recordset(NULL::audit_class, $1::jsonb)',
      [JSON.stringify(classes)],
    );
    // Every statement that is reached is planned now.
    await askEverything();
    await owner.query(fill, [digester.subject(subject)]);
    await owner.end();
  });
  afterAll(async () => {
    await open?.close();
    await database?.drop();
  });

  const conditions: RecordFilter = {
    subject,
    purpose: 'REGISTER',
    kind: 'VERIFICATION_CODE',
    provider: 'usercoin',
    outcomes: ['REFUSED', 'PENDING'],
    actor: 'user-1',
    client: 'h5',
    from: new Date(Date.now() - 30 * 86_400_000),
    to: new Date(Date.now() + 60_000),
    flow: '01a00000-0000-7000-8000-000000000000',
    providerReference: 'T77',
  };

  /** With no condition, with each and with each pair; and all else that reads the log. @returns records found */
  async function askEverything(): Promise<number> {
    let found = 0;
    const entries = Object.entries(conditions);
    for (const [at, one] of entries.entries()) {
      for (const pair of [[], [one], ...entries.slice(at + 1).map((other) => [one, other])]) {
        found += (await search.page(Object.fromEntries(pair), 50)).records.length;
      }
    }
    const { records } = await search.page({}, 50);
    const ids = records.map(({ id }) => id);
    await search.entriesOf(ids);
    await search.records(ids);
    await search.idsSince(new Date(Date.now() - 15_000), 100);
    const month = { from: new Date(Date.now() - 31 * 86_400_000), to: new Date(), unit: 'DAY' } as const;
    await new LogSummary(open.client).outcomes(month);
    await new LogSummary(open.client).denials(month);
    return found;
  }

  async function sequentialScans(): Promise<Record<string, number>> {
    await open.client.$queryRaw`SELECT pg_stat_force_next_flush()::text`;
    const rows = await open.client.$queryRaw<{ name: string; scans: number }[]>`
      SELECT relname AS name, seq_scan::integer AS scans FROM pg_stat_user_tables
      WHERE relname LIKE 'audit_%' AND relname NOT LIKE 'audit_checkpoint%'`;
    return Object.fromEntries(rows.map(({ name, scans }) => [name, scans]));
  }

  it('reads no table from end to end', async () => {
    const before = await sequentialScans();
    expect(await askEverything()).toBeGreaterThan(1_000);
    expect(await sequentialScans()).toEqual(before);
  });
});

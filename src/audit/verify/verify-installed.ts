// What answers auditors and what guards the log is what the migrations made: each function, by its source and its
// settings; that no other one is found in its place; each table, so that no view, rule or policy stands before its rows;
// and each trigger that refuses changes, on every partition.
import { StartupError } from '../../errors.js';
import type { Faults } from './faults.js';
import { fingerprints } from './fingerprints.generated.js';
import {
  digestOf,
  type Installed,
  type InstalledTable,
  type InstalledTriggers,
  installedSql,
  readInstalled,
} from './installed.js';
import type { LogReader } from './log-reader.js';

const sql = installedSql(Object.keys(fingerprints.functions), Object.keys(fingerprints.tables));

/**
 * @returns how many functions were compared
 * @throws StartupError where the database is of another version than this program
 */
export async function verifyInstalled(reader: LogReader, faults: Faults): Promise<number> {
  await expectSameVersion(reader);
  const installed = readInstalled((await reader.query<{ installed: string }>(sql))[0]);
  const [first] = installed.path.filter((schema) => !schema.startsWith('pg_temp'));
  if (first !== 'pg_catalog') {
    faults.row('search_path', installed.path.join(','), 'names of Postgres are looked for elsewhere before');
  }
  verifyFunctions(installed, faults);
  for (const name of installed.operators) {
    faults.row('operator', name, 'it can stand in for one of Postgres');
  }
  verifyTables(installed, faults);
  return Object.keys(fingerprints.functions).length;
}

/** Another one has other functions, which is no fault of anybody. */
async function expectSameVersion(reader: LogReader): Promise<void> {
  const rows = await reader.query<{ name: string }>(
    'SELECT migration_name AS name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL',
  );
  const applied = new Set(rows.map(({ name }) => name));
  const missing = fingerprints.migrations.find((name) => !applied.has(name));
  if (missing !== undefined) {
    throw new StartupError([`the database is older than this program: it lacks the migration ${missing}`]);
  }
  const unknown = rows.find(({ name }) => !fingerprints.migrations.includes(name));
  if (unknown) {
    throw new StartupError([
      `this program is older than the database, or not its own: it has no ${unknown.name}`,
    ]);
  }
}

function verifyFunctions({ functions, schema, path }: Installed, faults: Faults): void {
  const own = path.indexOf(schema) + 1;
  for (const [name, digest] of Object.entries(fingerprints.functions)) {
    const same = functions.filter((one) => one.name === name);
    const genuine = same.filter((one) => one.schema === schema && digestOf(one) === digest);
    const [one] = genuine;
    const others = same.filter((other) => other !== one);
    if (!one) {
      const what = others.some((other) => other.schema === schema)
        ? 'is not what the migrations made'
        : 'is gone';
      faults.row('function', name, `it ${what}`);
    }
    for (const other of others) {
      if (!one && other.schema === schema) continue;
      // After it, one for the same arguments is never found.
      if (one && other.place > own && other.types === one.types) continue;
      faults.row('function', `${other.schema}.${name}`, `it can stand in for that of ${schema}`);
    }
  }
  for (const { schema: of, name, arguments: given, overloads } of functions) {
    if (overloads) faults.row('function', `${of}.${name}(${given})`, 'it can stand in for one of Postgres');
  }
}

function verifyTables({ tables, schema, path }: Installed, faults: Faults): void {
  const own = path.indexOf(schema) + 1;
  for (const [name, { kind, triggers }] of Object.entries(fingerprints.tables)) {
    const wrong = (what: string) => faults.row('table', name, what);
    const same = tables.filter((one) => one.name === name);
    const table = same.find((one) => one.schema === schema);
    for (const other of same) {
      if (other !== table && other.place < own) {
        faults.row('table', `${other.schema}.${name}`, `it stands in for that of ${schema}`);
      }
    }
    if (!table) wrong('it is gone');
    else if (table.kind !== kind) wrong('it is not the kind of table that the migrations made');
    else {
      if (table.secured) wrong('row-level security hides rows of it');
      if (table.rules > 0) wrong('a rule changes what is asked of it');
      verifyTriggers(table, triggers, faults);
    }
  }
}

function verifyTriggers(
  table: InstalledTable,
  expected: Readonly<Record<string, string>>,
  faults: Faults,
): void {
  for (const member of table.triggers) {
    const { table: name, kind, triggers } = member;
    if (name !== table.name && kind !== 'r')
      faults.row('table', name, 'it is no partition of a kind that is made');
    for (const trigger of Object.keys(expected)) compareTrigger(member, trigger, expected[trigger], faults);
    for (const { name: trigger } of triggers) {
      if (expected[trigger] === undefined)
        faults.row('trigger', `${trigger} of ${name}`, 'the migrations made none');
    }
  }
}

function compareTrigger(
  { table, triggers }: InstalledTriggers,
  name: string,
  does: string | undefined,
  faults: Faults,
): void {
  const wrong = (what: string) => faults.row('trigger', `${name} of ${table}`, what);
  const trigger = triggers.find((one) => one.name === name);
  if (!trigger) wrong('the trigger is gone');
  else if (trigger.does !== does) wrong('the trigger is not what the migrations made');
  else if (!trigger.on) wrong('the trigger is off');
}

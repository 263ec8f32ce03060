// Changes that somebody might make to a log who may do anything: of every column of every table that an auditor's
// answer reads, of one row or of many, at random. A run is repeated by its seed.
import type { Random } from '../support/mutated-answers.js';
import type { LogSession } from './log-session.js';

/** What an auditor's answer reads. Auditors are not shown the columns that are left out. */
const covered: Readonly<Record<string, { key: readonly string[]; but?: readonly string[] }>> = {
  audit_entry: { key: ['chain', 'position'] },
  audit_record: { key: ['id'], but: ['due_at', 'answer', 'frees_key'] },
  audit_subject: { key: ['digest', 'class', 'record_id'] },
  audit_class: { key: ['id'] },
  audit_rollup: { key: ['bucket', 'chain', 'provider', 'kind', 'outcome', 'rule'] },
  audit_checkpoint: { key: ['chain', 'serial'] },
  audit_erasure: { key: ['erasure', 'record_id'] },
  audit_integrity: { key: ['serial'] },
  // Which record counts the denials of a day is how the server goes on.
  send_budget: { key: ['day', 'scope'], but: ['denied_records'] },
};

/** What has none of it is in no partition. */
const partitionedBy: Readonly<Record<string, string>> = {
  audit_entry: 'chain',
  audit_record: 'id',
  audit_subject: 'record_id',
};

export interface Tampering {
  /** For people. */
  what: string;
  sql: string[];
}

interface Row {
  /** Says which row it is. */
  place: string;
  values: Record<string, string | null>;
}

interface Table {
  name: string;
  key: readonly string[];
  /** Type by column. */
  columns: Map<string, string>;
  rows: Row[];
}

export class Tamperer {
  private constructor(
    private readonly tables: readonly Table[],
    private readonly random: Random,
  ) {}

  /** Reads the log, and takes off keys and what must not be null, so that rows can be made so, or stand there twice. */
  static async over(session: LogSession, random: Random): Promise<Tamperer> {
    const tables: Table[] = [];
    for (const [name, { key, but = [] }] of Object.entries(covered)) {
      const found = await session.query<{ name: string; type: string }>(`
        SELECT attname::text AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute
        WHERE attrelid = '${name}'::regclass AND attnum > 0 AND NOT attisdropped`);
      const columns = new Map(
        found.flatMap((column) => (but.includes(column.name) ? [] : [[column.name, column.type]])),
      );
      await session.query(`ALTER TABLE ${name} DROP CONSTRAINT IF EXISTS ${name}_pkey`);
      for (const column of columns.keys()) {
        if (partitionedBy[name] !== column)
          await session.query(`ALTER TABLE ${name} ALTER COLUMN ${column} DROP NOT NULL`);
      }
      const rows = await session.query<Record<string, string | null>>(`
        SELECT tableoid::text AS "+table", ctid::text AS "+row",
          ${[...columns.keys()].map((column) => `${column}::text AS ${column}`).join(', ')}
        FROM ${name}`);
      tables.push({
        name,
        key,
        columns,
        rows: rows.map(({ '+table': table, '+row': row, ...values }) => ({
          place: `tableoid = ${table} AND ctid = '${row}'`,
          values,
        })),
      });
    }
    return new Tamperer(tables, random);
  }

  /** Every column, and what makes changes of it. */
  *everyColumn(): Generator<{ column: string; change: () => Tampering }> {
    for (const table of this.tables) {
      for (const column of table.columns.keys()) {
        const change = () => this.until(() => this.changeColumn(table, column));
        yield { column: `${table.name}.${column}`, change };
      }
    }
  }

  next(): Tampering {
    return this.until(() => {
      const table = this.pick(this.tables);
      const kinds = [
        () => this.changeColumn(table, this.pick([...table.columns.keys()])),
        () => this.changeColumn(table, this.pick([...table.columns.keys()])),
        () => this.changeColumn(table, this.pick([...table.columns.keys()])),
        () => this.removeRow(table),
        () => this.insertRow(table),
        () => this.repeatRow(table),
        () => this.swap(table),
        () => this.cutTail(),
        () => this.removeChain(),
      ];
      return this.pick(kinds)();
    });
  }

  private until(make: () => Tampering | null): Tampering {
    for (let attempt = 0; attempt < 1_000; attempt += 1) {
      const made = make();
      if (made) return made;
    }
    throw new Error('nothing can be changed');
  }

  private changeColumn(table: Table, column: string): Tampering | null {
    const row = this.pick(table.rows);
    const type = table.columns.get(column) ?? '';
    const before = row.values[column] ?? null;
    const after = this.otherThan(table, column, type, before);
    if (after === before) return null;
    // Which key sealed what has been destroyed is in no answer, and nothing can be opened with it.
    if (column === 'key_id' && row.values.erased_at !== null) return null;
    return {
      what: `${table.name}.${column} from ${shorten(before)} to ${shorten(after)} where ${keyOf(table, row)}`,
      sql: [`UPDATE ${table.name} SET ${column} = ${literal(after, type)} WHERE ${row.place}`],
    };
  }

  private otherThan(table: Table, column: string, type: string, value: string | null): string | null {
    const others = () => this.pick(table.rows).values[column] ?? null;
    const common = [others, () => null];
    if (value === null) return this.pick([others, () => this.some(type)])();
    if (type === 'text') {
      return this.pick([
        ...common,
        () => '',
        () => `${value}x`,
        () => value.slice(0, -1),
        () => this.withOtherCharacter(value),
      ])();
    }
    if (type === 'integer' || type === 'bigint') {
      const step = (by: bigint) => String(BigInt(value) + by);
      return this.pick([...common, () => step(1n), () => step(-1n), () => '0'])();
    }
    if (type === 'uuid') return this.pick([...common, () => this.withOtherDigit(value)])();
    if (type === 'bytea') {
      return this.pick([
        ...common,
        () => this.withOtherDigit(value),
        () => `${value}00`,
        () => value.slice(0, -2),
        () => '\\x',
      ])();
    }
    if (type.startsWith('timestamp')) {
      const moved = (ms: number) => new Date(Date.parse(`${value.replace(' ', 'T')}:00`) + ms).toISOString();
      return this.pick([...common, () => moved(1), () => moved(-3_600_000), () => moved(86_400_000)])();
    }
    if (type === 'date') {
      return this.pick([
        ...common,
        () => '2026-01-01',
        () => '2026-12-31',
        () => 'infinity',
        () => '10000-01-01',
      ])();
    }
    if (type.endsWith('[]')) return this.pick([...common, () => '{}', () => this.withOtherDigit(value)])();
    throw new Error(`${type} is not known`);
  }

  /** Where there is nothing. */
  private some(type: string): string {
    if (type === 'text') return this.pick(['', 'something']);
    if (type === 'integer' || type === 'bigint') return '1';
    if (type === 'uuid') return '01900000-0000-7000-8000-000000000000';
    if (type === 'bytea') return '\\x00';
    if (type === 'bytea[]') return '{"\\\\x00"}';
    if (type === 'integer[]') return '{1}';
    if (type === 'date') return '2026-01-01';
    return '2026-01-01 00:00:00+00';
  }

  private removeRow(table: Table): Tampering | null {
    const row = this.pick(table.rows);
    if (table.name === 'audit_class' && !this.isUsed(row)) return null;
    if (table.name === 'audit_checkpoint' && this.isNewest(row)) return null;
    return {
      what: `${table.name} without ${keyOf(table, row)}`,
      sql: [`DELETE FROM ${table.name} WHERE ${row.place}`],
    };
  }

  private insertRow(table: Table): Tampering | null {
    const row = this.pick(table.rows);
    const changed = this.pick(table.key);
    const type = table.columns.get(changed) ?? '';
    const value = this.otherThan(table, changed, type, row.values[changed] ?? null);
    if (value === null && this.isInNoAnswer(table, changed)) return null;
    return {
      what: `${table.name} with another one like ${keyOf(table, row)}, ${changed} ${value}`,
      sql: [this.copyOf(table, row, (column) => (column === changed ? literal(value, type) : column))],
    };
  }

  private repeatRow(table: Table): Tampering | null {
    const row = this.pick(table.rows);
    return {
      what: `${table.name} with ${keyOf(table, row)} twice`,
      sql: [this.copyOf(table, row, (column) => column)],
    };
  }

  private copyOf(table: Table, row: Row, valueIn: (column: string) => string): string {
    const all = [...table.columns.keys()];
    const columns = table.name === 'audit_record' ? [...all, 'due_at', 'answer', 'frees_key'] : all;
    return `INSERT INTO ${table.name} (${columns.join(', ')})
      SELECT ${columns.map(valueIn).join(', ')} FROM ${table.name} WHERE ${row.place}`;
  }

  /** Whether nobody is shown a row that lacks this. */
  private isInNoAnswer(table: Table, column: string): boolean {
    return (
      table.name === 'audit_checkpoint' ||
      table.name === 'audit_integrity' ||
      (table.name === 'audit_subject' && column === 'digest') ||
      (table.name === 'audit_erasure' && column === 'record_id')
    );
  }

  private swap(table: Table): Tampering | null {
    const [one, other] = [this.pick(table.rows), this.pick(table.rows)];
    const column = this.pick([...table.columns.keys()]);
    const type = table.columns.get(column) ?? '';
    const [a = null, b = null] = [one.values[column], other.values[column]];
    if (a === b || column === 'key_id') return null;
    // Rows that differ in nothing else are what they were.
    if (
      [...table.columns.keys()].every((name) => name === column || one.values[name] === other.values[name])
    ) {
      return null;
    }
    return {
      what: `${table.name}.${column} of ${keyOf(table, one)} and of ${keyOf(table, other)} swapped`,
      sql: [
        `UPDATE ${table.name} SET ${column} = CASE WHEN ${one.place} THEN ${literal(b, type)} ELSE ${literal(a, type)} END
         WHERE (${one.place}) OR (${other.place})`,
      ],
    };
  }

  /** The last entries of a chain, their checkpoints, and what they began. */
  private cutTail(): Tampering | null {
    const { chain, position } = this.pick(this.table('audit_entry').rows).values;
    // What no checkpoint covers yet is what the verifier cannot protect.
    if (!this.isCovered(chain, Number(position))) return null;
    const gone = `SELECT record_id FROM audit_entry WHERE chain = '${chain}' AND position >= ${position} AND kind <> 'OUTCOME'`;
    return {
      what: `${chain} cut off at ${position}`,
      sql: [
        `DELETE FROM audit_subject WHERE record_id IN (${gone})`,
        `DELETE FROM audit_record WHERE id IN (${gone})`,
        `DELETE FROM audit_entry WHERE chain = '${chain}' AND position >= ${position}`,
        `DELETE FROM audit_checkpoint WHERE chain = '${chain}'
         AND (substring(statement FROM '"position":(\\d+)'))::integer >= ${position}`,
      ],
    };
  }

  /** A chain as if it had never been, with all that began in it. */
  private removeChain(): Tampering | null {
    const { chain } = this.pick(this.table('audit_entry').rows).values;
    const gone = `SELECT record_id FROM audit_entry WHERE chain = '${chain}'`;
    return {
      what: `all of ${chain} gone`,
      sql: [
        `DELETE FROM audit_subject WHERE record_id IN (${gone})`,
        `DELETE FROM audit_erasure WHERE record_id IN (${gone}) OR erasure IN (${gone})`,
        `DELETE FROM audit_record WHERE id IN (${gone})`,
        ...['audit_entry', 'audit_checkpoint', 'audit_rollup'].map(
          (table) => `DELETE FROM ${table} WHERE chain = '${chain}'`,
        ),
        `DELETE FROM audit_chain WHERE id = '${chain}'`,
      ],
    };
  }

  private table(name: string): Table {
    const table = this.tables.find((one) => one.name === name);
    if (!table) throw new Error(`no table ${name}`);
    return table;
  }

  /** Its process may have been killed after it was published and before it was stored: the verifier cannot tell. */
  private isNewest(row: Row): boolean {
    const at = ({ values }: Row) => /"at":"([^"]+)"/.exec(values.statement ?? '')?.[1] ?? '';
    return this.table('audit_checkpoint').rows.every((other) => at(other) <= at(row));
  }

  private isCovered(chain: string | null | undefined, position: number): boolean {
    return this.table('audit_checkpoint').rows.some(({ values }) => {
      const signed = /"position":(\d+)/.exec(values.statement ?? '')?.[1];
      return values.chain === chain && Number(signed) >= position;
    });
  }

  /** A class that no record is in is in no answer. */
  private isUsed(row: Row): boolean {
    return this.table('audit_record').rows.some(({ values }) => values.class === row.values.id);
  }

  private pick<Item>(items: readonly Item[]): Item {
    const item = items[Math.floor(this.random() * items.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  }

  private withOtherCharacter(text: string): string {
    const at = Math.floor(this.random() * text.length);
    const character = text.charCodeAt(at) === 120 ? 'y' : 'x';
    return text.slice(0, at) + character + text.slice(at + 1);
  }

  /** Another hex digit somewhere. */
  private withOtherDigit(text: string): string {
    const places = [...text.matchAll(/(?<!\\)[0-9a-f]/g)].map(({ index }) => index);
    if (places.length === 0) return text;
    const at = this.pick(places);
    const digit = (
      (Number.parseInt(text[at] ?? '', 16) + 1) %
      (text.includes('x') || text.includes('-') ? 16 : 10)
    ).toString(16);
    return text.slice(0, at) + digit + text.slice(at + 1);
  }
}

function literal(value: string | null, type: string): string {
  return value === null ? 'NULL' : `'${value.replaceAll("'", "''")}'::${type}`;
}

function keyOf({ key }: Table, { values }: Row): string {
  return key.map((column) => `${column} ${shorten(values[column] ?? null)}`).join(', ');
}

function shorten(value: string | null): string {
  if (value === null) return 'NULL';
  return value.length > 60 ? `${value.slice(0, 60)}…` : `'${value}'`;
}

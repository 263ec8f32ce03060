// The dictionary of classes: each row is what its id is made of, and the classes that records are in are there.
import type { Outcome } from '../entry.js';
import { classOf } from '../record-class.js';
import type { Faults } from './faults.js';
import type { LogReader } from './log-reader.js';

interface Row {
  id: string;
  kind: string;
  provider: string | null;
  operation: string;
  purpose: string | null;
  client: string | null;
  outcome: string;
}

const columns = 'SELECT id::text, kind, provider, operation, purpose, client, outcome FROM audit_class';

export class ClassTable {
  private readonly missing = new Set<string>();

  private constructor(
    private readonly reader: LogReader,
    private readonly faults: Faults,
    private readonly known: Set<string>,
  ) {}

  static async read(reader: LogReader, faults: Faults): Promise<ClassTable> {
    const table = new ClassTable(reader, faults, new Set());
    const rows = await reader.query<Row>(columns);
    table.learn(rows);
    // A search would find every record of such a class twice.
    const seen = new Set<string>();
    for (const { id } of rows) {
      if (seen.has(id)) faults.row('audit_class', id, 'it is there twice');
      seen.add(id);
    }
    return table;
  }

  /** Looks anew for a class that was not there before: the log goes on. */
  async require(id: string): Promise<void> {
    if (this.known.has(id) || this.missing.has(id)) return;
    this.learn(await this.reader.query<Row>(`${columns} WHERE id = ${BigInt(id)}`));
    if (this.known.has(id)) return;
    this.missing.add(id);
    this.faults.row('audit_class', id, 'records are in it, and it is gone');
  }

  private learn(rows: readonly Row[]): void {
    for (const row of rows) {
      this.known.add(row.id);
      if (classOf(row, row.outcome as Outcome).id !== row.id) {
        this.faults.row('audit_class', row.id, 'its columns are not what its id is made of');
      }
    }
  }
}

// Finds records: newest first, by keyset, so that a page stays the same while newer records arrive; and by indexes
// alone, whatever the filter and however many records there are. How is said at audit_search (prisma/migrations).
import { Prisma, type PrismaClient } from '../db/generated/client.js';
import type {
  AuditEntryModel as AuditEntry,
  AuditRecordModel as AuditRecord,
} from '../db/generated/models.js';
import type { Digester, Subject } from '../limits/subject.js';
import { firstIdAt, isId } from './record-time.js';

export interface RecordFilter {
  subject?: Subject | undefined;
  flow?: string | undefined;
  purpose?: string | undefined;
  providerReference?: string | undefined;
  kind?: string | undefined;
  provider?: string | undefined;
  outcomes?: readonly string[] | undefined;
  actor?: string | undefined;
  client?: string | undefined;
  /** Inclusive. */
  from?: Date | undefined;
  /** Exclusive. */
  to?: Date | undefined;
}

export interface RecordPage {
  records: AuditRecord[];
  hasNextPage: boolean;
}

/** Where the database keeps each member of the model. */
const columnOf: Record<keyof AuditRecord, string> = {
  id: 'id',
  kind: 'kind',
  provider: 'provider',
  operation: 'operation',
  purpose: 'purpose',
  outcome: 'outcome',
  maskedPhone: 'masked_phone',
  actor: 'actor',
  client: 'client',
  flow: 'flow',
  providerCode: 'provider_code',
  providerReference: 'provider_reference',
  rule: 'rule',
  retryAfterMs: 'retry_after_ms',
  replays: 'replays',
  createdAt: 'created_at',
  settledAt: 'settled_at',
  latencyMs: 'latency_ms',
  erasedAt: 'erased_at',
  erasedBy: 'erased_by',
  class: 'class',
  subjects: 'subjects',
  salt: 'salt',
  dataKey: 'data_key',
  keyId: 'key_id',
  dueAt: 'due_at',
  answer: 'answer',
  freesKey: 'frees_key',
  destination: 'destination',
};
const columns = Prisma.raw(
  Object.entries(columnOf)
    .map(([member, column]) => `${column} AS "${member}"`)
    .join(', '),
);

export class RecordSearch {
  /** Whose histories are read next. */
  private asked: { ids: Set<string>; read: Promise<Map<string, AuditEntry[]>> } | undefined;

  /** @param reading where what may be a moment old is read */
  constructor(
    private readonly client: PrismaClient,
    private readonly digester: Digester,
    private readonly reading: PrismaClient = client,
  ) {}

  /** @param after id of the last record of the page before */
  async page(filter: RecordFilter, first: number, after?: string): Promise<RecordPage> {
    const { from, to, subject, ...rest } = filter;
    if (filter.flow !== undefined && !isId(filter.flow)) return { records: [], hasNextPage: false };
    const wanted = JSON.stringify({ ...rest, subject: subject && this.digester.subject(subject) });
    const until = to && firstIdAt(to);
    const before = after !== undefined && (until === undefined || after < until) ? after : until;
    const rows = await this.reading.$queryRaw<AuditRecord[]>`
      SELECT ${columns}
      FROM audit_search(${wanted}::jsonb, ${from ? firstIdAt(from) : null}::uuid, ${before ?? null}::uuid, ${first + 1}::integer)`;
    return { records: rows.slice(0, first), hasNextPage: rows.length > first };
  }

  async record(id: string): Promise<AuditRecord | null> {
    return isId(id) ? this.client.auditRecord.findUnique({ where: { id } }) : null;
  }

  /** Ids of records that were made after a moment, newest first. */
  async idsSince(at: Date, atMost: number): Promise<string[]> {
    const rows = await this.reading.$queryRaw<{ id: string }[]>`
      SELECT id FROM audit_search('{}', ${firstIdAt(at)}::uuid, NULL, ${atMost}::integer)`;
    return rows.map(({ id }) => id);
  }

  /** Oldest first. */
  async records(ids: readonly string[]): Promise<AuditRecord[]> {
    return this.reading.$queryRaw<AuditRecord[]>`SELECT ${columns} FROM audit_records(${[...ids]}::uuid[])`;
  }

  /** A record's history, oldest first. What is asked for in the same moment is read at once. */
  async entries(id: string): Promise<AuditEntry[]> {
    this.asked ??= this.gather();
    this.asked.ids.add(id);
    return (await this.asked.read).get(id) ?? [];
  }

  /** The histories of these records, each oldest first. */
  async entriesOf(ids: readonly string[]): Promise<Map<string, AuditEntry[]>> {
    const rows = await this.reading.$queryRaw<AuditEntry[]>`
      SELECT chain, position, record_id AS "recordId", kind, at, leaf, hash, previous_hash AS "previousHash"
      FROM audit_entries(${[...ids]}::uuid[])`;
    const histories = new Map<string, AuditEntry[]>(ids.map((id) => [id, []]));
    for (const row of rows) histories.get(row.recordId)?.push(row);
    return histories;
  }

  private gather() {
    const ids = new Set<string>();
    const read = new Promise((resolve) => setImmediate(resolve)).then(() => {
      this.asked = undefined;
      return this.entriesOf([...ids]);
    });
    return { ids, read };
  }
}

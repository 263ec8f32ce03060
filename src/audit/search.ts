// Finds records. Newest first, by keyset: a page stays the same while newer records arrive.
import type { Prisma, PrismaClient } from '../db/generated/client.js';
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

export class RecordSearch {
  constructor(
    private readonly client: PrismaClient,
    private readonly digester: Digester,
  ) {}

  /** @param after id of the last record of the page before */
  async page(filter: RecordFilter, first: number, after?: string): Promise<RecordPage> {
    if (filter.flow !== undefined && !isId(filter.flow)) return { records: [], hasNextPage: false };
    const rows = await this.client.auditRecord.findMany({
      where: { AND: [this.where(filter), after === undefined ? {} : { id: { lt: after } }] },
      orderBy: { id: 'desc' },
      take: first + 1,
    });
    return { records: rows.slice(0, first), hasNextPage: rows.length > first };
  }

  async record(id: string): Promise<AuditRecord | null> {
    return isId(id) ? this.client.auditRecord.findUnique({ where: { id } }) : null;
  }

  /** A record's history, oldest first. Prisma joins calls of the same moment into one query. */
  async entries(id: string): Promise<AuditEntry[]> {
    const entries = await this.client.auditRecord
      .findUnique({ where: { id } })
      .entries({ orderBy: [{ at: 'asc' }, { position: 'asc' }] });
    return entries ?? [];
  }

  private where(filter: RecordFilter): Prisma.AuditRecordWhereInput {
    const { subject, flow, purpose, providerReference, kind, provider, outcomes, actor, client, from, to } =
      filter;
    return {
      flow,
      purpose,
      providerReference,
      kind,
      provider,
      actor,
      client,
      outcome: outcomes && { in: [...outcomes] },
      id: { gte: from && firstIdAt(from), lt: to && firstIdAt(to) },
      subjects: subject && {
        has: Uint8Array.from(Buffer.from(this.digester.subject(subject), 'hex')),
      },
    };
  }
}

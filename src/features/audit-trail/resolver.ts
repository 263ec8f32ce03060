// The audit trail: records and their history, for auditors.
import { Arg, Authorized, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import { filterToKeep } from '../../audit/filter-to-keep.js';
import { isId } from '../../audit/record-time.js';
import type { RecordSearch } from '../../audit/search.js';
import type { Timeline } from '../../audit/timeline.js';
import type { AuditRecordModel } from '../../db/generated/models.js';
import { Fault } from '../../errors.js';
import { askerOf, type RequestContext } from '../../graphql/context.js';
import type { Subject } from '../../limits/subject.js';
import type { AccessLog } from '../../pipeline/access-log.js';
import { withoutNulls } from '../without-nulls.js';
import {
  AuditEntry,
  AuditRecord,
  AuditRecordConnection,
  AuditRecordFilter,
  type SubjectInput,
} from './schema.js';

const PAGE = { usual: 50, most: 200 };

@Resolver(() => AuditRecord)
export class AuditTrailResolver {
  constructor(
    private readonly search: RecordSearch,
    private readonly timeline: Timeline,
    private readonly accessLog: AccessLog,
  ) {}

  @Authorized('auditor')
  @Query(() => AuditRecordConnection, {
    description: `Role auditor. Newest first; keyset cursors; first is ${PAGE.usual} unless given, at most ${PAGE.most}.`,
  })
  async auditRecords(
    @Ctx() context: RequestContext,
    @Arg('filter', () => AuditRecordFilter, { nullable: true, description: 'Absent: all records.' })
    filter?: AuditRecordFilter | null,
    @Arg('first', () => Int, { nullable: true, description: 'Records a page.' }) first?: number | null,
    @Arg('after', () => String, { nullable: true, description: 'A cursor of the page before.' })
    after?: string | null,
  ): Promise<AuditRecordConnection> {
    const size = first ?? PAGE.usual;
    if (size < 1 || size > PAGE.most) {
      throw new Fault('BAD_USER_INPUT', { field: 'first', message: `first must be 1 to ${PAGE.most}.` });
    }
    const { subject, ...rest } = filter ?? {};
    const { records, hasNextPage } = await this.search.page(
      // An absent member and a null one both mean "any".
      { ...withoutNulls(rest), subject: subject ? subjectOf(subject) : undefined },
      size,
      after == null ? undefined : idOfCursor(after),
    );
    await this.accessLog.record({
      operation: 'auditRecords',
      entryKind: 'READ',
      asker: askerOf(context),
      sealed: {
        filter: filterToKeep({ ...rest, subject: subject ? subjectOf(subject).kind : undefined }),
        ids: records.map(({ id }) => id),
      },
    });
    const edges = records.map((node) => ({ node, cursor: cursorOf(node.id) }));
    return { edges, pageInfo: { hasNextPage, endCursor: edges.at(-1)?.cursor ?? null } };
  }

  @Authorized('auditor')
  @Query(() => AuditRecord, { nullable: true, description: 'Role auditor. Null where there is none.' })
  async auditRecord(
    @Ctx() context: RequestContext,
    @Arg('id', () => ID, { description: 'The requestId.' }) id: string,
  ): Promise<AuditRecord | null> {
    const record = await this.search.record(id);
    if (record) {
      await this.accessLog.record({
        operation: 'auditRecord',
        entryKind: 'READ',
        asker: askerOf(context),
        sealed: { ids: [id] },
      });
    }
    return record;
  }

  @FieldResolver(() => [AuditEntry], { description: 'Oldest first.' })
  async entries(@Root() record: AuditRecordModel): Promise<AuditEntry[]> {
    return this.timeline.read(record, await this.search.entries(record.id));
  }
}

function subjectOf({ phone, personId, memberId }: SubjectInput): Subject {
  if (phone != null) return { kind: 'phone', value: phone };
  if (personId != null) return { kind: 'personId', value: personId };
  if (memberId != null) return { kind: 'memberId', value: memberId };
  throw new Fault('BAD_USER_INPUT', { field: 'filter.subject' });
}

function cursorOf(id: string): string {
  return Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url');
}

function idOfCursor(cursor: string): string {
  const id = Buffer.from(cursor.slice(0, 32), 'base64url')
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  if (!isId(id))
    throw new Fault('BAD_USER_INPUT', { field: 'after', message: 'after is no cursor of this list.' });
  return id;
}

// The log as it grows, for auditors. Opening it is itself an entry, durable before anything is shown.
import { Authorized, Resolver, Root, Subscription } from 'type-graphql';
import type { LiveLog } from '../../audit/live-log.js';
import { requireRole } from '../../auth/caller.js';
import type { AuditRecordModel } from '../../db/generated/models.js';
import { askerOf, type RequestContext } from '../../graphql/context.js';
import { type SubscriptionSource, subscribedByInstance } from '../../graphql/subscription-source.js';
import type { AccessLog } from '../../pipeline/access-log.js';
import { AuditRecord } from './schema.js';

@Resolver()
export class LiveLogResolver implements SubscriptionSource {
  constructor(
    private readonly live: LiveLog<AuditRecordModel>,
    private readonly accessLog: AccessLog,
  ) {}

  @Authorized('auditor')
  @Subscription(() => AuditRecord, {
    description:
      'Role auditor. Each record that is added from now on, once, as it stood within a second or two; opening it is itself logged.',
    subscribe: subscribedByInstance,
  })
  auditRecordAdded(@Root() record: AuditRecordModel): AuditRecord {
    return record;
  }

  readonly subscriptions = {
    auditRecordAdded: (_: object, context: RequestContext) => this.open(context),
  };

  private async open(context: RequestContext): Promise<AsyncIterableIterator<AuditRecordModel>> {
    requireRole(context.caller, ['auditor']);
    const added = await this.live.watch();
    try {
      await this.accessLog.record({
        operation: 'auditRecordAdded',
        entryKind: 'READ',
        asker: askerOf(context),
        sealed: {},
      });
    } catch (error) {
      await added.return?.();
      throw error;
    }
    return added;
  }
}

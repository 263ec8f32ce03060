// Shows one record in the clear, once it is in the log who wanted it, and why.
import { Arg, Authorized, Ctx, ID, Mutation, Resolver } from 'type-graphql';
import { reasonToKeep } from '../../audit/access-reason.js';
import type { RecordSealer } from '../../audit/record-seal.js';
import { namedIn, revealRecord } from '../../audit/reveal.js';
import type { RecordSearch } from '../../audit/search.js';
import type { FieldsOf } from '../../audit/timeline.js';
import { Fault } from '../../errors.js';
import { askerOf, type RequestContext } from '../../graphql/context.js';
import type { AccessLog } from '../../pipeline/access-log.js';
import { RevealedAuditRecord } from './disclosure-schema.js';
import { reasonDescription, requireReason } from './reason.js';

@Resolver()
export class RevealResolver {
  constructor(
    private readonly search: RecordSearch,
    private readonly sealer: RecordSealer,
    private readonly fieldsOf: FieldsOf,
    private readonly accessLog: AccessLog,
  ) {}

  @Authorized('admin')
  @Mutation(() => RevealedAuditRecord, {
    description: 'Shows one record unmasked. Role admin; who and why are kept in the log.',
  })
  async revealAuditRecord(
    @Ctx() context: RequestContext,
    @Arg('id', () => ID, { description: 'The requestId.' }) id: string,
    @Arg('reason', () => String, { description: reasonDescription }) reason: string,
  ): Promise<RevealedAuditRecord> {
    requireReason(reason);
    const known = await this.search.record(id);
    if (!known) throw new Fault('BAD_USER_INPUT', { field: 'id', message: 'There is no such record.' });
    const named = namedIn(known, await this.search.entries(known.id), this.sealer, this.fieldsOf);
    await this.accessLog.record({
      operation: 'revealAuditRecord',
      entryKind: 'REVEAL',
      asker: askerOf(context),
      clear: { target: known.id },
      sealed: { reason: reasonToKeep(reason, named) },
    });
    // Read again: what was erased meanwhile is not shown.
    const record = (await this.search.record(known.id)) ?? { ...known, dataKey: null };
    const shown = revealRecord(record, await this.search.entries(known.id), this.sealer, this.fieldsOf);
    return Object.assign(new RevealedAuditRecord(), { id: known.id, ...shown });
  }
}

// Proves that what an auditor reads was in the log.
import { Arg, Authorized, ID, Query, Resolver } from 'type-graphql';
import type { EntryProofs } from '../../audit/entry-proof.js';
import type { RecordSearch } from '../../audit/search.js';
import { AuditProof } from './disclosure-schema.js';

@Resolver()
export class ProofResolver {
  constructor(
    private readonly search: RecordSearch,
    private readonly proofs: EntryProofs,
  ) {}

  // Shows hashes and places only, and is no reading of the record.
  @Authorized('auditor')
  @Query(() => AuditProof, {
    nullable: true,
    description:
      "Role auditor. What links a record's entries to a signed checkpoint; enough to check in a browser. Null where there is no such record, or none of its checkpoints yet: seconds after an entry was written.",
  })
  async auditProof(
    @Arg('id', () => ID, { description: 'The requestId.' }) id: string,
  ): Promise<AuditProof | null> {
    const record = await this.search.record(id);
    const links = record && (await this.proofs.prove(record.id));
    return links && Object.assign(new AuditProof(), { id: record.id, links });
  }
}

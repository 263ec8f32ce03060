// Whether the log is as it was written, for auditors: what the verifier said when it last ran.
import { Authorized, Field, Int, ObjectType, Query, Resolver } from 'type-graphql';
import type { IntegrityStore } from '../../audit/integrity-store.js';
import type { TrustedKeys } from '../../audit/signing-keys.js';
import { DateTimeScalar } from '../../graphql/scalars.js';

@ObjectType({ description: 'How large the log is, and what the verifier found (npm run audit:verify).' })
export class AuditIntegrity {
  @Field(() => Int, { description: 'Hash chains, one for each process and month, as of now.' })
  chains!: number;

  @Field(() => Int, { description: 'Entries in them, as of now.' })
  entries!: number;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When the verifier last began.' })
  verifiedAt!: Date | null;

  @Field(() => Boolean, { nullable: true, description: 'Null until the verifier has run.' })
  intact!: boolean | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Where the first broken entry stands, as chain:position; where all entries are as they were, table and key of a row, or kind and name, such as `function audit_denials`.',
  })
  firstBroken!: string | null;
}

@Resolver()
export class IntegrityResolver {
  constructor(
    private readonly store: IntegrityStore,
    private readonly trusted: TrustedKeys,
  ) {}

  // Counts and places only, and is no reading of records.
  @Authorized('auditor')
  @Query(() => AuditIntegrity, {
    description:
      'Role auditor. The last run of the verifier, as it was signed; intact is false where that was changed.',
  })
  async auditIntegrity(): Promise<AuditIntegrity> {
    return Object.assign(new AuditIntegrity(), await this.store.integrity(this.trusted));
  }
}

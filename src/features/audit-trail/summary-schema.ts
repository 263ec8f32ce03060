// The log in numbers, as an auditor sees it.
import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import { DateTimeScalar } from '../../graphql/scalars.js';
import { OutcomeEnum, RequestKindEnum } from './schema.js';

export enum SummaryBucketEnum {
  HOUR = 'HOUR',
  DAY = 'DAY',
}

registerEnumType(SummaryBucketEnum, {
  name: 'SummaryBucket',
  description: 'By what a summary counts.',
  valuesConfig: {
    HOUR: { description: 'Hours, UTC.' },
    DAY: { description: 'Days, UTC.' },
  },
});

// A month by hours is ten thousand rows: none of these members needs a resolver of its own.
@ObjectType({ description: 'How many requests began in a bucket, and ended so.', simpleResolvers: true })
export class AuditSummaryRow {
  @Field(() => DateTimeScalar, { description: 'When the bucket begins.' })
  bucket!: Date;

  @Field({ description: "The provider's id." })
  provider!: string;

  @Field(() => RequestKindEnum, { description: 'What was asked for.' })
  kind!: string;

  @Field(() => OutcomeEnum, { description: 'How it ended.' })
  outcome!: string;

  @Field(() => Int, { description: 'So many.' })
  count!: number;

  @Field(() => Int, {
    nullable: true,
    description: 'The median of how long the provider took, to a tenth; null where none was called.',
  })
  p50Ms!: number | null;

  @Field(() => Int, { nullable: true, description: 'The 99th percentile, likewise.' })
  p99Ms!: number | null;
}

@ObjectType({ description: 'How often a rule of ours denied in a bucket.', simpleResolvers: true })
export class AuditDenialRow {
  @Field(() => DateTimeScalar, { description: 'When the bucket begins.' })
  bucket!: Date;

  @Field({ description: 'Which rule.' })
  rule!: string;

  @Field(() => Int, { description: 'So many, also those that were only counted.' })
  count!: number;
}

// A record and its history as an auditor sees them, and what a search can ask for.
import { IsArray, IsDate, IsIn, IsOptional, IsString, MaxLength, ValidateNested } from 'class-validator';
import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { DateTimeScalar, JsonScalar, PhoneNumberScalar } from '../../graphql/scalars.js';

export enum RequestKindEnum {
  VERIFICATION_CODE = 'VERIFICATION_CODE',
  PHONE_BINDING = 'PHONE_BINDING',
  USER_TOKEN = 'USER_TOKEN',
  OPERATOR_AUTHENTICATION = 'OPERATOR_AUTHENTICATION',
  WEBHOOK = 'WEBHOOK',
  AUDIT_ACCESS = 'AUDIT_ACCESS',
}

registerEnumType(RequestKindEnum, {
  name: 'RequestKind',
  description: 'What was asked for.',
  valuesConfig: {
    VERIFICATION_CODE: { description: 'A verification code by SMS.' },
    PHONE_BINDING: { description: 'Binding a phone to a member.' },
    USER_TOKEN: { description: 'A user token.' },
    OPERATOR_AUTHENTICATION: { description: "A conversation with a phone's operator." },
    WEBHOOK: {
      description: 'A notice that belongs to no request: forged or unmatched; one record a source and hour.',
    },
    AUDIT_ACCESS: { description: 'Reading, revealing, exporting, erasing.' },
  },
});

export enum OutcomeEnum {
  PENDING = 'PENDING',
  ACCEPTED = 'ACCEPTED',
  REFUSED = 'REFUSED',
  DENIED = 'DENIED',
  UNKNOWN = 'UNKNOWN',
}

registerEnumType(OutcomeEnum, {
  name: 'Outcome',
  description: 'How a request ended.',
  valuesConfig: {
    PENDING: { description: 'It is under way, or was cut off and not yet found.' },
    ACCEPTED: { description: 'The provider took it. No provider tells whether an SMS arrived.' },
    REFUSED: { description: 'The provider refused.' },
    DENIED: { description: 'We did not let it out: nothing was sent.' },
    UNKNOWN: { description: 'The provider may or may not have acted.' },
  },
});

export enum AuditEntryKindEnum {
  INTENT = 'INTENT',
  OUTCOME = 'OUTCOME',
  CALLBACK = 'CALLBACK',
  READ = 'READ',
  REVEAL = 'REVEAL',
  EXPORT = 'EXPORT',
  ERASE = 'ERASE',
}

registerEnumType(AuditEntryKindEnum, {
  name: 'AuditEntryKind',
  description: 'What an entry says of its record.',
  valuesConfig: {
    INTENT: { description: 'Written before a provider is called.' },
    OUTCOME: { description: 'Written before anybody is told how it ended.' },
    CALLBACK: { description: 'A notice of the provider.' },
    READ: { description: 'An auditor read a page of records.' },
    REVEAL: { description: 'An admin saw the record unmasked.' },
    EXPORT: { description: 'Records were exported.' },
    ERASE: { description: "A person's data was made unreadable." },
  },
});

@InputType({ description: 'A person, by whatever the complaint brings. Exactly one of its members.' })
export class SubjectInput {
  @Field(() => PhoneNumberScalar, { nullable: true, description: 'By phone. Personal.' })
  @IsOptional()
  @IsString()
  phone?: string;

  @Field(() => ID, { nullable: true, description: 'By student or teacher id.' })
  @IsOptional()
  @MaxLength(128)
  personId?: string;

  @Field(() => ID, { nullable: true, description: 'By enterprise member id.' })
  @IsOptional()
  @MaxLength(128)
  memberId?: string;
}

@InputType({ description: 'All conditions that are given must hold.' })
export class AuditRecordFilter {
  @Field(() => SubjectInput, { nullable: true, description: 'Whom the record is about.' })
  @IsOptional()
  @ValidateNested()
  subject?: SubjectInput;

  @Field(() => ID, {
    nullable: true,
    description: 'All records of one operator authentication or phone binding.',
  })
  @IsOptional()
  @MaxLength(64)
  flow?: string;

  @Field(() => String, { nullable: true, description: 'Such as REGISTER.' })
  @IsOptional()
  @MaxLength(64)
  purpose?: string;

  @Field(() => String, {
    nullable: true,
    description: "The provider's own reference: task id, sequence, serial or trace number.",
  })
  @IsOptional()
  @MaxLength(64)
  providerReference?: string;

  @Field(() => RequestKindEnum, { nullable: true, description: 'What was asked for.' })
  @IsOptional()
  @IsIn(Object.values(RequestKindEnum))
  kind?: RequestKindEnum;

  @Field(() => String, { nullable: true, description: "The provider's id, as in providers." })
  @IsOptional()
  @MaxLength(64)
  provider?: string;

  @Field(() => [OutcomeEnum], { nullable: true, description: 'Any of these.' })
  @IsOptional()
  @IsArray()
  @IsIn(Object.values(OutcomeEnum), { each: true })
  outcomes?: OutcomeEnum[];

  @Field(() => String, { nullable: true, description: "The authenticated caller: the token's sub." })
  @IsOptional()
  @MaxLength(128)
  actor?: string;

  @Field(() => String, { nullable: true, description: 'The front-end application.' })
  @IsOptional()
  @MaxLength(64)
  client?: string;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Created at or after.' })
  @IsOptional()
  @IsDate()
  from?: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Created before.' })
  @IsOptional()
  @IsDate()
  to?: Date;
}

@ObjectType({ description: "An immutable line of a record's history." })
export class AuditEntry {
  @Field(() => ID, { description: 'The hash chain it stands in: one a process.' })
  chain!: string;

  @Field(() => Int, { description: 'Its place in the chain, from 1.' })
  position!: number;

  @Field(() => AuditEntryKindEnum, { description: 'What it says of its record.' })
  kind!: string;

  @Field(() => DateTimeScalar, { description: "By the writing process's clock." })
  at!: Date;

  @Field(() => String, { nullable: true, description: 'The authenticated caller; null for the anonymous.' })
  actor!: string | null;

  @Field(() => JsonScalar, { nullable: true, description: 'Masked; null after erasure.' })
  detail!: unknown;

  @Field({
    description: 'The canonical bytes that were hashed, base64; what concerns a person is sealed in them.',
  })
  leaf!: string;

  @Field({ description: 'Hex SHA-256 over previousHash and SHA-256(leaf).' })
  hash!: string;

  @Field({ description: 'Hash of the entry before it in the chain, hex.' })
  previousHash!: string;
}

@ObjectType({ description: 'A request and its result.' })
export class AuditRecord {
  @Field(() => ID, { description: 'The requestId.' })
  id!: string;

  @Field(() => RequestKindEnum, { description: 'What was asked for.' })
  kind!: string;

  @Field(() => String, { nullable: true, description: "The provider's id." })
  provider!: string | null;

  @Field({ description: "The provider's endpoint that was called." })
  operation!: string;

  @Field(() => String, { nullable: true, description: 'What for.' })
  purpose!: string | null;

  @Field(() => OutcomeEnum, { description: 'How it ended.' })
  outcome!: string;

  @Field(() => String, { nullable: true, description: '138****8000.' })
  maskedPhone!: string | null;

  @Field(() => String, { nullable: true, description: 'The authenticated caller; null for the anonymous.' })
  actor!: string | null;

  @Field(() => String, { nullable: true, description: 'The front-end application.' })
  client!: string | null;

  @Field(() => ID, { nullable: true, description: 'The request that began the flow this belongs to.' })
  flow!: string | null;

  @Field(() => String, { nullable: true, description: "The provider's own code." })
  providerCode!: string | null;

  @Field(() => String, { nullable: true, description: "The provider's own reference." })
  providerReference!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Which of our rules denied it, and until when is retryAfterMs; where the outcome is UNKNOWN, what went wrong.',
  })
  rule!: string | null;

  @Field(() => Int, { nullable: true, description: 'As the caller was told.' })
  retryAfterMs!: number | null;

  @Field(() => Int, { description: 'How often its idempotencyKey was repeated.' })
  replays!: number;

  @Field(() => DateTimeScalar, { description: 'When it arrived.' })
  createdAt!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it ended.' })
  settledAt!: Date | null;

  @Field(() => Int, { nullable: true, description: 'How long the provider took.' })
  latencyMs!: number | null;

  @Field(() => DateTimeScalar, { nullable: true, description: "When the person's data was erased." })
  erasedAt!: Date | null;
}

@ObjectType({ description: 'A record and its place in the list.' })
export class AuditRecordEdge {
  @Field({ description: 'The record.' })
  node!: AuditRecord;

  @Field({ description: 'Pass it as `after` for what follows.' })
  cursor!: string;
}

@ObjectType({ description: 'Where a page ends.' })
export class PageInfo {
  @Field({ description: 'Whether there is more.' })
  hasNextPage!: boolean;

  @Field(() => String, { nullable: true, description: 'Pass it as `after` for the next page.' })
  endCursor!: string | null;
}

@ObjectType({ description: 'A page of records, newest first.' })
export class AuditRecordConnection {
  @Field(() => [AuditRecordEdge], { description: 'The records.' })
  edges!: AuditRecordEdge[];

  @Field({ description: 'Where the page ends.' })
  pageInfo!: PageInfo;
}

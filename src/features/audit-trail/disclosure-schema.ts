// What an admin is shown or told, and what proves an auditor's answer.
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { DateTimeScalar, JsonScalar } from '../../graphql/scalars.js';

@ObjectType({ description: 'What a record holds in the clear.' })
export class RevealedAuditRecord {
  @Field(() => ID, { description: 'The requestId.' })
  id!: string;

  @Field(() => JsonScalar, {
    nullable: true,
    description: 'What was asked for, without its secrets. Null after erasure. Personal.',
  })
  request!: unknown;

  @Field(() => JsonScalar, {
    nullable: true,
    description: 'What was answered, without its secrets. Null after erasure. Personal.',
  })
  result!: unknown;
}

@ObjectType({ description: 'That a person was erased.' })
export class ErasureReceipt {
  @Field(() => Int, { description: 'How many records were about them.' })
  records!: number;

  @Field(() => DateTimeScalar, { description: 'When.' })
  erasedAt!: Date;
}

@ObjectType({ description: 'From entries of a record to a signed head of the chain they stand in.' })
export class AuditProofLink {
  @Field(() => ID, { description: 'The chain.' })
  chain!: string;

  @Field(() => Int, { description: 'Place of the first entry that it covers.' })
  fromPosition!: number;

  @Field(() => [String], { description: 'SHA-256 of each leaf from there to the checkpoint, hex.' })
  leafHashes!: string[];

  @Field({
    description: 'Hash of the entry before, hex; SHA-256("yanzheng chain " + chain) before the first.',
  })
  previousHash!: string;

  @Field(() => JsonScalar, {
    description:
      'The head: chain, serial, position, hash (hex), at, state, key, and signature (base64url), which is Ed25519 over "yanzheng checkpoint\\n" and the canonical JSON (RFC 8785) of the other members.',
  })
  checkpoint!: unknown;

  @Field({ description: 'What it is signed with: SPKI, base64. Compare it with one that you trust.' })
  publicKey!: string;
}

@ObjectType({ description: "From a record's entries to the signed heads of the chains they stand in." })
export class AuditProof {
  @Field(() => ID, { description: 'The requestId.' })
  id!: string;

  @Field(() => [AuditProofLink], { description: 'One for each head that covers entries of the record.' })
  links!: AuditProofLink[];
}

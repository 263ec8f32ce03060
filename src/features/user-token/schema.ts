// What a service says to have a user token made, and what it gets.
import { IsIn, IsOptional, Length, MaxLength, ValidateNested } from 'class-validator';
import { createUnionType, Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import { OutcomeUnknown, Refusal } from '../outcome.js';

export enum TokenPersonRole {
  TEACHER = 'TEACHER',
  PARENT = 'PARENT',
}

registerEnumType(TokenPersonRole, {
  name: 'TokenPersonRole',
  description: 'As whom the token speaks.',
  valuesConfig: {
    TEACHER: { description: '老师：a teacher.' },
    PARENT: { description: '家长（学生）：parent or student.' },
  },
});

@InputType({ description: 'The person whom a token stands for.' })
export class TokenPersonInput {
  @Field(() => TokenPersonRole, { description: 'As whom the token speaks.' })
  @IsIn(Object.values(TokenPersonRole))
  role!: TokenPersonRole;

  @Field(() => ID, { description: 'Teacher or parent. Personal.' })
  @Length(1, 64)
  personId!: string;

  @Field(() => ID, { description: 'The school (fgsid).' })
  @Length(1, 64)
  schoolId!: string;

  @Field(() => ID, { nullable: true, description: 'Required for PARENT. Personal.' })
  @IsOptional()
  @Length(1, 64)
  studentId?: string;
}

@InputType({ description: 'Which token.' })
export class IssueUserTokenInput {
  @Field(() => String, { nullable: true, description: 'Empty where the partner needs none.' })
  @IsOptional()
  @MaxLength(64)
  partner?: string;

  @Field(() => String, { nullable: true, description: 'Required for partners that need a ding_unionid.' })
  @IsOptional()
  @MaxLength(64)
  appSystemId?: string;

  @Field(() => TokenPersonInput, {
    nullable: true,
    description: 'Absent: a token for no person in particular.',
  })
  @IsOptional()
  @ValidateNested()
  person?: TokenPersonInput;
}

@ObjectType({ description: 'The token, which is kept nowhere here.' })
export class UserTokenIssued {
  @Field(() => ID, { description: 'Under which auditors find it.' })
  requestId!: string;

  @Field({ description: 'Secret.' })
  token!: string;
}

export const IssueUserTokenResult = createUnionType({
  name: 'IssueUserTokenResult',
  description: 'How the request for a token ended.',
  types: () => [UserTokenIssued, Refusal, OutcomeUnknown] as const,
});

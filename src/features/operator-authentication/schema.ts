// The conversation with a phone's operator, as a front-end leads it.
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsOptional,
  IsString,
  Length,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { createUnionType, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { DateTimeScalar, PhoneNumberScalar } from '../../graphql/scalars.js';
import { applicationLimits } from '../../providers/juxinli/application.js';
import { collectLimits } from '../../providers/juxinli/collect.js';
import { type ContactRelation, contactRelations } from '../../providers/juxinli/contact-types.js';
import { OutcomeUnknown, Refusal } from '../outcome.js';

export enum DataSourceStatus {
  IN_DEVELOPMENT = 'IN_DEVELOPMENT',
  ONLINE = 'ONLINE',
  OFFLINE = 'OFFLINE',
  UNKNOWN = 'UNKNOWN',
}

registerEnumType(DataSourceStatus, {
  name: 'DataSourceStatus',
  description: 'Whether a source can be asked.',
  valuesConfig: {
    IN_DEVELOPMENT: { description: 'Not yet.' },
    ONLINE: { description: 'Yes.' },
    OFFLINE: { description: 'Not now.' },
    UNKNOWN: { description: 'The provider says something else.' },
  },
});

@ObjectType({ description: 'A website that Juxinli collects from: an operator, or a shop.' })
export class OperatorDataSource {
  @Field(() => ID, { description: "Juxinli's id." })
  id!: string;

  @Field({ description: 'Its key: chinamobilejs.' })
  website!: string;

  @Field({ description: '江苏移动.' })
  name!: string;

  @Field({ description: 'mobile, e_business …' })
  category!: string;

  @Field(() => String, { nullable: true, description: '移动运营商.' })
  categoryName?: string | undefined;

  @Field(() => DataSourceStatus, { description: 'Whether it can be asked.' })
  status!: string;

  @Field(() => Int, { nullable: true, description: "Juxinli's number of it." })
  websiteCode?: number | undefined;

  @Field(() => Int, {
    nullable: true,
    description: 'As the provider gives it; its meaning is not documented further.',
  })
  smsRequired?: number | undefined;

  @Field(() => Int, {
    nullable: true,
    description: 'As the provider gives it; its meaning is not documented further.',
  })
  resetPasswordMethod?: number | undefined;

  @Field(() => Int, {
    nullable: true,
    description: 'As the provider gives it; its meaning is not documented further.',
  })
  resetPasswordFrozenTime?: number | undefined;

  @Field(() => Boolean, {
    nullable: true,
    description: 'As the provider gives it; its meaning is not documented further.',
  })
  captchaUserIdentified?: boolean | undefined;

  @Field(() => Int, { nullable: true, description: 'How often it was out of order.' })
  offlineTimes?: number | undefined;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When Juxinli took it up.' })
  createdAt?: Date | undefined;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When Juxinli last changed it.' })
  updatedAt?: Date | undefined;
}

const relations = Object.fromEntries(contactRelations.map((relation) => [relation, relation]));
registerEnumType(relations, {
  name: 'ContactRelation',
  description: 'What a contact is to the person.',
  valuesConfig: {
    SPOUSE: { description: '配偶：husband or wife.' },
    PARENT: { description: '父母：father or mother.' },
    SIBLING: { description: '兄弟姐妹：brother or sister.' },
    CHILD: { description: '子女：son or daughter.' },
    COLLEAGUE: { description: '同事：from work.' },
    CLASSMATE: { description: '同学：from school.' },
    FRIEND: { description: '朋友：a friend.' },
  },
});

@InputType({ description: 'Somebody who knows the person.' })
export class ContactInput {
  @Field({ description: 'Personal.' })
  @Length(1, applicationLimits.contactName)
  name!: string;

  @Field(() => PhoneNumberScalar, { description: 'Personal.' })
  @IsString()
  phone!: string;

  @Field(() => relations, { description: 'What the contact is to the person.' })
  @IsIn([...contactRelations])
  relation!: ContactRelation;
}

@InputType({ description: 'Whose phone is authenticated.' })
export class StartOperatorAuthenticationInput {
  @Field({ description: 'As on the ID card. Personal.' })
  @Length(1, applicationLimits.name)
  name!: string;

  @Field({ description: 'Number of the ID card, 18 places. Personal.' })
  @IsString()
  idNumber!: string;

  @Field(() => PhoneNumberScalar, { description: 'A mobile of mainland China. Personal.' })
  @IsString()
  phone!: string;

  @Field(() => String, { nullable: true, description: 'Personal.' })
  @IsOptional()
  @MaxLength(applicationLimits.address)
  homeAddress?: string;

  @Field(() => String, { nullable: true, description: 'Personal.' })
  @IsOptional()
  @MaxLength(applicationLimits.landline)
  homePhone?: string;

  @Field(() => String, { nullable: true, description: 'Personal.' })
  @IsOptional()
  @MaxLength(applicationLimits.address)
  workAddress?: string;

  @Field(() => String, { nullable: true, description: 'Personal.' })
  @IsOptional()
  @MaxLength(applicationLimits.landline)
  workPhone?: string;

  @Field(() => [ContactInput], { nullable: true, description: 'People who know the person.' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(applicationLimits.contacts)
  @ValidateNested({ each: true })
  contacts?: ContactInput[];
}

/** A continuation holds a few hundred characters and what the person typed. */
const MAX_CONTINUATION = 4_096;

@InputType({ description: 'What every answer brings.' })
abstract class AnswerInput {
  @Field(() => ID, { description: "The authentication's id." })
  @MaxLength(64)
  id!: string;

  @Field({ description: 'The latest one received. Secret.' })
  @MaxLength(MAX_CONTINUATION)
  continuation!: string;
}

@InputType({
  description: 'Answers a ServicePasswordStep, and a PasswordResetRequiredStep once it is changed.',
})
export class SubmitServicePasswordInput extends AnswerInput {
  @Field(() => String, {
    nullable: true,
    description: "The login name where the source is not the phone's operator; absent: the phone. Personal.",
  })
  @IsOptional()
  @Length(1, collectLimits.account)
  account?: string;

  @Field({ description: 'Secret.' })
  @Length(1, collectLimits.password)
  password!: string;
}

@InputType({ description: 'Answers an SmsCaptchaStep.' })
export class SubmitSmsCaptchaInput extends AnswerInput {
  @Field({ description: 'Secret.' })
  @Length(1, collectLimits.captcha)
  captcha!: string;
}

@InputType({ description: 'Asks for another captcha.' })
export class ResendSmsCaptchaInput extends AnswerInput {}

@InputType({ description: 'Answers a QueryPasswordStep.' })
export class SubmitQueryPasswordInput extends AnswerInput {
  @Field({ description: 'Secret.' })
  @Length(1, collectLimits.queryPassword)
  password!: string;
}

@InputType({ description: 'Goes on after a WaitStep.' })
export class ContinueOperatorAuthenticationInput extends AnswerInput {}

@ObjectType({ description: "The operator's service password is wanted." })
export class ServicePasswordStep {
  @Field({ description: 'For people.' })
  prompt!: string;

  @Field({ description: 'True after a wrong one.' })
  retry!: boolean;
}

export enum CaptchaReason {
  FIRST = 'FIRST',
  SECOND = 'SECOND',
  WRONG = 'WRONG',
  EXPIRED_AND_RESENT = 'EXPIRED_AND_RESENT',
  RESENT = 'RESENT',
}

registerEnumType(CaptchaReason, {
  name: 'CaptchaReason',
  description: 'Why a captcha is wanted.',
  valuesConfig: {
    FIRST: { description: 'The first one.' },
    SECOND: { description: 'The operator wants another one.' },
    WRONG: { description: 'The last one was wrong.' },
    EXPIRED_AND_RESENT: { description: 'The last one came too late; a new one was sent.' },
    RESENT: { description: 'A new one was asked for.' },
  },
});

@ObjectType({ description: 'The captcha of an SMS is wanted.' })
export class SmsCaptchaStep {
  @Field({ description: 'For people.' })
  prompt!: string;

  @Field(() => CaptchaReason, { description: 'Why.' })
  reason!: string;

  @Field({ description: 'True where the last one was not taken.' })
  retry!: boolean;

  @Field({ description: 'True where the person must text CXXD to 10001 to get the code.' })
  requestBySms!: boolean;

  @Field(() => Int, { nullable: true, description: 'After this long, another one may be asked for.' })
  resendAfterMs?: number | undefined;
}

@ObjectType({ description: "The operator's query password is wanted." })
export class QueryPasswordStep {
  @Field({ description: 'For people.' })
  prompt!: string;

  @Field({ description: 'True after a wrong one.' })
  retry!: boolean;
}

@ObjectType({ description: 'The provider is still busy: go on with continueOperatorAuthentication.' })
export class WaitStep {
  @Field(() => Int, { description: 'When to go on.' })
  pollAfterMs!: number;
}

@ObjectType({
  description: 'The person has to change the service password at the operator, then submit the new one.',
})
export class PasswordResetRequiredStep {
  @Field({ description: 'For people.' })
  prompt!: string;
}

@ObjectType({ description: 'Done: the person is authenticated, and collecting has begun.' })
export class CollectionStarted {
  @Field({ description: 'For people.' })
  message!: string;
}

@ObjectType({ description: 'The flow is over.' })
export class AuthenticationFailed {
  @Field({ description: 'For people.' })
  message!: string;

  @Field(() => String, { nullable: true, description: "The provider's process_code." })
  providerCode?: string | undefined;
}

export const OperatorAuthenticationStep = createUnionType({
  name: 'OperatorAuthenticationStep',
  description: 'What comes next.',
  types: () =>
    [
      ServicePasswordStep,
      SmsCaptchaStep,
      QueryPasswordStep,
      WaitStep,
      PasswordResetRequiredStep,
      CollectionStarted,
      AuthenticationFailed,
    ] as const,
});

@ObjectType({
  description:
    'AuthenticationFailed: the flow is over. A step with retry: the provider asks again. Refusal: the answer was not taken and the flow has not moved.',
})
export class OperatorAuthentication {
  @Field(() => ID, { description: 'The requestId of its start.' })
  id!: string;

  @Field(() => OperatorDataSource, { description: 'Who is asked.' })
  dataSource!: OperatorDataSource;

  @Field(() => OperatorAuthenticationStep, { description: 'What comes next.' })
  step!: typeof OperatorAuthenticationStep;

  @Field(() => String, {
    nullable: true,
    description:
      'Sealed state that the next answer brings back; the server keeps no service password. Null in queries and when there is no next answer. The latest one received stays valid until expiresAt: after a lost answer, query the step and go on with it; where it lacks what the provider wants again, a ServicePasswordStep follows. Secret.',
  })
  continuation?: string | undefined;

  @Field(() => DateTimeScalar, { description: 'Until when it can be gone on with.' })
  expiresAt!: Date;

  @Field(() => String, { nullable: true, description: "The provider's process_code of the last answer." })
  providerCode?: string | undefined;

  @Field(() => DateTimeScalar, { description: 'When it last moved.' })
  updatedAt!: Date;
}

export const OperatorAuthenticationResult = createUnionType({
  name: 'OperatorAuthenticationResult',
  description: 'How an answer was taken.',
  types: () => [OperatorAuthentication, Refusal, OutcomeUnknown] as const,
});

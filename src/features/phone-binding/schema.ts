// What a front-end says to bind a phone, and the binding it gets.
import { IsIn, IsOptional, IsString, Length, MaxLength, ValidateNested } from 'class-validator';
import { createUnionType, Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import { DateTimeScalar, PhoneNumberScalar } from '../../graphql/scalars.js';
import { phoneBindingStatuses } from '../../providers/tongqifu/status.js';
import { OutcomeUnknown, Refusal } from '../outcome.js';

export enum Authorisation {
  ONLINE = 'ONLINE',
  OFFLINE = 'OFFLINE',
}

registerEnumType(Authorisation, {
  name: 'Authorisation',
  description: 'How the enterprise authorises the person.',
  valuesConfig: {
    ONLINE: { description: '线上：by signing on a page.' },
    OFFLINE: { description: '线下：by an uploaded agreement, which is reviewed.' },
  },
});

@InputType({ description: 'The person whom the enterprise authorises.' })
export class AuthorisedPersonInput {
  @Field(() => Authorisation, { description: 'How.' })
  @IsIn(Object.values(Authorisation))
  authorisation!: Authorisation;

  @Field(() => String, { description: 'Name. Personal.' })
  @Length(1, 60)
  name!: string;

  @Field(() => String, { description: 'Number of the ID card. Personal.' })
  @IsString()
  idNumber!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Required with OFFLINE, refused with ONLINE: the id that the provider gave the uploaded agreement.',
  })
  @IsOptional()
  @Length(1, 100)
  agreementFileId?: string;
}

@InputType({ description: 'Which phone, for which member.' })
export class BindPhoneInput {
  @Field(() => ID, { description: "The merchant's member number. Personal." })
  @Length(1, 30)
  memberId!: string;

  @Field(() => PhoneNumberScalar, { description: 'A mobile of mainland China. Personal.' })
  @IsString()
  phone!: string;

  @Field(() => AuthorisedPersonInput, {
    nullable: true,
    description:
      "Absent: the legal person's phone. Present: the phone of the person whom the enterprise authorises.",
  })
  @IsOptional()
  @ValidateNested()
  authorisedPerson?: AuthorisedPersonInput;

  @Field(() => String, {
    nullable: true,
    description:
      "Where the browser goes after signing online, with ?binding=ID; must be on the configured list. Absent: this server's own page.",
  })
  @IsOptional()
  @MaxLength(250)
  returnUrl?: string;
}

@InputType({ description: 'The code that the SMS brought.' })
export class ConfirmPhoneBindingInput {
  @Field(() => ID, { description: "The binding's id." })
  @MaxLength(64)
  id!: string;

  @Field(() => String, { description: 'Secret.' })
  @Length(1, 16)
  code!: string;
}

const statuses = Object.fromEntries(phoneBindingStatuses.map((status) => [status, status]));
registerEnumType(statuses, {
  name: 'PhoneBindingStatus',
  description: 'Where a binding stands.',
  valuesConfig: {
    CODE_SENT: { description: 'The legal person got a code by SMS.' },
    AWAITING_SIGNATURE: { description: 'The authorised person has to sign, at signingUrl.' },
    UNDER_REVIEW: { description: 'The provider reviews the agreement.' },
    BOUND: { description: 'Done. Final.' },
    FAILED: { description: 'The provider said no.' },
  },
});

@ObjectType({ description: "A phone's way to being bound to a member." })
export class PhoneBinding {
  @Field(() => ID, { description: 'The requestId of its application.' })
  id!: string;

  @Field(() => statuses, { description: 'Where it stands.' })
  status!: string;

  @Field(() => ID, { nullable: true, description: 'Null after erasure. Personal.' })
  memberId?: string | undefined;

  @Field(() => String, { nullable: true, description: 'Null after erasure.' })
  maskedPhone?: string | undefined;

  @Field(() => String, { nullable: true, description: "The provider's applyRespTraceNum." })
  traceNumber?: string | undefined;

  @Field(() => String, { nullable: true, description: 'For an H5 page or a web view.' })
  signingUrl?: string | undefined;

  @Field(() => String, { nullable: true, description: 'For people, in the language of Accept-Language.' })
  message?: string | undefined;

  @Field(() => String, { nullable: true, description: "The provider's own code." })
  providerCode?: string | undefined;

  @Field(() => DateTimeScalar, { description: 'When it last changed.' })
  updatedAt!: Date;
}

export const BindPhoneResult = createUnionType({
  name: 'BindPhoneResult',
  description: 'How the application ended.',
  types: () => [PhoneBinding, Refusal, OutcomeUnknown] as const,
});

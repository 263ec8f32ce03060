// What a front-end says to have a verification code sent, and what it gets.
import { IsIn, IsOptional, IsString, Length, MaxLength, ValidateNested } from 'class-validator';
import { createUnionType, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { DateTimeScalar, PhoneNumberScalar } from '../../graphql/scalars.js';
import { type BankCodePurpose, bankCodePurposes } from '../../providers/qingsong-bank/purposes.js';
import { OutcomeUnknown, Refusal } from '../outcome.js';

export enum AccountCodePurpose {
  REGISTER = 'REGISTER',
  RESET_PASSWORD = 'RESET_PASSWORD',
  OTHER = 'OTHER',
}

registerEnumType(AccountCodePurpose, {
  name: 'AccountCodePurpose',
  description: 'What the code is for.',
  valuesConfig: {
    REGISTER: { description: '注册：a new account.' },
    RESET_PASSWORD: { description: '找回密码：a forgotten password.' },
    OTHER: { description: 'Another scene of the provider, by its number in providerType.' },
  },
});

@InputType({ description: 'A code for an account at usercoin.' })
export class AccountCodeInput {
  @Field(() => PhoneNumberScalar, { description: 'Where the code goes. Personal.' })
  @IsString()
  phone!: string;

  @Field(() => AccountCodePurpose, { description: 'What the code is for.' })
  @IsIn(Object.values(AccountCodePurpose))
  purpose!: AccountCodePurpose;

  @Field(() => String, {
    nullable: true,
    description: "With OTHER only: usercoin's own number of the scene, from the configured list.",
  })
  @IsOptional()
  @MaxLength(6)
  providerType?: string;

  @Field(() => String, {
    nullable: true,
    description: "usercoin's id of the account, where the scene needs it.",
  })
  @IsOptional()
  @MaxLength(64)
  userId?: string;

  @Field(() => String, {
    nullable: true,
    description: 'Name of the account, where the scene needs it. Personal.',
  })
  @IsOptional()
  @MaxLength(64)
  username?: string;
}

export enum Bank {
  MINSHENG = 'MINSHENG',
}

registerEnumType(Bank, {
  name: 'Bank',
  description: 'A bank behind the gateway.',
  valuesConfig: { MINSHENG: { description: '民生银行：China Minsheng Bank.' } },
});

/** The names of the provider's table, which holds code and wording of each. */
export const BankCodePurposeEnum = Object.fromEntries(
  Object.keys(bankCodePurposes).map((name) => [name, name]),
) as { [Name in BankCodePurpose]: Name };

registerEnumType(BankCodePurposeEnum, {
  name: 'BankCodePurpose',
  description: "The 25 scenes of the gateway's template_id; the description of each names its code.",
  valuesConfig: Object.fromEntries(
    Object.entries(bankCodePurposes).map(([name, { templateId, zh, en }]) => [
      name,
      { description: `${templateId} ${zh}: ${en}.` },
    ]),
  ),
});

@InputType({ description: 'A code for an operation of a bank. Signed in.' })
export class BankCodeInput {
  @Field(() => PhoneNumberScalar, { description: 'A mobile of mainland China. Personal.' })
  @IsString()
  phone!: string;

  @Field(() => Bank, { defaultValue: Bank.MINSHENG, description: 'Which bank.' })
  @IsIn(Object.values(Bank))
  bank!: Bank;

  @Field(() => ID, { description: 'The school (fgsid).' })
  @Length(1, 64)
  schoolId!: string;

  @Field(() => ID, { description: 'Student or teacher. Personal.' })
  @Length(1, 64)
  personId!: string;

  @Field(() => BankCodePurposeEnum, { description: 'What the code is for.' })
  @IsIn(Object.keys(bankCodePurposes))
  purpose!: BankCodePurpose;
}

@InputType({ description: 'Exactly one of its members.' })
export class RequestVerificationCodeInput {
  @Field(() => AccountCodeInput, { nullable: true, description: 'For an account at usercoin.' })
  @IsOptional()
  @ValidateNested()
  account?: AccountCodeInput;

  @Field(() => BankCodeInput, { nullable: true, description: 'For an operation of a bank. Signed in.' })
  @IsOptional()
  @ValidateNested()
  bank?: BankCodeInput;
}

@ObjectType({ description: 'The provider took the request. No provider tells whether an SMS arrived.' })
export class VerificationCodeSent {
  @Field(() => ID, { description: 'Under which auditors find it.' })
  requestId!: string;

  @Field(() => String, {
    nullable: true,
    description: '138****8000; null where the bank sends to a number it holds itself (P16, P17).',
  })
  maskedPhone?: string | undefined;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Until when the code is valid.' })
  expiresAt?: Date | undefined;

  @Field(() => DateTimeScalar, { nullable: true, description: 'From when on another code may be asked for.' })
  resendAt?: Date | undefined;

  @Field(() => Int, {
    nullable: true,
    description: 'expiresAt counted from the answer, for devices with a wrong clock.',
  })
  expiresInMs?: number | undefined;

  @Field(() => Int, {
    nullable: true,
    description: 'resendAt counted from the answer, for devices with a wrong clock.',
  })
  resendAfterMs?: number | undefined;

  @Field({ description: 'True when this answers a repeated idempotencyKey; testCode is then null.' })
  replayed!: boolean;

  @Field(() => String, {
    nullable: true,
    description: "The bank's id of this SMS; the bank's next operation asks for it.",
  })
  taskId?: string | undefined;

  @Field(() => String, {
    nullable: true,
    description: "The code itself, only from a provider's test environment; null in production. Secret.",
  })
  testCode?: string | undefined;
}

export const RequestVerificationCodeResult = createUnionType({
  name: 'RequestVerificationCodeResult',
  description: 'How the request for a code ended.',
  types: () => [VerificationCodeSent, Refusal, OutcomeUnknown] as const,
});

// The two outcomes that are not the hoped-for one, the same for every mutation, in words for people.
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { RequestContext } from '../graphql/context.js';
import { DateTimeScalar, JsonScalar } from '../graphql/scalars.js';
import type { Language, Text } from '../language.js';
import type { RefusedRequest, UnknownRequest } from '../pipeline/request.js';
import type { RefusalCode } from '../providers/provider.js';

export enum RefusalCodeEnum {
  RATE_LIMITED = 'RATE_LIMITED',
  BUDGET_EXHAUSTED = 'BUDGET_EXHAUSTED',
  DESTINATION_NOT_ALLOWED = 'DESTINATION_NOT_ALLOWED',
  HUMAN_CHECK_REQUIRED = 'HUMAN_CHECK_REQUIRED',
  ALREADY_DONE = 'ALREADY_DONE',
  WRONG_CREDENTIALS = 'WRONG_CREDENTIALS',
  WRONG_CODE = 'WRONG_CODE',
  CODE_EXPIRED = 'CODE_EXPIRED',
  NOT_ELIGIBLE = 'NOT_ELIGIBLE',
  REFUSED_BY_PROVIDER = 'REFUSED_BY_PROVIDER',
}

registerEnumType(RefusalCodeEnum, {
  name: 'RefusalCode',
  description: 'Why something was refused. Stable: clients switch on it.',
  valuesConfig: {
    RATE_LIMITED: { description: 'Too often; see retryAfterMs.' },
    BUDGET_EXHAUSTED: { description: 'No more messages today.' },
    DESTINATION_NOT_ALLOWED: { description: 'Numbers of this country are not served.' },
    HUMAN_CHECK_REQUIRED: { description: 'Solve the challenge in humanCheck and ask again.' },
    ALREADY_DONE: { description: 'What was asked for had been done before.' },
    WRONG_CREDENTIALS: { description: 'A password is wrong.' },
    WRONG_CODE: { description: 'A code is wrong.' },
    CODE_EXPIRED: { description: 'A code came too late.' },
    NOT_ELIGIBLE: { description: 'The person does not meet a condition of the provider.' },
    REFUSED_BY_PROVIDER: { description: 'The provider refused; providerCode may say more.' },
  },
});

@ObjectType({ description: 'A challenge that tells people from programs.' })
export class HumanCheck {
  @Field(() => JsonScalar, { description: 'An ALTCHA challenge, bound to what was asked for.' })
  challenge!: unknown;

  @Field(() => DateTimeScalar, { description: 'A solution counts until then.' })
  expiresAt!: Date;
}

@ObjectType({ description: 'What was asked for was not done, surely.' })
export class Refusal {
  @Field(() => ID, { description: 'Under which auditors find it.' })
  requestId!: string;

  @Field(() => RefusalCodeEnum, { description: 'Why; stable.' })
  code!: RefusalCode;

  @Field({ description: 'For people, in the language of Accept-Language (zh-CN unless asked otherwise).' })
  message!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'When it makes sense to try again; null where it does not.',
  })
  retryAfterMs?: number | undefined;

  @Field(() => String, {
    nullable: true,
    description:
      "The provider's own code, where the provider refused; null to anonymous callers where it would tell whether a person exists.",
  })
  providerCode?: string | undefined;

  @Field(() => HumanCheck, { nullable: true, description: 'With HUMAN_CHECK_REQUIRED: what to solve.' })
  humanCheck?: HumanCheck | undefined;
}

@ObjectType({
  description:
    'The provider may or may not have acted, and nothing is resent. Repeating the idempotencyKey tells what is known by then; without a key, ask anew after retryAfterMs.',
})
export class OutcomeUnknown {
  @Field(() => ID, { description: 'Under which auditors find it.' })
  requestId!: string;

  @Field({ description: 'For people, in the language of Accept-Language (zh-CN unless asked otherwise).' })
  message!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'When more may be known (a notice is expected); null where nothing will ever tell.',
  })
  pollAfterMs?: number | undefined;

  @Field(() => Int, { nullable: true, description: 'After this long, asking anew does no harm.' })
  retryAfterMs?: number | undefined;
}

const refusalTexts: Record<RefusalCode, Text> = {
  RATE_LIMITED: { zh: '操作过于频繁，请稍后再试。', en: 'That was too often. Please try again later.' },
  BUDGET_EXHAUSTED: { zh: '今日短信额度已用完，请明天再试。', en: 'No more messages can be sent today.' },
  DESTINATION_NOT_ALLOWED: {
    zh: '暂不支持该国家或地区的号码。',
    en: 'Numbers of this country are not served.',
  },
  HUMAN_CHECK_REQUIRED: { zh: '请先完成人机验证。', en: 'Please complete the human check first.' },
  ALREADY_DONE: { zh: '该操作已经完成，无需重复。', en: 'This has been done already.' },
  WRONG_CREDENTIALS: { zh: '密码不正确，请重新输入。', en: 'The password is wrong. Please enter it again.' },
  WRONG_CODE: { zh: '验证码不正确，请重新输入。', en: 'The code is wrong. Please enter it again.' },
  CODE_EXPIRED: { zh: '验证码已过期，请重新获取。', en: 'The code has expired. Please ask for a new one.' },
  NOT_ELIGIBLE: { zh: '不符合办理条件。', en: 'The conditions for this are not met.' },
  REFUSED_BY_PROVIDER: { zh: '服务方未受理该请求。', en: 'The provider did not accept the request.' },
};

const unknownText: Text = {
  zh: '暂时无法确认结果：服务方可能已处理，系统不会重复提交。请稍候再试。',
  en: 'The result is not known yet: the provider may have acted, and nothing is sent twice. Please wait a little before asking again.',
};

/** A refusal as this caller may see it. */
export function refusal(
  refused: RefusedRequest,
  { caller, language }: Pick<RequestContext, 'caller' | 'language'>,
): Refusal {
  const veiled = !caller && refused.tellsExistence === true;
  const code = veiled ? 'REFUSED_BY_PROVIDER' : refused.code;
  const text = refusalTexts[code][language];
  return Object.assign(new Refusal(), {
    requestId: refused.requestId,
    code,
    message: refused.text ? withProviderText(text, refused.text, language) : text,
    retryAfterMs: refused.retryAfterMs,
    providerCode: veiled ? undefined : refused.providerCode,
    humanCheck: refused.humanCheck && Object.assign(new HumanCheck(), refused.humanCheck),
  });
}

export function outcomeUnknown(
  unknown: UnknownRequest,
  { language }: Pick<RequestContext, 'language'>,
): OutcomeUnknown {
  return Object.assign(new OutcomeUnknown(), {
    requestId: unknown.requestId,
    message: unknownText[language],
    retryAfterMs: unknown.retryAfterMs,
  });
}

function withProviderText(text: string, providerText: string, language: Language): string {
  return language === 'zh' ? `${text}（${providerText}）` : `${text} (${providerText})`;
}

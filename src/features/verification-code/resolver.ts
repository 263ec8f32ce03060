// Has a verification code sent: the story from a front-end's wish to its answer.
import { Arg, Ctx, ID, Mutation, Resolver } from 'type-graphql';
import { maskPhone } from '../../audit/mask.js';
import { Fault } from '../../errors.js';
import { askerOf, type RequestContext } from '../../graphql/context.js';
import type { Pipeline } from '../../pipeline/pipeline.js';
import type { Settled } from '../../pipeline/request.js';
import { type CodeSent, usercoin } from '../../providers/usercoin/index.js';
import { idempotencyKeyOf } from '../idempotency-key.js';
import { type OutcomeSettings, outcomeUnknown, refusal } from '../outcome.js';
import {
  type AccountCodeInput,
  AccountCodePurpose,
  RequestVerificationCodeInput,
  RequestVerificationCodeResult,
  VerificationCodeSent,
} from './types.js';

export interface VerificationCodeSettings extends OutcomeSettings {
  /** usercoin's scenes that purpose OTHER may name. */
  furtherTypes: readonly string[];
}

@Resolver()
export class VerificationCodeResolver {
  constructor(
    private readonly pipeline: Pipeline,
    private readonly settings: VerificationCodeSettings,
  ) {}

  @Mutation(() => RequestVerificationCodeResult, {
    description:
      "Has a verification code sent by SMS. The code is checked by whoever asked for it (usercoin's own registration, the bank's next operation), not here. Anonymous for accounts, signed in for banks. humanCheck: the solution to the challenge of an earlier Refusal.",
  })
  async requestVerificationCode(
    @Ctx() context: RequestContext,
    @Arg('input', () => RequestVerificationCodeInput, { description: 'Which code, for whom.' })
    { account }: RequestVerificationCodeInput,
    @Arg('idempotencyKey', () => ID, {
      nullable: true,
      description:
        'Made by the client, at most 128 characters; repeated within 24 h it has no second effect.',
    })
    idempotencyKey?: string | null,
    @Arg('humanCheck', () => String, {
      nullable: true,
      description: 'The solution to the challenge of an earlier Refusal.',
    })
    _humanCheck?: string | null,
  ): Promise<typeof RequestVerificationCodeResult> {
    if (!account) throw new Fault('BAD_USER_INPUT', { field: 'input' });
    const settled = await this.pipeline.run({
      requestId: context.requestId,
      asker: askerOf(context),
      operation: usercoin.operations.sendCode,
      input: {
        phone: account.phone,
        type: this.typeOf(account),
        userId: account.userId,
        username: account.username,
      },
      phone: account.phone,
      subjects: [{ kind: 'phone', value: account.phone }],
      purpose: account.purpose,
      idempotencyKey: idempotencyKeyOf(idempotencyKey),
      repeatable: { account },
    });
    return this.answer(settled, account.phone, context);
  }

  /** usercoin's number of the scene. */
  private typeOf({ purpose, providerType }: AccountCodeInput): string {
    const field = 'input.account.providerType';
    if (purpose !== AccountCodePurpose.OTHER && providerType != null) {
      throw new Fault('BAD_USER_INPUT', { field, message: 'providerType goes with purpose OTHER only.' });
    }
    switch (purpose) {
      case AccountCodePurpose.REGISTER:
        return '1';
      case AccountCodePurpose.RESET_PASSWORD:
        return '2';
      case AccountCodePurpose.OTHER:
        if (providerType == null || !this.settings.furtherTypes.includes(providerType)) {
          throw new Fault('BAD_USER_INPUT', {
            field,
            message: 'providerType is not on the configured list.',
          });
        }
        return providerType;
    }
  }

  private answer(settled: Settled<CodeSent>, phone: string, context: RequestContext) {
    if (settled.outcome === 'REFUSED') return refusal(settled, context, this.settings);
    if (settled.outcome === 'UNKNOWN') return outcomeUnknown(settled, context);
    const { value, requestId, replayed } = settled;
    const expiresAt = dateOf(value.expiresAt);
    const resendAt = dateOf(value.resendAt);
    return Object.assign(new VerificationCodeSent(), {
      requestId,
      maskedPhone: maskPhone(phone),
      expiresAt,
      resendAt,
      expiresInMs: untilMs(expiresAt),
      resendAfterMs: untilMs(resendAt),
      replayed,
      testCode: value.testCode,
    });
  }
}

function dateOf(iso: string | undefined): Date | undefined {
  return iso === undefined ? undefined : new Date(iso);
}

function untilMs(date: Date | undefined): number | undefined {
  return date && Math.max(0, date.getTime() - Date.now());
}

// Has a verification code sent: the story from a front-end's wish to its answer.
import { Arg, Ctx, ID, Mutation, Resolver } from 'type-graphql';
import { maskPhone } from '../../audit/mask.js';
import { requireRole } from '../../auth/caller.js';
import { requireMayActFor } from '../../auth/may-act-for.js';
import { Fault } from '../../errors.js';
import { askerOf, type RequestContext } from '../../graphql/context.js';
import type { Pipeline } from '../../pipeline/pipeline.js';
import type { Asker, Settled } from '../../pipeline/request.js';
import type { AccountCodes } from '../../providers/provider.js';
import { qingsongBank } from '../../providers/qingsong-bank/index.js';
import { bankCodePurposes } from '../../providers/qingsong-bank/purposes.js';
import { idempotencyKeyOf } from '../idempotency-key.js';
import { requireMainlandMobile } from '../mainland-mobile.js';
import { outcomeUnknown, refusal } from '../outcome.js';
import {
  type AccountCodeInput,
  AccountCodePurpose,
  type BankCodeInput,
  RequestVerificationCodeInput,
  RequestVerificationCodeResult,
  VerificationCodeSent,
} from './schema.js';

export interface VerificationCodeSettings {
  /** The chosen provider's; null where it is not configured. */
  accountCodes: { operation: AccountCodes<never>['operation']; furtherTypes: readonly string[] } | null;
}

/** What the providers say of a code that they have sent. */
interface SentCode {
  /** ISO 8601. */
  expiresAt?: string | undefined;
  resendAt?: string | undefined;
  taskId?: string | undefined;
  testCode?: string | undefined;
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
    { account, bank }: RequestVerificationCodeInput,
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
    humanCheck?: string | null,
  ): Promise<typeof RequestVerificationCodeResult> {
    const key = idempotencyKeyOf(idempotencyKey);
    const asker = askerOf(context, humanCheck);
    if (account) return this.sendForAccount(account, key, asker, context);
    if (bank) return this.sendForBank(bank, key, asker, context);
    throw new Fault('BAD_USER_INPUT', { field: 'input' });
  }

  private async sendForAccount(
    account: AccountCodeInput,
    idempotencyKey: string | undefined,
    asker: Asker,
    context: RequestContext,
  ) {
    const { phone, purpose, providerType, userId, username } = account;
    const { accountCodes } = this.settings;
    if (!accountCodes) throw new Fault('PROVIDER_NOT_CONFIGURED');
    checkType(account, accountCodes.furtherTypes);
    const settled = await this.pipeline.run({
      requestId: context.requestId,
      asker,
      operation: accountCodes.operation,
      input: { phone, purpose, providerType, userId, username },
      phone,
      subjects: [{ kind: 'phone', value: phone }],
      purpose,
      idempotencyKey,
      repeatable: { account },
    });
    return this.answer(settled, maskPhone(phone), context);
  }

  private async sendForBank(
    bank: BankCodeInput,
    idempotencyKey: string | undefined,
    asker: Asker,
    context: RequestContext,
  ) {
    const { phone, purpose, schoolId, personId } = bank;
    requireMayActFor(requireRole(context.caller, []), { schoolId, personId }, 'input.bank');
    requireMainlandMobile(phone, 'input.bank.phone');
    const { templateId, ...scene } = bankCodePurposes[purpose];
    const person = { kind: 'personId', value: personId } as const;
    const settled = await this.pipeline.run({
      requestId: context.requestId,
      asker,
      operation: qingsongBank.operations.sendCode,
      input: { phone, bank: 'minsheng', schoolId, personId, templateId },
      phone,
      heldBy: 'sendsToHeldNumber' in scene ? person : undefined,
      subjects: [{ kind: 'phone', value: phone }, person],
      purpose,
      idempotencyKey,
      repeatable: { bank },
    });
    return this.answer(settled, 'sendsToHeldNumber' in scene ? undefined : maskPhone(phone), context);
  }

  private answer(settled: Settled<SentCode>, maskedPhone: string | undefined, context: RequestContext) {
    if (settled.outcome === 'REFUSED') return refusal(settled, context);
    if (settled.outcome === 'UNKNOWN') return outcomeUnknown(settled, context);
    const { value, requestId, replayed } = settled;
    const expiresAt = dateOf(value.expiresAt);
    const resendAt = dateOf(value.resendAt);
    return Object.assign(new VerificationCodeSent(), {
      requestId,
      maskedPhone,
      expiresAt,
      resendAt,
      expiresInMs: untilMs(expiresAt),
      resendAfterMs: untilMs(resendAt),
      replayed,
      taskId: value.taskId,
      testCode: value.testCode,
    });
  }
}

/** The provider's own number of a scene goes with OTHER only, and has to be on the list. */
function checkType({ purpose, providerType }: AccountCodeInput, furtherTypes: readonly string[]): void {
  const field = 'input.account.providerType';
  if (purpose !== AccountCodePurpose.OTHER) {
    if (providerType == null) return;
    throw new Fault('BAD_USER_INPUT', { field, message: 'providerType goes with purpose OTHER only.' });
  }
  if (providerType == null || !furtherTypes.includes(providerType)) {
    throw new Fault('BAD_USER_INPUT', { field, message: 'providerType is not on the configured list.' });
  }
}

function dateOf(iso: string | undefined): Date | undefined {
  return iso === undefined ? undefined : new Date(iso);
}

function untilMs(date: Date | undefined): number | undefined {
  return date && Math.max(0, date.getTime() - Date.now());
}

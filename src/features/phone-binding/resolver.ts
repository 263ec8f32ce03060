// Binds a phone to an enterprise member: applying, confirming, and watching where it stands.
import { Arg, Authorized, Ctx, ID, Mutation, Query, Resolver, Root, Subscription } from 'type-graphql';
import { type Caller, requireRole } from '../../auth/caller.js';
import { mayActFor, requireMayActFor } from '../../auth/may-act-for.js';
import { Fault } from '../../errors.js';
import { askerOf, type RequestContext } from '../../graphql/context.js';
import { type SubscriptionSource, subscribedByInstance } from '../../graphql/subscription-source.js';
import { FlowConflict, type FlowStep, type Flows } from '../../pipeline/flow.js';
import type { FlowChanges } from '../../pipeline/flow-changes.js';
import type { Pipeline } from '../../pipeline/pipeline.js';
import type { Settled } from '../../pipeline/request.js';
import { type BindingApplied, type BindingConfirmed, tongqifu } from '../../providers/tongqifu/index.js';
import { afterApplication, afterConfirmation, mayConfirm } from '../../providers/tongqifu/status.js';
import { idNumberPattern, memberIdPattern, verifyCodePattern } from '../../providers/tongqifu/wire.js';
import { idempotencyKeyOf } from '../idempotency-key.js';
import { requireMainlandMobile } from '../mainland-mobile.js';
import { outcomeUnknown, refusal } from '../outcome.js';
import {
  type AuthorisedPersonInput,
  BindPhoneInput,
  BindPhoneResult,
  ConfirmPhoneBindingInput,
  PhoneBinding,
} from './schema.js';
import { type BindingFlow, type BindingPersonal, type BindingState, presentBinding } from './standing.js';

export interface PhoneBindingSettings {
  /** Where browsers may be sent after signing: addresses, each standing for all below it. */
  returnUrls: readonly string[];
  /** This server's address as the provider and browsers see it. */
  publicUrl(): string;
  /** Whether the legal person's code can be confirmed here. */
  confirmation: boolean;
}

const KIND = 'PHONE_BINDING';
export const RETURN_PATH = '/h5/return/tongqifu';
/** While the application's outcome is unknown, the provider's notice may still tell. */
const POLL_AFTER_MS = 5_000;

@Resolver()
export class PhoneBindingResolver implements SubscriptionSource {
  constructor(
    private readonly pipeline: Pipeline,
    private readonly flows: Flows,
    private readonly changes: FlowChanges,
    private readonly settings: PhoneBindingSettings,
  ) {}

  @Authorized()
  @Mutation(() => BindPhoneResult, {
    description: 'Applies to bind a phone to an enterprise member at 通企付. Signed in.',
  })
  async bindPhone(
    @Ctx() context: RequestContext,
    @Arg('input', () => BindPhoneInput, { description: 'Which phone, for which member.' })
    input: BindPhoneInput,
    @Arg('idempotencyKey', () => ID, {
      nullable: true,
      description: 'Made by the client, at most 128 characters; a repeat is answered with the present state.',
    })
    idempotencyKey?: string | null,
  ): Promise<typeof BindPhoneResult> {
    const { memberId, phone, returnUrl } = input;
    const { authorisedPerson: person } = input;
    const authorisedPerson = person ? { ...person, idNumber: person.idNumber.toUpperCase() } : undefined;
    requireMayActFor(requireRole(context.caller, []), { memberId }, 'input');
    requireForm(memberIdPattern, memberId, 'input.memberId');
    requireMainlandMobile(phone, 'input.phone');
    if (authorisedPerson) checkPerson(authorisedPerson);
    this.checkReturnUrl(returnUrl);

    const kind = authorisedPerson?.authorisation ?? 'LEGAL_PERSON';
    const step: FlowStep<BindingApplied, BindingState, BindingPersonal> = {
      from: {
        begin: {
          state: { kind, returnUrl: returnUrl ?? undefined, notices: [] },
          personal: { memberId, phone },
        },
      },
      after: ({ state, personal }, settled) => {
        // A notice that came first knows better.
        const known = (status: BindingState['status']) => state.status ?? status;
        if (settled?.outcome === 'ACCEPTED') {
          const { traceNumber, signingUrl, pendingReview } = settled.value;
          return {
            state: {
              ...state,
              traceNumber,
              providerCode: settled.providerCode,
              status: known(afterApplication(kind, pendingReview)),
            },
            personal: personal && { ...personal, signingUrl },
          };
        }
        if (settled?.outcome === 'UNKNOWN') return { state, personal };
        return {
          state: { ...state, status: known('FAILED'), providerCode: settled?.providerCode },
          personal,
        };
      },
    };
    const settled = await this.pipeline.run({
      requestId: context.requestId,
      asker: askerOf(context),
      operation: tongqifu.operations.applyBinding,
      input: {
        memberId,
        phone,
        authorisedPerson,
        notifyUrl: this.settings.publicUrl() + tongqifu.webhook.path,
        jumpUrl: this.settings.publicUrl() + RETURN_PATH,
      },
      phone,
      subjects: [
        { kind: 'phone', value: phone },
        { kind: 'memberId', value: memberId },
      ],
      purpose: kind,
      step,
      idempotencyKey: idempotencyKeyOf(idempotencyKey),
      repeatable: input,
    });
    return this.answer(settled, settled.requestId, context);
  }

  @Authorized()
  @Mutation(() => BindPhoneResult, {
    description: "Where configured: confirms the legal person's phone with the code that the SMS brought.",
  })
  async confirmPhoneBinding(
    @Ctx() context: RequestContext,
    @Arg('input', () => ConfirmPhoneBindingInput, { description: 'Which binding, with which code.' })
    { id, code }: ConfirmPhoneBindingInput,
    @Arg('idempotencyKey', () => ID, {
      nullable: true,
      description: 'Made by the client, at most 128 characters; a repeat is answered with the present state.',
    })
    idempotencyKey?: string | null,
  ): Promise<typeof BindPhoneResult> {
    if (!this.settings.confirmation) {
      throw new Fault('PROVIDER_NOT_CONFIGURED', {
        message: 'Confirming a phone is not configured on this server.',
      });
    }
    requireForm(verifyCodePattern, code, 'input.code');
    const caller = requireRole(context.caller, []);
    const flow = await this.own(id, caller);
    const { traceNumber } = flow?.state ?? {};
    if (!flow?.personal || traceNumber === undefined) {
      throw new Fault('BAD_USER_INPUT', {
        field: 'input.id',
        message: 'There is no such binding to confirm.',
      });
    }
    const { phone, memberId } = flow.personal;
    // The binding is the caller's own, but a token may allow less than the one that applied.
    if (!mayActFor(caller, 'memberId', memberId)) {
      throw new Fault('FORBIDDEN', {
        field: 'input.id',
        message: "The token does not allow this binding's memberId.",
      });
    }
    const key = idempotencyKeyOf(idempotencyKey);
    // What needs no code any more is answered as it stands; a repeat is recognised further in.
    if (key === undefined && (!flow.state.status || !mayConfirm(flow.state.status)))
      return this.present(flow, context);

    try {
      const settled = await this.pipeline.run({
        requestId: context.requestId,
        asker: askerOf(context),
        operation: tongqifu.operations.confirmBinding,
        input: { memberId, traceNumber, phone, code },
        phone,
        subjects: [
          { kind: 'phone', value: phone },
          { kind: 'memberId', value: memberId },
        ],
        purpose: flow.state.kind,
        step: {
          from: { goOn: flow },
          after: ({ state, personal }: BindingFlow, result: Settled<BindingConfirmed> | null) =>
            result?.outcome === 'ACCEPTED' && state.status
              ? {
                  state: { ...state, status: afterConfirmation(state.status, result.value.signed) },
                  personal,
                }
              : { state, personal },
        },
        idempotencyKey: key,
        repeatable: { id },
      });
      return this.answer(settled, id, context);
    } catch (error) {
      if (!(error instanceof FlowConflict)) throw error;
      const moved = await this.own(id, caller);
      if (moved?.running) throw new Fault('REQUEST_IN_PROGRESS', { retryAfterMs: 2_000 });
      return this.present(moved ?? flow, context);
    }
  }

  @Authorized()
  @Query(() => PhoneBinding, { nullable: true, description: "The caller's own; someone else's is null." })
  async phoneBinding(
    @Ctx() context: RequestContext,
    @Arg('id', () => ID, { description: 'The requestId of its application.' }) id: string,
  ): Promise<PhoneBinding | null> {
    const flow = await this.own(id, requireRole(context.caller, []));
    return flow && presentBinding(flow, context);
  }

  @Authorized()
  @Subscription(() => PhoneBinding, {
    description:
      "The state on subscribing, then every change, whichever replica learns of it. The caller's own.",
    subscribe: subscribedByInstance,
  })
  phoneBindingUpdated(
    @Root() binding: PhoneBinding,
    @Arg('id', () => ID, { description: 'The requestId of its application.' }) _id: string,
  ): PhoneBinding {
    return binding;
  }

  readonly subscriptions = {
    phoneBindingUpdated: ({ id }: { id: string }, context: RequestContext) => this.watch(id, context),
  };

  private async watch(id: string, context: RequestContext): Promise<AsyncIterableIterator<PhoneBinding>> {
    const owner = requireRole(context.caller, []);
    if (!(await this.own(id, owner))) throw new Fault('NOT_FOUND');
    return this.changes.watch(id, async () => {
      const flow = await this.own(id, owner);
      return flow && presentBinding(flow, context);
    });
  }

  private async own(id: string, { actor }: Caller): Promise<BindingFlow | null> {
    return this.flows.readOwn<BindingState, BindingPersonal>(KIND, id, actor);
  }

  /** A binding is answered as it stands by now, also to a repeat and after an unknown outcome. */
  private async answer(
    settled: Settled<object>,
    id: string,
    context: RequestContext,
  ): Promise<typeof BindPhoneResult> {
    if (settled.outcome === 'REFUSED') return refusal(settled, context);
    const flow = await this.flows.read<BindingState, BindingPersonal>(KIND, id);
    const standing = flow && presentBinding(flow, context);
    // Where the answer was lost, a notice may have told how it ended.
    const ended = standing?.status === 'BOUND' || standing?.status === 'FAILED';
    if (standing && (settled.outcome === 'ACCEPTED' || ended)) return standing;
    return Object.assign(outcomeUnknown({ ...settled, outcome: 'UNKNOWN' }, context), {
      pollAfterMs: POLL_AFTER_MS,
    });
  }

  private present(flow: BindingFlow, context: RequestContext): typeof BindPhoneResult {
    const { requestId } = context;
    return presentBinding(flow, context) ?? outcomeUnknown({ outcome: 'UNKNOWN', requestId }, context);
  }

  private checkReturnUrl(returnUrl: string | null | undefined): void {
    if (returnUrl == null) return;
    if (!this.settings.returnUrls.some((allowed) => isBelow(returnUrl, allowed))) {
      throw new Fault('BAD_USER_INPUT', {
        field: 'input.returnUrl',
        message: 'input.returnUrl is not on the configured list.',
      });
    }
  }
}

function checkPerson({ authorisation, idNumber, agreementFileId }: AuthorisedPersonInput): void {
  const at = 'input.authorisedPerson';
  requireForm(idNumberPattern, idNumber, `${at}.idNumber`);
  if ((authorisation === 'OFFLINE') !== (agreementFileId != null)) {
    throw new Fault('BAD_USER_INPUT', {
      field: `${at}.agreementFileId`,
      message: 'agreementFileId is required with OFFLINE and refused with ONLINE.',
    });
  }
}

/** What the provider's field cannot hold is refused before any intent. */
function requireForm(pattern: RegExp, value: string, field: string): void {
  if (!pattern.test(value))
    throw new Fault('BAD_USER_INPUT', { field, message: `${field} has not the form it must have.` });
}

/** True where `url` is `allowed` or lies below it: same origin, and its path begins with the allowed one. */
function isBelow(url: string, allowed: string): boolean {
  if (!URL.canParse(url)) return false;
  const [given, base] = [new URL(url), new URL(allowed)];
  if (given.origin !== base.origin || given.username !== '' || given.password !== '') return false;
  const path = base.pathname.replace(/\/$/, '');
  return given.pathname === path || given.pathname.startsWith(`${path}/`);
}

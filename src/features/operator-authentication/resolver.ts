// Authenticates a person at their phone's operator: an application, then a conversation of a few answers.
import { Arg, Authorized, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import { requireRole } from '../../auth/caller.js';
import { Fault } from '../../errors.js';
import { askerOf, type RequestContext } from '../../graphql/context.js';
import { parsePhoneNumber } from '../../phone-number.js';
import type { FlowStep, Flows } from '../../pipeline/flow.js';
import type { Pipeline } from '../../pipeline/pipeline.js';
import { applicationLimits, type Receipt } from '../../providers/juxinli/application.js';
import { start } from '../../providers/juxinli/conversation.js';
import { juxinli } from '../../providers/juxinli/index.js';
import { idempotencyKeyOf } from '../idempotency-key.js';
import { requireMainlandMobile } from '../mainland-mobile.js';
import { outcomeUnknown, refusal } from '../outcome.js';
import { withoutNulls } from '../without-nulls.js';
import type { DataSources } from './data-sources.js';
import { type Answer, type Dialogue, type DialogueSettings, FLOW_KIND } from './dialogue.js';
import {
  ContinueOperatorAuthenticationInput,
  OperatorAuthentication,
  OperatorAuthenticationResult,
  OperatorDataSource,
  ResendSmsCaptchaInput,
  StartOperatorAuthenticationInput,
  SubmitQueryPasswordInput,
  SubmitServicePasswordInput,
  SubmitSmsCaptchaInput,
} from './schema.js';
import { type AuthenticationState, presentAuthentication, presentSource } from './standing.js';

type Result = typeof OperatorAuthenticationResult;

const keyOptions = {
  nullable: true,
  description: 'Made by the client, at most 128 characters; a repeat is answered with the present step.',
} as const;

@Resolver()
export class OperatorAuthenticationResolver {
  constructor(
    private readonly pipeline: Pipeline,
    private readonly flows: Flows,
    private readonly dialogue: Dialogue,
    private readonly sources: DataSources,
    private readonly settings: DialogueSettings,
  ) {}

  @Authorized('user')
  @Query(() => [OperatorDataSource], { description: "Juxinli's list of data sources; cached. Role user." })
  async operatorDataSources(): Promise<OperatorDataSource[]> {
    return (await this.sources.list()).map(presentSource);
  }

  @Authorized()
  @Query(() => OperatorAuthentication, {
    nullable: true,
    description: "The caller's own; someone else's is null.",
  })
  async operatorAuthentication(
    @Ctx() { caller, language }: RequestContext,
    @Arg('id', () => ID, { description: 'The requestId of its start.' }) id: string,
  ): Promise<OperatorAuthentication | null> {
    const flow = await this.dialogue.own(id, requireRole(caller, []));
    return flow && presentAuthentication(flow, language, this.settings);
  }

  @Authorized()
  @Mutation(() => OperatorAuthenticationResult, {
    description: 'Hands an application to Juxinli and learns which operator will be asked. Signed in.',
  })
  async startOperatorAuthentication(
    @Ctx() context: RequestContext,
    @Arg('input', () => StartOperatorAuthenticationInput, { description: 'Whose phone.' })
    input: StartOperatorAuthenticationInput,
    @Arg('idempotencyKey', () => ID, keyOptions) idempotencyKey?: string | null,
  ): Promise<Result> {
    const { phone, contacts } = input;
    requireMainlandMobile(phone, 'input.phone');
    if (!applicationLimits.idNumber.test(input.idNumber)) {
      throw new Fault('BAD_USER_INPUT', {
        field: 'input.idNumber',
        message: 'input.idNumber must have 18 places.',
      });
    }
    const step: FlowStep<Receipt, AuthenticationState, never> = {
      from: { begin: { state: {} } },
      after: ({ state }, settled) => ({
        state: settled?.outcome === 'ACCEPTED' ? { conversation: start(settled.value.source) } : state,
      }),
    };
    const settled = await this.pipeline.run({
      requestId: context.requestId,
      asker: askerOf(context),
      operation: juxinli.operations.apply,
      input: withoutNulls({ ...input, contacts: contacts ?? undefined }),
      phone,
      subjects: phonesOf(input).map((value) => ({ kind: 'phone', value })),
      step,
      idempotencyKey: idempotencyKeyOf(idempotencyKey),
      repeatable: input,
    });
    if (settled.outcome === 'REFUSED') return refusal(settled, context);
    if (settled.outcome === 'UNKNOWN') return outcomeUnknown(settled, context);
    const flow = await this.flows.read<AuthenticationState, never>(FLOW_KIND, settled.requestId);
    if (!flow) return outcomeUnknown({ ...settled, outcome: 'UNKNOWN' }, context);
    const carried = settled.replayed ? null : { phone, token: settled.value.token };
    return this.dialogue.present(flow, carried, context);
  }

  @Authorized()
  @Mutation(() => OperatorAuthenticationResult, { description: 'Answers a ServicePasswordStep.' })
  submitServicePassword(
    @Ctx() context: RequestContext,
    @Arg('input', () => SubmitServicePasswordInput, { description: 'The password.' })
    { id, continuation, account, password }: SubmitServicePasswordInput,
    @Arg('idempotencyKey', () => ID, keyOptions) key?: string | null,
  ): Promise<Result> {
    const given = { password, ...(account == null ? {} : { account }) };
    return this.answer(context, { id, continuation, action: 'SUBMIT_PASSWORD', given }, key);
  }

  @Authorized()
  @Mutation(() => OperatorAuthenticationResult, { description: 'Answers an SmsCaptchaStep.' })
  submitSmsCaptcha(
    @Ctx() context: RequestContext,
    @Arg('input', () => SubmitSmsCaptchaInput, { description: 'The captcha.' })
    { id, continuation, captcha }: SubmitSmsCaptchaInput,
    @Arg('idempotencyKey', () => ID, keyOptions) key?: string | null,
  ): Promise<Result> {
    return this.answer(context, { id, continuation, action: 'SUBMIT_CAPTCHA', given: { captcha } }, key);
  }

  @Authorized()
  @Mutation(() => OperatorAuthenticationResult, { description: 'Has another captcha sent.' })
  resendSmsCaptcha(
    @Ctx() context: RequestContext,
    @Arg('input', () => ResendSmsCaptchaInput, { description: 'For which authentication.' })
    { id, continuation }: ResendSmsCaptchaInput,
    @Arg('idempotencyKey', () => ID, keyOptions) key?: string | null,
  ): Promise<Result> {
    return this.answer(context, { id, continuation, action: 'RESEND_CAPTCHA' }, key);
  }

  @Authorized()
  @Mutation(() => OperatorAuthenticationResult, { description: 'Answers a QueryPasswordStep.' })
  submitQueryPassword(
    @Ctx() context: RequestContext,
    @Arg('input', () => SubmitQueryPasswordInput, { description: 'The query password.' })
    { id, continuation, password }: SubmitQueryPasswordInput,
    @Arg('idempotencyKey', () => ID, keyOptions) key?: string | null,
  ): Promise<Result> {
    return this.answer(
      context,
      { id, continuation, action: 'SUBMIT_QUERY_PASSWORD', given: { queryPwd: password } },
      key,
    );
  }

  @Authorized()
  @Mutation(() => OperatorAuthenticationResult, {
    description:
      'After a WaitStep: joins the provider call that is still running, or asks again where the provider said it is still busy. Never makes a second call beside a running one.',
  })
  continueOperatorAuthentication(
    @Ctx() context: RequestContext,
    @Arg('input', () => ContinueOperatorAuthenticationInput, { description: 'Which authentication.' })
    { id, continuation }: ContinueOperatorAuthenticationInput,
  ): Promise<Result> {
    return this.answer(context, { id, continuation, action: 'CONTINUE' });
  }

  private answer(context: RequestContext, answer: Answer, key?: string | null): Promise<Result> {
    return this.dialogue.answer(context, requireRole(context.caller, []), {
      ...answer,
      idempotencyKey: idempotencyKeyOf(key),
    });
  }
}

/** Everybody who can be reached at a number of the application's: it is found, and erased, by each of them. */
function phonesOf(input: StartOperatorAuthenticationInput): string[] {
  const { phone, contacts, homePhone, workPhone } = input;
  const written = [homePhone, workPhone].map((text) => (text ? parsePhoneNumber(text) : null));
  return [phone, ...(contacts ?? []).map((contact) => contact.phone), ...written].filter(
    (number) => number !== null,
  );
}

// Has a user token made, for services, and for the persons that their own token names.
import { Arg, Authorized, Ctx, ID, Mutation, Resolver } from 'type-graphql';
import { requireRole } from '../../auth/caller.js';
import { requireMayActFor } from '../../auth/may-act-for.js';
import { Fault } from '../../errors.js';
import { askerOf, type RequestContext } from '../../graphql/context.js';
import type { Pipeline } from '../../pipeline/pipeline.js';
import { qingsongToken } from '../../providers/qingsong-token/index.js';
import { idempotencyKeyOf } from '../idempotency-key.js';
import { outcomeUnknown, refusal } from '../outcome.js';
import { IssueUserTokenInput, IssueUserTokenResult, TokenPersonRole, UserTokenIssued } from './schema.js';

export interface UserTokenSettings {
  /** Partners for which appSystemId is required. */
  partnersWithApp: readonly string[];
}

@Resolver()
export class UserTokenResolver {
  constructor(
    private readonly pipeline: Pipeline,
    private readonly settings: UserTokenSettings,
  ) {}

  @Authorized('service')
  @Mutation(() => IssueUserTokenResult, {
    description:
      'Has QingSong Education make a token. Role service, for the persons its token names. Making one again is harmless: a repeated idempotencyKey asks the provider again.',
  })
  async issueUserToken(
    @Ctx() context: RequestContext,
    @Arg('input', () => IssueUserTokenInput, { description: 'Which token, for whom.' })
    input: IssueUserTokenInput,
    @Arg('idempotencyKey', () => ID, {
      nullable: true,
      description: 'Made by the client, at most 128 characters.',
    })
    idempotencyKey?: string | null,
  ): Promise<typeof IssueUserTokenResult> {
    const { partner, appSystemId, person } = input;
    const caller = requireRole(context.caller, ['service']);
    requireMayActFor(caller, { partner, appSystemId }, 'input');
    if (person) requireMayActFor(caller, { ...person }, 'input.person');
    this.check(input);
    const settled = await this.pipeline.run({
      requestId: context.requestId,
      asker: askerOf(context),
      operation: qingsongToken.operations.issueToken,
      input: { partner: partner ?? '', appSystemId: appSystemId ?? undefined, person: person ?? undefined },
      subjects: [person?.personId, person?.studentId].flatMap((value) =>
        value == null ? [] : [{ kind: 'personId' as const, value }],
      ),
      purpose: person?.role,
      idempotencyKey: idempotencyKeyOf(idempotencyKey),
      repeatable: input,
    });
    if (settled.outcome === 'REFUSED') return refusal(settled, context);
    if (settled.outcome === 'UNKNOWN') return outcomeUnknown(settled, context);
    return Object.assign(new UserTokenIssued(), { requestId: settled.requestId, token: settled.value.token });
  }

  private check({ partner, appSystemId, person }: IssueUserTokenInput): void {
    if (partner && this.settings.partnersWithApp.includes(partner) && !appSystemId) {
      throw new Fault('BAD_USER_INPUT', {
        field: 'input.appSystemId',
        message: 'appSystemId is required for this partner.',
      });
    }
    if (person?.role === TokenPersonRole.PARENT && person.studentId == null) {
      throw new Fault('BAD_USER_INPUT', {
        field: 'input.person.studentId',
        message: 'studentId is required for PARENT.',
      });
    }
  }
}

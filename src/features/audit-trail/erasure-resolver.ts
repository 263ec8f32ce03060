// Destroys everything held about a person.
import { Arg, Authorized, Ctx, ID, Mutation, Resolver } from 'type-graphql';
import type { Eraser } from '../../audit/eraser.js';
import { askerOf, type RequestContext } from '../../graphql/context.js';
import { idempotencyKeyOf } from '../idempotency-key.js';
import { ErasureReceipt } from './disclosure-schema.js';
import { reasonDescription, requireReason } from './reason.js';
import { SubjectInput } from './schema.js';
import { subjectOf } from './subject.js';

@Resolver()
export class ErasureResolver {
  constructor(private readonly eraser: Eraser) {}

  @Authorized('admin')
  @Mutation(() => ErasureReceipt, {
    description:
      'Destroys the keys to everything held about a person, in whatever part they appear. Role admin; the log still verifies.',
  })
  async eraseSubject(
    @Ctx() context: RequestContext,
    @Arg('subject', () => SubjectInput, { description: 'Whom.' }) subject: SubjectInput,
    @Arg('reason', () => String, { description: reasonDescription }) reason: string,
    @Arg('idempotencyKey', () => ID, {
      nullable: true,
      description: 'Made by the client, at most 128 characters; a repeat gets the same receipt.',
    })
    idempotencyKey?: string | null,
  ): Promise<ErasureReceipt> {
    requireReason(reason);
    const receipt = await this.eraser.erase({
      subject: subjectOf(subject, 'subject'),
      reason,
      asker: askerOf(context),
      idempotencyKey: idempotencyKeyOf(idempotencyKey),
    });
    return Object.assign(new ErasureReceipt(), receipt);
  }
}

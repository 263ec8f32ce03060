// How many messages of today are sent, for auditors.
import { Authorized, Field, Int, ObjectType, Query, Resolver } from 'type-graphql';
import { DateTimeScalar } from '../../graphql/scalars.js';
import type { Budgets } from '../../limits/budgets.js';

@ObjectType({ description: 'How many messages may be sent in a day, and how many are.' })
class Budget {
  @Field({ description: 'Global (*), or a destination prefix such as +86.' })
  scope!: string;

  @Field(() => Int, { description: 'Messages that may be sent in a day.' })
  limit!: number;

  @Field(() => Int, { description: 'Of requests that are under way.' })
  reserved!: number;

  @Field(() => Int, { description: 'Sent, or perhaps sent.' })
  spent!: number;

  @Field(() => DateTimeScalar, { description: 'When the day ends, at midnight in China.' })
  resetsAt!: Date;
}

@Resolver()
export class BudgetResolver {
  constructor(private readonly budgets: Budgets) {}

  @Authorized('auditor')
  @Query(() => [Budget], {
    name: 'budgets',
    description: "Role auditor. Today's, all messages first; none where limits are lifted.",
  })
  async today(): Promise<Budget[]> {
    return (await this.budgets.today()).map((standing) => Object.assign(new Budget(), standing));
  }
}

// Which providers there are, and whether they can be reached.
import { Authorized, Field, ID, ObjectType, Query, Resolver, registerEnumType } from 'type-graphql';
import type { ProviderLine } from '../../pipeline/call.js';

enum BreakerState {
  CLOSED = 'CLOSED',
  OPEN = 'OPEN',
  HALF_OPEN = 'HALF_OPEN',
}

registerEnumType(BreakerState, {
  name: 'BreakerState',
  description: "Whether calls to a provider are let through, as this server's process sees it.",
  valuesConfig: {
    CLOSED: { description: 'Calls are let through.' },
    OPEN: { description: 'Too many calls broke off lately: none is let through.' },
    HALF_OPEN: { description: 'One call is let through, to try.' },
  },
});

@ObjectType('Provider', { description: 'A vendor API behind this server.' })
class ProviderStatus {
  @Field(() => ID, { description: 'As in records.' })
  id!: string;

  @Field({ description: 'Whether this server has an address for it.' })
  configured!: boolean;

  @Field({ description: 'Whether calls go to the sandbox instead of the real one.' })
  sandbox!: boolean;

  @Field(() => BreakerState, { description: 'Whether calls are let through.' })
  breaker!: 'CLOSED' | 'OPEN' | 'HALF_OPEN';
}

@Resolver()
export class ProviderStatusResolver {
  constructor(
    private readonly lines: Iterable<ProviderLine>,
    private readonly sandboxUrl: string | undefined,
  ) {}

  @Authorized('auditor')
  @Query(() => [ProviderStatus], { description: 'Role auditor.' })
  providers(): ProviderStatus[] {
    return Array.from(this.lines, ({ provider, settings, breakerState }) =>
      Object.assign(new ProviderStatus(), {
        id: provider.id,
        configured: settings !== null,
        sandbox:
          this.sandboxUrl !== undefined && settings?.baseUrl.startsWith(`${this.sandboxUrl}/`) === true,
        breaker: breakerState(),
      }),
    );
  }
}

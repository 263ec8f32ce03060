// Subscriptions of a resolver's instance. type-graphql calls `subscribe` without the instance, so buildSchema
// puts the instance's own function in its place.
import type { RequestContext } from './context.js';

export interface SubscriptionSource {
  /** By the field's name; each checks its caller itself. */
  readonly subscriptions: Readonly<
    // biome-ignore lint/suspicious/noExplicitAny: each takes the arguments that its own field declares
    Record<string, (args: any, context: RequestContext) => Promise<AsyncIterable<unknown>>>
  >;
}

export function isSubscriptionSource(resolver: object): resolver is SubscriptionSource {
  return 'subscriptions' in resolver;
}

/** For the decorator, which asks for a function. */
export function subscribedByInstance(): never {
  throw new Error('buildSchema was given no instance for this subscription');
}

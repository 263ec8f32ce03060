// The schema: the one list of resolvers, and what holds for all of them.
import 'reflect-metadata';
import { MapperKind, mapSchema } from '@graphql-tools/utils';
import { GraphQLInputObjectType, type GraphQLSchema } from 'graphql';
import { buildSchemaSync, type ContainerType, type NonEmptyArray } from 'type-graphql';
import { type Role, requireRole } from '../auth/caller.js';
import { BudgetResolver } from '../features/audit-trail/budget-resolver.js';
import { ErasureResolver } from '../features/audit-trail/erasure-resolver.js';
import { IntegrityResolver } from '../features/audit-trail/integrity-resolver.js';
import { LiveLogResolver } from '../features/audit-trail/live-log-resolver.js';
import { ProofResolver } from '../features/audit-trail/proof-resolver.js';
import { AuditTrailResolver } from '../features/audit-trail/resolver.js';
import { RevealResolver } from '../features/audit-trail/reveal-resolver.js';
import { SummaryResolver } from '../features/audit-trail/summary-resolver.js';
import { OperatorAuthenticationResolver } from '../features/operator-authentication/resolver.js';
import { PhoneBindingResolver } from '../features/phone-binding/resolver.js';
import { ProviderStatusResolver } from '../features/provider-status/resolver.js';
import { UserTokenResolver } from '../features/user-token/resolver.js';
import { VerificationCodeResolver } from '../features/verification-code/resolver.js';
import { checkInput } from './check-input.js';
import type { RequestContext } from './context.js';
import { isSubscriptionSource, subscribedByInstance } from './subscription-source.js';

export const resolverClasses = [
  VerificationCodeResolver,
  OperatorAuthenticationResolver,
  PhoneBindingResolver,
  UserTokenResolver,
  AuditTrailResolver,
  RevealResolver,
  ErasureResolver,
  ProofResolver,
  SummaryResolver,
  BudgetResolver,
  LiveLogResolver,
  IntegrityResolver,
  ProviderStatusResolver,
] as const;

/** Inputs of which exactly one member is given; type-graphql has no word for them. */
const oneOfInputs = new Set(['RequestVerificationCodeInput', 'SubjectInput']);

/** @param instances one of each resolver class; absent where the schema is only printed */
export function buildSchema(instances: readonly object[] = []): GraphQLSchema {
  const byClass = new Map(instances.map((instance) => [instance.constructor, instance]));
  const container: ContainerType = { get: (resolver) => byClass.get(resolver) };
  const schema = buildSchemaSync({
    resolvers: resolverClasses as unknown as NonEmptyArray<(typeof resolverClasses)[number]>,
    container,
    authChecker: ({ context }: { context: RequestContext }, allowed) => {
      requireRole(context.caller, allowed as Role[]);
      return true;
    },
    // Asked for wherever there is a subscription; ours have sources of their own.
    pubSub: { publish: () => {}, subscribe: subscribedByInstance },
    validateFn: checkInput,
  });
  const sources = Object.assign(
    {},
    ...instances.filter(isSubscriptionSource).map(({ subscriptions }) => subscriptions),
  );
  return mapSchema(schema, {
    [MapperKind.INPUT_OBJECT_TYPE]: (type) =>
      oneOfInputs.has(type.name) ? new GraphQLInputObjectType({ ...type.toConfig(), isOneOf: true }) : type,
    [MapperKind.SUBSCRIPTION_ROOT_FIELD]: (field, name) => {
      const source = sources[name];
      return source ? { ...field, subscribe: (_root, args, context) => source(args, context) } : field;
    },
  });
}

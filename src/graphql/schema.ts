// The schema: the one list of resolvers, and what holds for all of them.
import 'reflect-metadata';
import { MapperKind, mapSchema } from '@graphql-tools/utils';
import { GraphQLInputObjectType, type GraphQLSchema } from 'graphql';
import { buildSchemaSync, type ContainerType, type NonEmptyArray } from 'type-graphql';
import { type Role, requireRole } from '../auth/caller.js';
import { AuditTrailResolver } from '../features/audit-trail/resolver.js';
import { ProviderStatusResolver } from '../features/provider-status/resolver.js';
import { VerificationCodeResolver } from '../features/verification-code/resolver.js';
import type { RequestContext } from './context.js';

export const resolverClasses = [
  VerificationCodeResolver,
  AuditTrailResolver,
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
    // Not `whitelist`: it silently deletes members that lack a decorator.
    validate: { forbidUnknownValues: true, skipMissingProperties: false },
  });
  return mapSchema(schema, {
    [MapperKind.INPUT_OBJECT_TYPE]: (type) =>
      oneOfInputs.has(type.name) ? new GraphQLInputObjectType({ ...type.toConfig(), isOneOf: true }) : type,
  });
}

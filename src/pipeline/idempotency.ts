// What an idempotency key is bound to: who used it, for which operation, and with which input.
import canonicalize from 'canonicalize';
import type { Digester } from '../limits/subject.js';
import type { CommonSettings } from '../providers/provider.js';
import type { KeyClaim } from './ledger-batch.js';
import type { ProviderRequest } from './request.js';

/**
 * The scope is the client and the actor or, for the anonymous, the subjects: strangers cannot meet in a key,
 * and cannot find out each other's.
 * @param subjects keyed digests
 */
export function claimKey<Input, Value extends object, Settings extends CommonSettings>(
  { idempotencyKey, asker, operation, repeatable }: ProviderRequest<Input, Value, Settings>,
  subjects: readonly string[],
  digester: Digester,
): KeyClaim | undefined {
  if (idempotencyKey === undefined) return undefined;
  const scope = asker.actor === undefined ? ['anonymous', ...subjects] : ['actor', asker.actor];
  return {
    digest: digester.of(
      'idempotency-key',
      asker.client,
      `${operation.provider}.${operation.name}`,
      idempotencyKey,
      ...scope,
    ),
    input: digester.of('idempotency-input', canonicalize(repeatable) ?? ''),
  };
}

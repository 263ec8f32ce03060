// Finds what a record's request and answer were declared to be, for whoever reads it. What no provider declares,
// such as an operation that is no longer there, is masked as a whole.
import type { Declared } from '../audit/declared-fields.js';
import type { DescribedOperation, Provider } from './provider.js';

export interface Declarations {
  input: Declared;
  value: Declared;
}

/** By a record's provider and operation. */
export type FieldsOf = (provider: string | null | undefined, operation: string) => Declarations;

export function declarationsOf(providers: readonly Provider[]): FieldsOf {
  const known = new Map<string, Declarations>();
  for (const { operations, accountCodes } of providers) {
    const further: DescribedOperation[] = accountCodes ? [accountCodes.operation] : [];
    for (const { provider, name, inputFields, valueFields } of [...Object.values(operations), ...further]) {
      known.set(`${provider} ${name}`, { input: inputFields, value: valueFields });
    }
  }
  return (provider, operation) => known.get(`${provider} ${operation}`) ?? { input: {}, value: {} };
}

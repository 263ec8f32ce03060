// What the pipeline and its ledger tell whoever counts: nothing about a person, nothing that a caller can make up.
import type { FinalOutcome } from '../audit/entry.js';
import type { DescribedOperation } from '../providers/provider.js';

export type NamedOperation = Pick<DescribedOperation, 'provider' | 'name'>;

export interface PipelineWatch {
  /**
   * A request has ended.
   * @param rule why it is DENIED or UNKNOWN
   * @param latencyMs of the provider; undefined where it was not asked
   */
  ended(
    operation: NamedOperation,
    outcome: FinalOutcome,
    rule: string | undefined,
    latencyMs: number | undefined,
  ): void;
  /** A repeat was answered from what its first one came to. */
  replayed(operation: NamedOperation): void;
}

export interface LedgerWatch {
  /**
   * A batch is durable.
   * @param used how many messages of today are taken, by scope of the budget
   */
  committed(items: number, seconds: number, used: Readonly<Record<string, number>>): void;
  /** A batch failed: its fate is unknown, or it will be sent again. */
  failed(): void;
}

// What this process has carried out since it began, in Prometheus' words. Labels hold names out of lists of ours: nobody
// outside can make one, and no person is in any. The log counts exactly, over all processes: auditSummary.
import { Counter, Histogram, Registry } from 'prom-client';
import type { FinalOutcome } from '../audit/entry.js';
import type { LedgerWatch, NamedOperation, PipelineWatch } from '../pipeline/watch.js';

/** From what a sandbox takes to what an operator's gateway takes. */
const CALL_SECONDS = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 180];
const COMMIT_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];
const BATCH_ITEMS = [1, 2, 5, 10, 25, 50, 100, 200];

export class Counts implements PipelineWatch, LedgerWatch {
  readonly registry = new Registry();

  private readonly requests = new Counter({
    name: 'yanzheng_requests_total',
    help: 'Requests to providers that ended, by outcome, and by the rule why they are DENIED or UNKNOWN.',
    labelNames: ['provider', 'operation', 'outcome', 'rule'],
    registers: [this.registry],
  });
  private readonly replays = new Counter({
    name: 'yanzheng_replays_total',
    help: 'Repeated idempotency keys that were answered without a second effect.',
    labelNames: ['provider', 'operation'],
    registers: [this.registry],
  });
  private readonly calls = new Histogram({
    name: 'yanzheng_provider_call_seconds',
    help: 'How long providers took, whatever came of it.',
    labelNames: ['provider', 'operation'],
    buckets: CALL_SECONDS,
    registers: [this.registry],
  });
  private readonly commits = new Histogram({
    name: 'yanzheng_ledger_commit_seconds',
    help: 'How long a batch of the audit log took to become durable.',
    buckets: COMMIT_SECONDS,
    registers: [this.registry],
  });
  private readonly items = new Histogram({
    name: 'yanzheng_ledger_batch_items',
    help: 'Admissions, outcomes and other items that shared a batch.',
    buckets: BATCH_ITEMS,
    registers: [this.registry],
  });
  private readonly failures = new Counter({
    name: 'yanzheng_ledger_failures_total',
    help: 'Batches of the audit log that failed; none of them is lost by that.',
    registers: [this.registry],
  });

  ended(
    { provider, name: operation }: NamedOperation,
    outcome: FinalOutcome,
    rule: string | undefined,
    latencyMs: number | undefined,
  ): void {
    this.requests.inc({ provider, operation, outcome, rule: rule ?? '' });
    if (latencyMs !== undefined) this.calls.observe({ provider, operation }, latencyMs / 1_000);
  }

  replayed({ provider, name: operation }: NamedOperation): void {
    this.replays.inc({ provider, operation });
  }

  committed(items: number, seconds: number): void {
    this.items.observe(items);
    this.commits.observe(seconds);
  }

  failed(): void {
    this.failures.inc();
  }
}

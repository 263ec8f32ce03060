// The life of one request: admit → call → settle → answer. Nothing is called before its intent is durable,
// nothing is acknowledged before its outcome is, and nothing is called twice.
import { type FinalOutcome, leafOf } from '../audit/entry.js';
import { maskDigits, maskPhone } from '../audit/mask.js';
import { errorName, Fault } from '../errors.js';
import type { Digester } from '../limits/subject.js';
import {
  type CommonSettings,
  type Reply,
  TransportFailure,
  UnreadableAnswer,
} from '../providers/provider.js';
import type { ProviderLine } from './call.js';
import { claimKey } from './idempotency.js';
import type { Ledger } from './ledger.js';
import type { Settlement } from './ledger-batch.js';
import type { Repeats } from './repeats.js';
import type { ProviderRequest, Settled } from './request.js';

export interface PipelineLog {
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** How long after its deadline a call may still be on its way into the log, in milliseconds. */
const SETTLE_GRACE_MS = 15_000;

export class Pipeline {
  private readonly running = new Set<Promise<unknown>>();

  constructor(
    private readonly ledger: Ledger,
    private readonly repeats: Repeats,
    private readonly digester: Digester,
    private readonly lines: ReadonlyMap<string, ProviderLine>,
    private readonly log: PipelineLog,
  ) {}

  /**
   * @throws Fault PROVIDER_NOT_CONFIGURED, AUDIT_UNAVAILABLE, OVERLOADED or PROVIDER_UNAVAILABLE, all of which
   *   mean that surely nothing was sent; IDEMPOTENCY_KEY_REUSED or REQUEST_IN_PROGRESS for a repeated key
   */
  run<Input, Value extends object, Settings extends CommonSettings>(
    request: ProviderRequest<Input, Value, Settings>,
  ): Promise<Settled<Value>> {
    const run = this.live(request);
    this.running.add(run);
    const forget = () => this.running.delete(run);
    run.then(forget, forget);
    return run;
  }

  /** Resolves when no request is under way. */
  async drain(): Promise<void> {
    while (this.running.size > 0) await Promise.allSettled(this.running);
  }

  private async live<Input, Value extends object, Settings extends CommonSettings>(
    request: ProviderRequest<Input, Value, Settings>,
  ): Promise<Settled<Value>> {
    const line = this.lines.get(request.operation.provider);
    if (!line?.settings) throw new Fault('PROVIDER_NOT_CONFIGURED');

    const verdict = await this.admit(request, line.settings.deadlineMs);
    if (!verdict.admitted) {
      if (verdict.reused) throw new Fault('IDEMPOTENCY_KEY_REUSED', { field: 'idempotencyKey' });
      return this.repeats.answer<Value>(verdict.of);
    }
    const ended = await this.call(line, request);
    return this.settle(request, ended);
  }

  private admit<Input, Value extends object, Settings extends CommonSettings>(
    request: ProviderRequest<Input, Value, Settings>,
    deadlineMs: number,
  ) {
    const { requestId, asker, operation, purpose, flow, phone } = request;
    const at = new Date().toISOString();
    const maskedPhone = phone === undefined ? undefined : maskPhone(phone);
    const subjects = request.subjects.map((subject) => this.digester.subject(subject));
    const record = {
      provider: operation.provider,
      operation: operation.name,
      purpose,
      maskedPhone,
      actor: asker.actor,
      client: asker.client,
      flow,
      at,
    };
    return this.ledger.admit({
      id: requestId,
      kind: operation.kind,
      ...record,
      dueMs: deadlineMs + SETTLE_GRACE_MS,
      subjects,
      leaf: leafOf({ ...record, kind: 'INTENT', record: requestId, requestKind: operation.kind }),
      key: claimKey(request, subjects, this.digester),
    });
  }

  /** Calls the provider and says how the request ended; throws only our own bugs, after recording them. */
  private async call<Input, Value extends object, Settings extends CommonSettings>(
    line: ProviderLine,
    request: ProviderRequest<Input, Value, Settings>,
  ): Promise<Ended<Value>> {
    const { operation, requestId } = request;
    const began = performance.now();
    const latencyMs = () => Math.round(performance.now() - began);
    try {
      return { reply: await line.call(operation, request.input, { requestId }), latencyMs: latencyMs() };
    } catch (error) {
      const about = { requestId, provider: operation.provider, operation: operation.name };
      if (error instanceof TransportFailure) {
        this.log.warn({ ...about, reason: error.reason }, 'the exchange with the provider failed');
        return {
          failure: error.maybeSent ? 'UNKNOWN' : 'UNSENT',
          reason: error.reason,
          latencyMs: latencyMs(),
        };
      }
      if (error instanceof UnreadableAnswer) {
        this.log.error({ ...about, reason: error.reason }, "the provider's answer cannot be read");
        return { failure: 'UNKNOWN', reason: 'UNREADABLE', latencyMs: latencyMs() };
      }
      this.log.error({ ...about, error: errorName(error) }, 'a bug in calling the provider');
      return { failure: 'UNKNOWN', reason: 'INTERNAL', latencyMs: latencyMs() };
    }
  }

  /** Makes the outcome durable, then says it. Where it cannot be stored, the answer is UNKNOWN. */
  private async settle<Input, Value extends object, Settings extends CommonSettings>(
    request: ProviderRequest<Input, Value, Settings>,
    ended: Ended<Value>,
  ): Promise<Settled<Value>> {
    const { requestId, operation, asker, idempotencyKey } = request;
    const settled = settledOf(requestId, ended, operation.retryAfterUnknownMs);
    const at = new Date().toISOString();
    const outcome: FinalOutcome =
      'failure' in ended && ended.failure === 'UNSENT' ? 'DENIED' : settled.outcome;
    const state = {
      outcome,
      providerCode: 'reply' in ended ? shortText(ended.reply.providerCode) : undefined,
      providerReference:
        'reply' in ended && 'accepted' in ended.reply ? shortText(ended.reply.providerReference) : undefined,
      rule: 'failure' in ended ? ended.reason : undefined,
      retryAfterMs: settled.outcome === 'ACCEPTED' ? undefined : settled.retryAfterMs,
      latencyMs: ended.latencyMs,
    };
    const settlement: Settlement = {
      id: requestId,
      ...state,
      at,
      actor: asker.actor,
      answer: idempotencyKey === undefined ? undefined : answerToKeep(settled, operation.secrets),
      freesKey: outcome === 'DENIED' || undefined,
      leaf: leafOf({ ...state, kind: 'OUTCOME', record: requestId, at, actor: asker.actor }),
    };
    try {
      const verdict = await this.ledger.settle(settlement);
      if (!verdict.settled)
        return { outcome: 'UNKNOWN', requestId, retryAfterMs: operation.retryAfterUnknownMs };
    } catch (error) {
      this.log.error(
        { requestId, outcome, error: errorName(error) },
        'an outcome could not be stored in time',
      );
      if (outcome !== 'DENIED')
        return { outcome: 'UNKNOWN', requestId, retryAfterMs: operation.retryAfterUnknownMs };
    }
    if (outcome === 'DENIED') throw new Fault('PROVIDER_UNAVAILABLE');
    return settled;
  }
}

type Ended<Value> =
  | { reply: Reply<Value>; latencyMs: number }
  | { failure: 'UNKNOWN' | 'UNSENT'; reason: string; latencyMs: number };

function settledOf<Value extends object>(
  requestId: string,
  ended: Ended<Value>,
  retryAfterMs: number | undefined,
): Settled<Value> {
  if ('failure' in ended) return { outcome: 'UNKNOWN', requestId, retryAfterMs };
  const { reply } = ended;
  if ('accepted' in reply) return { outcome: 'ACCEPTED', requestId, replayed: false, value: reply.accepted };
  return {
    outcome: 'REFUSED',
    requestId,
    code: reply.refused,
    providerCode: shortText(reply.providerCode),
    text: reply.text === undefined ? undefined : maskDigits(reply.text),
    retryAfterMs: reply.retryAfterMs,
    tellsExistence: reply.tellsExistence,
  };
}

/** What a repeat of the key is answered, without what must never rest. */
function answerToKeep<Value extends object>(
  settled: Settled<Value>,
  secrets: readonly (keyof Value)[],
): unknown {
  if (settled.outcome !== 'ACCEPTED') return { ...settled, requestId: undefined };
  const value = { ...settled.value };
  for (const secret of secrets) delete value[secret];
  return { outcome: settled.outcome, value };
}

/** A provider's code or reference, safe to store: bounded, without control characters and lone surrogates. */
function shortText(text: string | undefined): string | undefined {
  return text?.replace(/[\p{Cc}\p{Surrogate}]/gu, '').slice(0, 64);
}

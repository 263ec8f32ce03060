// The life of one request: admit → call → settle → answer. Nothing is called before its intent is durable,
// nothing is acknowledged before its outcome is, and nothing is called twice.
import { setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { commitmentTo } from '../audit/commitment.js';
import { withoutSecrets } from '../audit/declared-fields.js';
import { leafOf } from '../audit/entry.js';
import { maskPhone } from '../audit/mask.js';
import { classOf } from '../audit/record-class.js';
import type { RecordSeal, RecordSealer } from '../audit/record-seal.js';
import { timeOfId } from '../audit/record-time.js';
import { errorName, Fault } from '../errors.js';
import type { Attempt, Claims, Denial, Limiter } from '../limits/claims.js';
import type { Digester } from '../limits/subject.js';
import { type CommonSettings, TransportFailure, UnreadableAnswer } from '../providers/provider.js';
import type { ProviderLine } from './call.js';
import {
  answerToKeep,
  codeText,
  type Ended,
  outcomeOf,
  referenceToKeep,
  resultToSeal,
  settledOf,
} from './ending.js';
import { FlowConflict, type FlowStep, type Flows } from './flow.js';
import { claimKey } from './idempotency.js';
import type { Ledger, WriteVerdict } from './ledger.js';
import type { ClaimedFlow, OpenedFlow, Settlement } from './ledger-batch.js';
import type { Repeats } from './repeats.js';
import type { ProviderRequest, RefusedRequest, Settled } from './request.js';
import type { Tallies } from './tallies.js';
import type { PipelineWatch } from './watch.js';

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
    private readonly flows: Flows,
    private readonly digester: Digester,
    private readonly sealer: RecordSealer,
    private readonly lines: ReadonlyMap<string, ProviderLine>,
    private readonly limiter: Limiter,
    private readonly tallies: Tallies,
    private readonly log: PipelineLog,
    /** Outside production a refusal keeps the provider's own text, which names the sandbox's scenario. */
    private readonly keepProviderText = false,
    private readonly watch?: PipelineWatch,
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

  /** Resolves when no request is under way, or when `withinMs` is over. */
  async drain(withinMs: number): Promise<void> {
    const end = sleep(withinMs, 'END' as const, { ref: false });
    while (this.running.size > 0) {
      if ((await Promise.race([Promise.allSettled(this.running), end])) === 'END') return;
    }
  }

  private async live<Input, Value extends object, Settings extends CommonSettings>(
    request: ProviderRequest<Input, Value, Settings>,
  ): Promise<Settled<Value>> {
    const line = this.lines.get(request.operation.provider);
    if (!line?.settings) throw new Fault('PROVIDER_NOT_CONFIGURED');

    const dueMs =
      (request.operation.deadlineMs?.(line.settings as Settings) ?? line.settings.deadlineMs) +
      SETTLE_GRACE_MS;
    const claims = await this.claims(request);
    // A repeated key is answered even where its limit is used up.
    const standing = claims && request.idempotencyKey === undefined && this.limiter.standing(claims);
    if (standing) return this.deny(request, claims, standing);
    const seal = this.sealer.begin(request.requestId);
    const verdict = await this.admit(request, seal, dueMs, claims);
    if (!verdict.admitted) {
      if ('conflict' in verdict) throw new FlowConflict();
      if ('denial' in verdict) return this.deny(request, claims, verdict.denial);
      if (verdict.reused) throw new Fault('IDEMPOTENCY_KEY_REUSED', { field: 'idempotencyKey' });
      if (request.operation.repeatable) return this.askAgain(request, verdict.of);
      this.watch?.replayed(request.operation);
      return this.repeats.answer<Value>(verdict.of);
    }
    const ended = await this.call(line, request);
    return this.settle(request, seal, ended);
  }

  /** A repeat of what may be repeated: a call and a record of its own, under the id of the first. */
  private async askAgain<Input, Value extends object, Settings extends CommonSettings>(
    request: ProviderRequest<Input, Value, Settings>,
    first: string,
  ): Promise<Settled<Value>> {
    const again = { ...request, requestId: uuidv7(), idempotencyKey: undefined, partOf: first };
    const settled = await this.live(again);
    return { ...settled, requestId: first, ...(settled.outcome === 'ACCEPTED' ? { replayed: true } : {}) };
  }

  private admit<Input, Value extends object, Settings extends CommonSettings>(
    request: ProviderRequest<Input, Value, Settings>,
    seal: RecordSeal,
    dueMs: number,
    claims: Claims | undefined,
  ) {
    const { requestId, asker, operation, purpose, phone, step } = request;
    const at = timeOfId(requestId).toISOString();
    const maskedPhone = phone === undefined ? undefined : maskPhone(phone);
    const subjects = this.digester.subjects(request.subjects);
    const erasable = { maskedPhone, actor: asker.actor, subjects };
    const record = {
      provider: operation.provider,
      operation: operation.name,
      purpose,
      client: asker.client,
      flow: flowOf(request),
      destination: claims?.destination,
      at,
    };
    return this.ledger.admit({
      id: requestId,
      kind: operation.kind,
      ...record,
      ...erasable,
      dueMs,
      salt: seal.salt,
      dataKey: seal.dataKey,
      keyId: seal.keyId,
      leaf: leafOf({
        ...record,
        kind: 'INTENT',
        record: requestId,
        requestKind: operation.kind,
        commitment: commitmentTo(seal.salt, erasable),
        sealed: seal.seal('INTENT', {
          actor: asker.actor,
          request: withoutSecrets(operation.inputFields, request.input),
        }),
      }),
      key: claimKey(request, subjects, this.digester),
      claims,
      step: step && this.firstStep(request, step),
    });
  }

  private async claims<Input, Value extends object, Settings extends CommonSettings>(
    request: ProviderRequest<Input, Value, Settings>,
  ): Promise<Claims | undefined> {
    const { origin } = request.asker;
    return origin && this.limiter.claims(attemptOf(request), origin);
  }

  /** Says what a limit of ours came to. Denials after the first are counted on its record. */
  private async deny<Input, Value extends object, Settings extends CommonSettings>(
    request: ProviderRequest<Input, Value, Settings>,
    claims: Claims | undefined,
    denial: Denial,
  ): Promise<RefusedRequest> {
    const { requestId, asker, operation } = request;
    if (!claims || !asker.origin) throw new Error('a request without claims was denied');
    const { record, rule } = denial;
    this.watch?.ended(operation, 'DENIED', rule, undefined);
    if (record !== requestId) {
      this.tallies.add({ record, provider: operation.provider, kind: operation.kind, rule });
    }
    const answer = await this.limiter.answer(denial, claims, attemptOf(request), asker.origin);
    return { outcome: 'REFUSED', requestId: record, ...answer };
  }

  private firstStep<Input, Value extends object, Settings extends CommonSettings>(
    { requestId, operation, asker }: ProviderRequest<Input, Value, Settings>,
    { from }: FlowStep<Value, unknown, unknown>,
  ): OpenedFlow | ClaimedFlow {
    if ('goOn' in from) return { action: 'CLAIM', id: from.goOn.id, version: from.goOn.version };
    const { state, personal } = from.begin;
    return {
      action: 'OPEN',
      kind: operation.kind,
      actor: asker.actor ?? '',
      state,
      sealed: this.flows.seal(requestId, personal),
    };
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
        this.log.error(
          { ...about, reason: error.reason, excerpt: error.excerpt },
          "the provider's answer cannot be read",
        );
        return { failure: 'UNKNOWN', reason: 'UNREADABLE', latencyMs: latencyMs() };
      }
      this.log.error({ ...about, error: errorName(error) }, 'a bug in calling the provider');
      return { failure: 'UNKNOWN', reason: 'INTERNAL', latencyMs: latencyMs() };
    }
  }

  /** Makes the outcome durable, then says it. Where it cannot be stored, the answer is UNKNOWN. */
  private async settle<Input, Value extends object, Settings extends CommonSettings>(
    request: ProviderRequest<Input, Value, Settings>,
    seal: RecordSeal,
    ended: Ended<Value>,
  ): Promise<Settled<Value>> {
    const { requestId, operation, asker, idempotencyKey } = request;
    const settled = settledOf(requestId, ended, operation.retryAfterUnknownMs, this.keepProviderText);
    const at = new Date().toISOString();
    const outcome = outcomeOf(ended, settled);
    const state = {
      providerCode: 'reply' in ended ? codeText(ended.reply.providerCode) : undefined,
      providerReference:
        'reply' in ended && 'accepted' in ended.reply
          ? referenceToKeep(ended.reply.providerReference, request.subjects)
          : undefined,
      rule: 'failure' in ended ? ended.reason : undefined,
      retryAfterMs: settled.outcome === 'ACCEPTED' ? undefined : settled.retryAfterMs,
      latencyMs: ended.latencyMs,
    };
    const traits = {
      ...operation,
      operation: operation.name,
      purpose: request.purpose,
      client: asker.client,
    };
    const settlement: Settlement = {
      id: requestId,
      class: { ...classOf(traits, outcome), outcome },
      ...state,
      at,
      answer:
        idempotencyKey === undefined || operation.repeatable
          ? undefined
          : seal.seal('ANSWER', answerToKeep(settled, operation.valueFields)),
      freesKey: outcome === 'DENIED' || undefined,
      leaf: leafOf({
        ...state,
        kind: 'OUTCOME',
        record: requestId,
        at,
        outcome,
        refusal: settled.outcome === 'REFUSED' ? settled.code : undefined,
        sealed: seal.seal('OUTCOME', {
          actor: asker.actor,
          result: resultToSeal(settled, operation.valueFields),
        }),
      }),
    };
    const isWritten = await this.write(request, settlement, outcome === 'DENIED' ? null : settled).then(
      (verdict) => verdict === 'WRITTEN',
      (error: unknown) => {
        this.log.error(
          { requestId, outcome, error: errorName(error) },
          'an outcome could not be stored in time',
        );
        // Nothing was sent, which is said all the same.
        return outcome === 'DENIED';
      },
    );
    if (!isWritten) {
      this.watch?.ended(operation, 'UNKNOWN', 'NOT_STORED', ended.latencyMs);
      return { outcome: 'UNKNOWN', requestId, retryAfterMs: operation.retryAfterUnknownMs };
    }
    this.watch?.ended(operation, outcome, state.rule, ended.latencyMs);
    if (outcome === 'DENIED') throw new Fault('PROVIDER_UNAVAILABLE');
    return settled;
  }

  /** Writes an outcome with what it changes in its flow, which a notice may have changed meanwhile. */
  private async write<Input, Value extends object, Settings extends CommonSettings>(
    { requestId, operation, step }: ProviderRequest<Input, Value, Settings>,
    settlement: Settlement,
    settled: Settled<Value> | null,
  ): Promise<WriteVerdict> {
    if (!step) return this.ledger.settle(settlement);
    // Admitting raised the version by one.
    let flow =
      'begin' in step.from
        ? { ...step.from.begin, id: requestId, version: 1 }
        : { ...step.from.goOn, version: step.from.goOn.version + 1 };
    for (let attempt = 0; attempt < 10; attempt += 1) {
      const { state, personal } = step.after(flow, settled);
      const verdict = await this.ledger.settle({
        ...settlement,
        step: {
          id: flow.id,
          kind: operation.kind,
          version: flow.version,
          state,
          sealed: this.flows.seal(flow.id, personal),
        },
      });
      if (verdict !== 'CONFLICT') return verdict;
      const moved = await this.flows.read(operation.kind, flow.id);
      if (!moved) break;
      flow = moved;
    }
    return 'CONFLICT';
  }
}

function attemptOf<Input, Value extends object, Settings extends CommonSettings>({
  operation,
  input,
  phone,
  heldBy,
  account,
  purpose,
  attempt,
}: ProviderRequest<Input, Value, Settings>): Attempt {
  return {
    kind:
      attempt ?? operation.attempt?.(input) ?? (operation.kind === 'VERIFICATION_CODE' ? 'MESSAGE' : 'CALL'),
    phone,
    heldBy,
    account,
    operation: `${operation.provider}.${operation.name}`,
    purpose,
  };
}

/** The request that began what this one belongs to: its own id where it may begin something. */
function flowOf<Input, Value extends object, Settings extends CommonSettings>({
  requestId,
  partOf,
  step,
  operation,
}: ProviderRequest<Input, Value, Settings>): string | undefined {
  if (partOf !== undefined) return partOf;
  if (step && 'goOn' in step.from) return step.from.goOn.id;
  return step || operation.repeatable ? requestId : undefined;
}

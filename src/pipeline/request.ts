// What goes into the pipeline and what comes out of it, in words that hold for every provider.

import type { Attempt, DenialAnswer, GuessedAccount, Origin } from '../limits/claims.js';
import type { Subject } from '../limits/subject.js';
import type { CommonSettings, Operation, RefusalCode } from '../providers/provider.js';
import type { FlowStep } from './flow.js';

/** Who asks, as far as records and idempotency keys care. */
export interface Asker {
  /** The authenticated caller; absent for the anonymous. */
  actor?: string | undefined;
  /** The front-end application: a label. */
  client: string;
  /** Where the request comes from; absent for what this server does of its own accord, which no limit stops. */
  origin?: Origin | undefined;
}

export interface ProviderRequest<Input, Value extends object, Settings extends CommonSettings> {
  /** UUIDv7; becomes the audit record's id. */
  requestId: string;
  asker: Asker;
  operation: Operation<Input, Value, Settings>;
  input: Input;
  /** E.164; rests as a mask only. */
  phone?: string | undefined;
  /** Whose number that the provider holds is sent to, where `phone` is not. */
  heldBy?: Subject | undefined;
  /** What is guessed of, where that is not the phone. */
  account?: GuessedAccount | undefined;
  /** Everybody whom the record is about. */
  subjects: readonly Subject[];
  purpose?: string | undefined;
  /** What it counts as, where its operation and input do not tell. */
  attempt?: Attempt['kind'] | undefined;
  /** What this request does with a conversation of several. */
  // biome-ignore lint/suspicious/noExplicitAny: the pipeline passes a flow's state on without reading it
  step?: FlowStep<Value, any, any> | undefined;
  /** The record that this one repeats, as part of the same story. */
  partOf?: string | undefined;
  idempotencyKey?: string | undefined;
  /** The input as the client gave it, normalised and without secrets: what "the same input" means. */
  repeatable: unknown;
}

/** A request that ran to its end, whatever the end. */
export type Settled<Value> = AcceptedRequest<Value> | RefusedRequest | UnknownRequest;

export interface AcceptedRequest<Value> {
  outcome: 'ACCEPTED';
  requestId: string;
  /** True where this answers a repeated idempotencyKey; the value then lacks its secrets. */
  replayed: boolean;
  /** True where the provider said no and the conversation goes on. */
  declined?: boolean | undefined;
  /** The provider's own code. */
  providerCode?: string | undefined;
  value: Value;
}

export interface RefusedRequest {
  outcome: 'REFUSED';
  requestId: string;
  code: RefusalCode;
  providerCode?: string | undefined;
  /** The provider's text, digits hidden. */
  text?: string | undefined;
  retryAfterMs?: number | undefined;
  tellsExistence?: boolean | undefined;
  /** What to solve, where a limit of ours asks for it. */
  humanCheck?: DenialAnswer['humanCheck'];
}

export interface UnknownRequest {
  outcome: 'UNKNOWN';
  requestId: string;
  retryAfterMs?: number | undefined;
}

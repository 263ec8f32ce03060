// The contract of a provider: what a folder in here exports, and what the pipeline and the sandbox do with it.
// A refusal is a value; a transport that broke is a TransportFailure; an answer that nobody can read is an
// UnreadableAnswer. A provider knows nothing of GraphQL, of the database or of other providers.
import type { z } from 'zod';
import type { Declared, Fields } from '../audit/declared-fields.js';
import type { RequestKind } from '../audit/entry.js';
import type { Text } from '../language.js';
import type { Attempt } from '../limits/claims.js';

/** Why the hoped-for thing did not happen, in words that are the same for all providers. */
export const refusalCodes = [
  'RATE_LIMITED',
  'BUDGET_EXHAUSTED',
  'DESTINATION_NOT_ALLOWED',
  'HUMAN_CHECK_REQUIRED',
  'ALREADY_DONE',
  'WRONG_CREDENTIALS',
  'WRONG_CODE',
  'CODE_EXPIRED',
  'NOT_ELIGIBLE',
  'REFUSED_BY_PROVIDER',
] as const;
export type RefusalCode = (typeof refusalCodes)[number];

/** A provider's folder, as one object. `Settings` is what its environment variables come to. */
export interface Provider<Settings = unknown> {
  /** Lower-case, as in records, metrics and `GET /calls?provider=`. */
  readonly id: string;
  readonly name: Text;
  /** Its environment variables, upper-case names prefixed with the provider's. */
  readonly environment: z.ZodObject<z.ZodRawShape>;
  /**
   * Settings from the variables that `environment` has read; null where the provider is not configured.
   * `sandbox` is the base address of its simulator, absent in production.
   */
  configure(variables: Record<string, unknown>, around: Surroundings, faults: string[]): Settings | null;
  /** Its endpoints, by name. */
  readonly operations: Readonly<Record<string, DescribedOperation>>;
  readonly simulator: Simulator;
  /** Where it sends notices of its own accord. */
  readonly webhook?: Webhook<Settings>;
  /** Where it sends codes for accounts: makes it a choice of ACCOUNT_CODE_PROVIDER. */
  readonly accountCodes?: AccountCodes<Settings>;
}

/** What requestVerificationCode(account) calls. */
export interface AccountCodes<Settings = unknown> {
  readonly operation: Operation<AccountCode, AccountCodeSent, Settings & CommonSettings>;
  /** The provider's own numbers of scenes that purpose OTHER may name. */
  furtherTypes(settings: Settings): readonly string[];
}

export interface AccountCode {
  /** E.164. */
  phone: string;
  purpose: 'REGISTER' | 'RESET_PASSWORD' | 'OTHER';
  /** With OTHER: one of `furtherTypes`. */
  providerType?: string | undefined;
  userId?: string | undefined;
  username?: string | undefined;
}

export interface AccountCodeSent {
  /** ISO 8601. */
  expiresAt?: string | undefined;
  /** ISO 8601. */
  resendAt?: string | undefined;
  /** The code itself, from a test environment. */
  testCode?: string | undefined;
}

export const accountCodeFields: Fields<AccountCode> = {
  phone: 'phone',
  purpose: 'clear',
  providerType: 'clear',
  userId: 'personal',
  username: 'personal',
};

export const accountCodeSentFields: Fields<AccountCodeSent> = {
  expiresAt: 'clear',
  resendAt: 'clear',
  testCode: 'secret',
};

/** A notice that a provider sends to this server. */
export interface Webhook<Settings = unknown, Content extends Notice = Notice> {
  /** On this server: `/webhooks/tongqifu/phone-binding`. */
  readonly path: string;
  /** The body that tells the provider not to send it again. */
  readonly acknowledgement: string;
  /** Pure: says whether the notice is the provider's and meant for us, and what it tells. Never throws. */
  verify(settings: Settings, rawBody: Buffer, contentType: string): NoticeVerdict<Content>;
}

export interface Notice {
  /** The audit record of the request that it is about. */
  requestId: string;
  /** The same for every sending of the same news; holds no personal data. */
  dedupeKey: string;
}

/** `detail` is in our words and never holds a value. */
export type NoticeVerdict<Content extends Notice = Notice> =
  | { notice: Content }
  | { refused: NoticeFault; detail: string };

/** FORGED: the signature is not the provider's. NOT_OURS: it is, but the notice is for somebody else. */
export type NoticeFault = 'MALFORMED' | 'FORGED' | 'NOT_OURS';

/** What a provider's configuration depends on besides its own variables. */
export interface Surroundings {
  production: boolean;
  /** Address that the provider's simulator listens on, such as `http://127.0.0.1:4010/usercoin`; outside production. */
  sandboxUrl: string | undefined;
}

/** Settings that every provider has. */
export interface CommonSettings {
  /** Base address; operations' paths are appended to it. */
  baseUrl: string;
  /** For one whole exchange, from asking for a connection to the last byte of the answer. */
  deadlineMs: number;
}

/** What there is to know of an operation without calling it. */
export interface DescribedOperation {
  readonly provider: string;
  /** As in records: `sendCode`. */
  readonly name: string;
  readonly inputFields: Declared;
  readonly valueFields: Declared;
}

/** One endpoint of a provider. */
export interface Operation<Input, Value extends object, Settings extends CommonSettings = CommonSettings> {
  readonly provider: string;
  /** As in records: `sendCode`. */
  readonly name: string;
  readonly kind: RequestKind;
  /** What each member of `Input` is: decides what rests of it, and what auditors see. */
  readonly inputFields: Fields<Input>;
  /** The same of an acceptance; a repeat of the idempotency key gets null for what is secret. */
  readonly valueFields: Fields<Value>;
  request(input: Input, settings: Settings, call: Call): WireRequest;
  /**
   * Reads a complete answer with a 2xx status; pure.
   * @throws UnreadableAnswer where it makes no sense
   */
  read(answer: WireAnswer, settings: Settings, call: Call): Reply<Value>;
  /** For one whole exchange of this operation, where it differs from the settings' deadline. */
  deadlineMs?(settings: Settings): number;
  /** What an input tries, for limits; absent: a MESSAGE where the kind is VERIFICATION_CODE, else a CALL. */
  attempt?(input: Input): Attempt['kind'];
  /** True where asking again does no harm: a repeated idempotency key asks the provider anew. */
  readonly repeatable?: boolean;
  /** Where the outcome is unknown: after this long, asking anew does no harm. */
  readonly retryAfterUnknownMs?: number;
}

/** One call of an operation. */
export interface Call {
  /** The audit record's id. */
  requestId: string;
  now: Date;
}

export interface WireRequest {
  method: 'GET' | 'POST';
  /** Appended to the base address. */
  path: string;
  /** Further ones, such as an API key's; content type and length are the transport's. */
  headers?: Readonly<Record<string, string>>;
  body?: { form: Readonly<Record<string, string>> } | { json: unknown };
}

export interface WireAnswer {
  status: number;
  /** Decoded as UTF-8; bounded by the transport. */
  text: string;
}

/** What a provider answered, once understood. */
export type Reply<Value> = Acceptance<Value> | ProviderRefusal;

export interface Acceptance<Value> {
  accepted: Value;
  /** True where the provider said no and yet the conversation goes on: recorded as REFUSED, answered with the value. */
  declined?: boolean;
  /** The provider's own code, as text. */
  providerCode: string;
  /** The provider's reference for this request, where it gives one. */
  providerReference?: string;
}

export interface ProviderRefusal {
  refused: RefusalCode;
  providerCode: string;
  /** The provider's text, which may be shown where it cannot tell an anonymous caller who exists. */
  text?: string;
  retryAfterMs?: number;
  /** True where code or text would tell whether a person is known to the provider. */
  tellsExistence?: boolean;
}

/** The exchange did not come to a whole answer with a 2xx status. */
export class TransportFailure extends Error {
  constructor(
    /** False: surely nothing left this process, so nothing happened there. */
    readonly maybeSent: boolean,
    /** Stable, for logs and metrics: `DEADLINE`, `ECONNREFUSED`, `HTTP_500` … */
    readonly reason: string,
    cause?: unknown,
  ) {
    super(`the exchange with the provider failed: ${reason}`, { cause });
    this.name = 'TransportFailure';
  }
}

/** The provider answered what its documents do not allow. */
export class UnreadableAnswer extends Error {
  constructor(
    /** What is wrong with it, in our words: `not JSON`, `code is missing`. Never the answer itself. */
    readonly reason: string,
    /** Its shape, for the log: bounded, every letter an `a` and every digit a `0`. */
    readonly excerpt?: string,
  ) {
    super(`the provider's answer cannot be read: ${reason}`);
    this.name = 'UnreadableAnswer';
  }
}

// --- The sandbox's side -------------------------------------------------------------------------------

/** A provider as its documents describe it, as strict as they are, spoken over real HTTP. */
export interface Simulator {
  /** A fresh one, with no memory. */
  start(world: SimulatedWorld): SimulatedRoute[];
}

export interface SimulatedRoute {
  operation: string;
  method: 'GET' | 'POST';
  /** May have named parts, such as `/orgs/:org/datasources`. */
  path: string;
  answer(request: SimulatedRequest): SimulatedAnswer | Promise<SimulatedAnswer>;
}

export interface SimulatedRequest {
  contentType: string;
  /** Raw body, decoded as UTF-8. */
  body: string;
  query: URLSearchParams;
  /** Named parts of the route's path, such as `:org`. */
  params: Readonly<Record<string, string>>;
  /** Address that the simulator's routes stand under, as the caller reached it: `http://127.0.0.1:4010/tongqifu`. */
  baseUrl: string;
}

export interface SimulatedAnswer {
  status: number;
  contentType: string;
  body: string;
  /** Further ones, such as a redirect's location. */
  headers?: Readonly<Record<string, string>>;
  /** Set where the request was taken: it counts as a call, and what it had delivered arrives. */
  accepted?: { subject: string };
  /** What goes wrong on the way back; from `SimulatedWorld.scenario`. */
  scenario: Scenario;
}

/**
 * What the last four digits of a phone, personId or memberId make a simulator do. The sandbox itself plays
 * SILENT, HTTP_500, MALFORMED, LATE and RESET on the way back; a simulator minds the others.
 */
export type Scenario =
  | 'WELL'
  | 'REFUSED'
  | 'RATE_LIMITED'
  | 'SILENT'
  | 'HTTP_500'
  | 'MALFORMED'
  | 'LATE'
  | 'RESET'
  | 'WRONG_SIGNATURE'
  | 'WEBHOOK_TWICE';

export interface SimulatedWorld {
  now(): Date;
  /** The scenario for a subject at the nth call (from 1) of its conversation. */
  scenario(subject: string, step?: number): Scenario;
  /** Names the scenario in a refusal's text. */
  describe(subject: string): string;
  deliver(message: { phone: string; code: string; text: string }): void;
  /** Calls a webhook: a form POST after `afterMs`, repeated as the provider would until it is answered `success`. */
  notify(notice: { url: string; form: Readonly<Record<string, string>>; afterMs: number }): void;
  /** A code of so many digits, not starting with 0. */
  randomDigits(count: number): string;
}

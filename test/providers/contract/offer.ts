// How a provider describes itself to the contract suite, in test/providers/<id>/offer.ts: inputs that may carry a
// scenario, what must never rest, what its answers look like, and what it needs in production.
import type { SubjectKind } from '../../../src/limits/subject.js';
import type { CommonSettings, Operation, Reply } from '../../../src/providers/provider.js';
import type { Spelling } from '../../support/mutated-answers.js';

export type Variables = Readonly<Record<string, string>>;

/** `Operations` is the provider's own member of that name: every operation has to be described. */
export interface Offer<Operations extends object> {
  /** Environments that are complete in production, but for the address; every value invented. */
  production: readonly ProductionNeeds[];
  operations: {
    [Name in keyof Operations]: OperationOffer<InputOf<Operations[Name]>, ValueOf<Operations[Name]>>;
  };
}

export interface ProductionNeeds {
  /** Choices between ways to do it. */
  chosen?: Variables;
  /** Without any one of these it must not start. */
  needed: Variables;
}

export interface OperationOffer<Input, Value extends object> {
  /** Whose last four digits choose the scenario; NOBODY where the operation concerns no person. */
  subject: SubjectKind | 'NOBODY';
  /** Members of an acceptance that must rest nowhere: said here as well, so that forgetting one there shows. */
  secrets: readonly (keyof Value & string)[];
  /** The same of the input: what is not even sealed. */
  inputSecrets: readonly (keyof Input & string)[];
  /** At least one; another for each way to call it, and for each place in a conversation. */
  calls: readonly CallOffer<Input, Value>[];
  /** At least one that is accepted and one that is refused; the documents' own where there are some. */
  answers: readonly AnswerOffer<Value>[];
  /** Where the provider signs its answers. */
  seal?: Seal<Value>;
}

export interface CallOffer<Input, Value extends object> {
  /** Where there are several at one step: `offline`. */
  as?: string;
  /** Which call of its conversation this is: 1, 2 or 3. */
  step: number;
  /** Environment beyond what the sandbox needs. */
  variables?: Variables;
  /** Makes the calls before this one, and its input. */
  prepare(subject: string, talk: Talk): Input | Promise<Input>;
  /** Members of the simulator's acceptance, or matchers of them. */
  accepted: Partial<Record<keyof Value, unknown>>;
  /** Values of the input that must rest nowhere, beside the subject itself; distinctive ones. */
  neverRests(input: Input): readonly string[];
  /** True where a notice comes without further ado. */
  notice?: boolean;
}

/** What a conversation needs on its way to the call that is looked at. */
export interface Talk {
  /** An earlier call; has to be accepted. */
  call<Input, Value extends object, Settings extends CommonSettings>(
    operation: Operation<Input, Value, Settings>,
    input: Input,
  ): Promise<Value>;
  /** The newest code that the sandbox delivered to a phone (E.164). */
  code(phone: string): Promise<string>;
  /** Where notices may be sent. */
  readonly noticeUrl: string;
}

export interface AnswerOffer<Value extends object> {
  /** Byte for byte. */
  text: string;
  /** Read at `answeredAt`. */
  means: Reply<Value>;
}

export const answeredAt = new Date('2026-01-01T00:00:00Z');

export interface Seal<Value> {
  /** Signs an answer anew, after its members were spelt otherwise. */
  reseal(text: string): string;
  /** What of an acceptance the signature stands for. */
  covered: readonly (keyof Value & string)[];
  /** An acceptance that is taken without a signature, where there may be nothing to sign. */
  unsigned?: Partial<Value>;
  /** How it may be spelt so that it can be signed. */
  spelling: Spelling;
}

type InputOf<Described> =
  Described extends Operation<infer Input, infer _Value, infer _Settings> ? Input : never;
type ValueOf<Described> =
  Described extends Operation<infer _Input, infer Value, infer _Settings> ? Value : never;

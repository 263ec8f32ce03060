// What a request claims of limits and budgets. The ledger decides all claims of a batch at once, with the intents.
import type { Subject } from './subject.js';

/** A counter that the request counts in: of one rule, for one phone, address, caller … */
export interface CounterClaim {
  /** Hex: half of the keyed digest of whom it counts, then half of that of the rule. */
  key: string;
  rule: string;
  /** One to four windows, the shortest first. A window begins with the first request in it. */
  windows: readonly LimitWindow[];
}

export interface LimitWindow {
  /** So many requests; none where 0. */
  most: number;
  seconds: number;
}

/** A part of today's messages. */
export interface BudgetClaim {
  /** `*` for all messages, or a destination such as `+86`. */
  scope: string;
  /** Denied where so many are taken. */
  most: number;
  /** What then denied it. */
  rule: string;
}

export interface Claims {
  /** In the order in which they may deny: the first that does is the one that is told. */
  counters: readonly CounterClaim[];
  /** Of a request that sends a message. */
  budget: readonly BudgetClaim[];
  /** The calling code that the message goes to; with a budget. */
  destination?: string | undefined;
}

/** What a claim came to. */
export interface Denial {
  rule: string;
  retryAfterMs: number;
  /** The record that stands for this denial and those like it. */
  record: string;
}

/** What a request tries, as far as limits care. */
export interface Attempt {
  /**
   * MESSAGE has something sent to a person; GUESS brings a code or a password; POLL brings once more what a busy
   * provider has not looked at, and was counted; CALL is anything else.
   */
  kind: 'MESSAGE' | 'GUESS' | 'POLL' | 'CALL';
  /** E.164, where it is about a phone. */
  phone?: string | undefined;
  /** Whose number that the provider holds a message goes to, where it does not go to `phone`. */
  heldBy?: Subject | undefined;
  /** Whose code or password is guessed, where that is not the phone's: an account, and where it is one. */
  account?: GuessedAccount | undefined;
  /** What is guessed, or asked for: limits of guesses are kept apart by it. */
  operation: string;
  purpose?: string | undefined;
}

export interface GuessedAccount {
  /** The website that knows it. */
  at: string;
  name: string;
}

/** From where a request comes. */
export interface Origin {
  /** The client's address, past trusted proxies. */
  address: string;
  /** Null for the anonymous. */
  caller: { actor: string; roles: ReadonlySet<string>; client?: string | undefined } | null;
  /** The solution of a human check, as it was sent. */
  humanCheck?: string | undefined;
}

/** What the caller is told of a denial. */
export interface DenialAnswer {
  code: 'RATE_LIMITED' | 'BUDGET_EXHAUSTED' | 'DESTINATION_NOT_ALLOWED' | 'HUMAN_CHECK_REQUIRED';
  retryAfterMs?: number | undefined;
  humanCheck?: { challenge: unknown; expiresAt: Date } | undefined;
}

/** Decides nothing itself but what it knows already: says what a request claims, and what a denial means. */
export interface Limiter {
  /** Undefined where no limit applies. */
  claims(attempt: Attempt, origin: Origin): Promise<Claims | undefined>;
  /** A denial that still stands, so that nobody has to be asked. */
  standing(claims: Claims): Denial | undefined;
  answer(denial: Denial, claims: Claims, attempt: Attempt, origin: Origin): Promise<DenialAnswer>;
}

// What a batch of the ledger holds and what the database says of it: the shapes of ledger_commit
// (prisma/migrations), in one place.
import type { ChainEntry } from '../audit/chain.js';
import type { EntryKind, FinalOutcome, RequestKind } from '../audit/entry.js';
import type { RecordClass } from '../audit/record-class.js';
import type { Claims } from '../limits/claims.js';

/** A request that asks to be let in, with the INTENT entry that records it. */
export interface Admission {
  id: string;
  kind: RequestKind;
  provider: string;
  operation: string;
  purpose?: string | undefined;
  maskedPhone?: string | undefined;
  actor?: string | undefined;
  client?: string | undefined;
  flow?: string | undefined;
  /** ISO 8601. */
  at: string;
  /** After so many milliseconds of database time, a record still PENDING is in doubt. */
  dueMs: number;
  /** Keyed digests, hex, in order. */
  subjects: readonly string[];
  /** Hex, of the entry's commitment. */
  salt: string;
  /** What its entries are sealed with: hex, itself sealed with the key-encryption key of that id. */
  dataKey?: string | undefined;
  keyId?: string | undefined;
  /** Canonical JSON of the entry. */
  leaf: string;
  key?: KeyClaim | undefined;
  /** Absent: no limit applies. */
  claims?: Claims | undefined;
  /** The flow that this request begins, or goes on with. */
  step?: OpenedFlow | ClaimedFlow | undefined;
}

/** A flow that begins with the admission; its id is the record's. */
export interface OpenedFlow {
  action: 'OPEN';
  kind: RequestKind;
  actor: string;
  state: unknown;
  /** Hex. */
  sealed?: string | undefined;
}

/** The one call that may be under way in a flow; refused where another is, or where the flow has moved on. */
export interface ClaimedFlow {
  action: 'CLAIM';
  id: string;
  version: number;
}

/** Where a flow stands from now on; refused where it has moved on from `version`. */
export interface FlowChange {
  id: string;
  kind: RequestKind;
  version: number;
  state: unknown;
  /** Hex. */
  sealed?: string | undefined;
}

/** An idempotency key and the input it was used with, both as keyed digests in hex. */
export interface KeyClaim {
  digest: string;
  input: string;
}

/** How a request ended, with the OUTCOME entry that records it. */
export interface Settlement {
  id: string;
  class: RecordClass & { outcome: FinalOutcome };
  providerCode?: string | undefined;
  providerReference?: string | undefined;
  rule?: string | undefined;
  retryAfterMs?: number | undefined;
  at: string;
  latencyMs?: number | undefined;
  /** What a repeat is answered, without secrets, sealed with the record's key. */
  answer?: string | undefined;
  /** True where surely nothing was sent: the idempotency key may be used again. */
  freesKey?: boolean | undefined;
  leaf: string;
  step?: FlowChange | undefined;
}

/** A provider's notice about a record, with the CALLBACK entry that records it and what it changes. */
export interface Callback {
  /** Of the notice, as we received it: UUIDv7. */
  id: string;
  /** The record it is about. */
  record: string;
  at: string;
  leaf: string;
  step: FlowChange;
}

/** Somebody reads, reveals, exports or erases: a record that begins and ends at once, with one entry. */
export interface Access {
  id: string;
  class: RecordClass;
  actor?: string | undefined;
  at: string;
  entryKind: EntryKind;
  salt: string;
  dataKey: string;
  keyId: string;
  leaf: string;
}

/** So many more of what a DENIED record was the first of, as one OUTCOME entry of that record. */
export interface Tally {
  /** UUIDv7, of this tally. */
  id: string;
  record: string;
  at: string;
  count: number;
  provider: string;
  kind: RequestKind;
  rule: string;
  leaf: string;
}

/** A flow that moves on without a call: nothing is sent and nothing is recorded. */
export interface Move {
  /** UUIDv7, of this move. */
  id: string;
  at: string;
  step: FlowChange;
}

export type BatchItem =
  | { is: 'admission'; item: Admission }
  | { is: 'settlement'; item: Settlement }
  | { is: 'callback'; item: Callback }
  | { is: 'access'; item: Access }
  | { is: 'tally'; item: Tally }
  | { is: 'move'; item: Move };

/** The end of a chain: position of its last entry (0: none yet) and its hash in hex. */
export interface ChainHead {
  position: number;
  hash: string;
}

export interface CommittedBatch extends ChainHead {
  /** Admissions that were not let in since their key belongs to another record. */
  repeats: { id: string; of: string; reused: boolean }[];
  /** Settlements of records that somebody else had settled before. */
  stale: string[];
  /** Items that were not taken since their flow has moved on, or has a call under way. */
  conflicts: string[];
  /** Admissions that a limit or budget denied; `of` is the record that stands for it, null where it is its own. */
  denied: { id: string; rule: string; retryAfterMs: number; of: string | null }[];
  /** Messages of today, by scope of the budgets that were claimed. */
  used: Readonly<Record<string, number>>;
}

export interface KnownOutcome {
  outcome: string;
  rule: string | null;
  retryAfterMs: number | null;
}

/** What the writer needs of a database. */
export interface LedgerStore {
  commit(chain: string, head: ChainHead, batch: readonly BatchItem[]): Promise<CommittedBatch>;
  /** Entries of a chain after a position, in order. */
  entriesAfter(chain: string, position: number, atMost: number): Promise<ChainEntry[]>;
  /** Which of these records exist, and how they ended. */
  outcomes(ids: readonly string[]): Promise<Map<string, KnownOutcome>>;
}

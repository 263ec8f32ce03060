// A record's history as auditors see it: what its entries hold in the clear, and what they hold sealed, masked.
import type {
  AuditEntryModel as AuditEntry,
  AuditRecordModel as AuditRecord,
} from '../db/generated/models.js';
import { type Declared, masked } from './declared-fields.js';
import { filterToKeep } from './filter-to-keep.js';
import { type RecordSealer, unseal } from './record-seal.js';

export interface TimelineEntry {
  chain: string;
  position: number;
  kind: string;
  at: Date;
  actor: string | null;
  /** Null after erasure. */
  detail: Record<string, unknown> | null;
  /** Base64. */
  leaf: string;
  /** Hex. */
  hash: string;
  previousHash: string;
}

/** What an operation's provider declared of its request and answer. */
export type FieldsOf = (provider: string | null, operation: string) => { input: Declared; value: Declared };

export class Timeline {
  constructor(
    private readonly sealer: RecordSealer,
    private readonly fieldsOf: FieldsOf,
  ) {}

  /** @throws where the record's key was changed, or is not known */
  read(record: AuditRecord, entries: readonly AuditEntry[]): TimelineEntry[] {
    const key = this.sealer.open(record);
    const fields = this.fieldsOf(record.provider, record.operation);
    return entries.map((entry) => {
      const leaf = Buffer.from(entry.leaf);
      const {
        sealed,
        commitment: _,
        kind: __,
        record: ___,
        at: ____,
        actor,
        ...clear
      } = JSON.parse(leaf.toString('utf8')) as Record<string, unknown>;
      const opened = open(key, record.id, entry.kind, sealed);
      return {
        chain: entry.chain,
        position: entry.position,
        kind: entry.kind,
        at: entry.at,
        actor: text(actor) ?? text(opened?.actor),
        detail: record.erasedAt ? null : { ...clear, ...view(opened, record.kind, fields) },
        leaf: leaf.toString('base64'),
        hash: Buffer.from(entry.hash).toString('hex'),
        previousHash: Buffer.from(entry.previousHash).toString('hex'),
      };
    });
  }
}

type Payload = Record<string, unknown> & { actor?: unknown; request?: unknown; result?: unknown };

function open(key: Buffer | null, record: string, kind: string, sealed: unknown): Payload | undefined {
  return key && typeof sealed === 'string' ? (unseal(key, record, kind, sealed) as Payload) : undefined;
}

/** What an access looked at names nobody; all else is masked as its provider declares. */
function view(
  opened: Payload | undefined,
  kind: string,
  fields: ReturnType<FieldsOf>,
): Record<string, unknown> {
  if (!opened) return {};
  if (kind === 'AUDIT_ACCESS') {
    const { filter } = opened;
    // Entries were written that keep more of a filter than is kept today.
    return isObject(filter) ? { ...opened, filter: filterToKeep(filter) } : opened;
  }
  const { request, result } = opened;
  return {
    ...(request === undefined ? {} : { request: masked(fields.input, request) }),
    ...(result === undefined ? {} : { result: masked(fields.value, result) }),
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

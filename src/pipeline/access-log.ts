// Whoever reads the log is in the log: one record an access, with one entry, durable before anything is shown.
import { v7 as uuidv7 } from 'uuid';
import { commitmentTo } from '../audit/commitment.js';
import { type EntryKind, leafOf } from '../audit/entry.js';
import { classOf } from '../audit/record-class.js';
import type { RecordSealer } from '../audit/record-seal.js';
import { timeOfId } from '../audit/record-time.js';
import type { Ledger } from './ledger.js';
import type { Asker } from './request.js';

export interface AccessEntry {
  /** The operation of the API or the command: `auditRecords`. */
  operation: string;
  entryKind: Extract<EntryKind, 'READ' | 'REVEAL' | 'EXPORT' | 'ERASE'>;
  asker: Asker;
  /** What was looked at, and why: sealed, since it may lead to persons; names nobody itself. */
  sealed: object;
  /** What stands in the entry in the clear: ids and counts. */
  clear?: Readonly<Record<string, string | number>>;
  /** The record's id; made here unless given. */
  id?: string;
}

export class AccessLog {
  constructor(
    private readonly ledger: Ledger,
    private readonly sealer: RecordSealer,
  ) {}

  /**
   * Resolves with the record's id once it is durable.
   * @throws Fault AUDIT_UNAVAILABLE or OVERLOADED: nothing may be shown
   */
  async record({ operation, entryKind, asker, sealed, clear, id = uuidv7() }: AccessEntry): Promise<string> {
    const at = timeOfId(id).toISOString();
    const seal = this.sealer.begin(id);
    const { actor, client } = asker;
    const traits = { kind: 'AUDIT_ACCESS', operation, client } as const;
    await this.ledger.access({
      id,
      class: classOf(traits, 'ACCEPTED'),
      actor,
      at,
      entryKind,
      salt: seal.salt,
      dataKey: seal.dataKey,
      keyId: seal.keyId,
      leaf: leafOf({
        ...clear,
        kind: entryKind,
        record: id,
        at,
        requestKind: 'AUDIT_ACCESS',
        operation,
        client,
        actor,
        commitment: commitmentTo(seal.salt, { actor, subjects: [] }),
        sealed: seal.seal(entryKind, sealed),
      }),
    });
    return id;
  }
}

// The statements of an erasure. Each is bounded, and may be done again.
import type { PrismaClient } from '../db/generated/client.js';

/** An erasure that was begun and is not done. */
export interface DueErasure {
  erasure: string;
  /** Whether its process is still heard of. */
  held: boolean;
  /** When its ERASE entry says that it was; null where there is none. */
  recordedAt: Date | null;
}

/** Where a list of records goes on. */
export interface CollectedUpTo {
  class: bigint;
  record: string;
}

const FIRST: CollectedUpTo = { class: -(2n ** 63n), record: '00000000-0000-0000-0000-000000000000' };

export class ErasureStore {
  constructor(private readonly client: PrismaClient) {}

  /** Takes hold of an erasure, or keeps hold of it. */
  async hold(erasure: string, forMs: number): Promise<void> {
    await this.client.$executeRaw`
      INSERT INTO audit_erasure_due (erasure, held_until)
      VALUES (${erasure}::uuid, now() + make_interval(secs => ${forMs}::float8 / 1000))
      ON CONFLICT (erasure) DO UPDATE SET held_until = EXCLUDED.held_until`;
  }

  /** Keeps hold of an erasure. @returns false where it was given up meanwhile, or is done */
  async keepHold(erasure: string, forMs: number): Promise<boolean> {
    const rows = await this.client.$executeRaw`
      UPDATE audit_erasure_due SET held_until = now() + make_interval(secs => ${forMs}::float8 / 1000)
      WHERE erasure = ${erasure}::uuid`;
    return rows > 0;
  }

  /** Nothing of it is left to be done. */
  async done(erasure: string): Promise<void> {
    await this.client.auditErasureDue.deleteMany({ where: { erasure } });
  }

  /** @returns records that were added to the list */
  async collectPending(erasure: string, digest: string): Promise<string[]> {
    const rows = await this.client.$queryRaw<{ id: string }[]>`
      SELECT c::text AS id FROM erasure_collect_pending(${erasure}::uuid, decode(${digest}, 'hex')) AS c`;
    return rows.map(({ id }) => id);
  }

  /** @returns records that were added to the list, and where it goes on; null at its end */
  async collect(
    erasure: string,
    digest: string,
    after: CollectedUpTo | null,
    limit: number,
  ): Promise<{ added: string[]; next: CollectedUpTo | null }> {
    const { class: afterClass, record } = after ?? FIRST;
    const rows = await this.client.$queryRaw<{ class: string; id: string; added: boolean }[]>`
      SELECT c.class::text, c.record_id::text AS id, c.added
      FROM erasure_collect(${erasure}::uuid, decode(${digest}, 'hex'), ${afterClass.toString()}::bigint, ${record}::uuid,
        ${limit}::integer) AS c`;
    const last = rows.at(-1);
    return {
      added: rows.flatMap(({ id, added }) => (added ? [id] : [])),
      next: last && rows.length === limit ? { class: BigInt(last.class), record: last.id } : null,
    };
  }

  /** Lists those of these records that are there and not erased. @returns the records that were added */
  async collectUnerased(erasure: string, records: readonly string[]): Promise<string[]> {
    const rows = await this.client.$queryRaw<{ id: string }[]>`
      INSERT INTO audit_erasure (erasure, record_id)
      SELECT ${erasure}::uuid, r.id FROM unnest(${records}::uuid[]) AS u(id) JOIN audit_record r ON r.id = u.id
      WHERE r.erased_by IS NULL
      ON CONFLICT DO NOTHING
      RETURNING record_id::text AS id`;
    return rows.map(({ id }) => id);
  }

  /** How many of these records are there and not erased. */
  async countUnerased(records: readonly string[]): Promise<number> {
    return this.client.auditRecord.count({ where: { id: { in: [...records] }, erasedBy: null } });
  }

  /** The list in order, from a record on. */
  async listed(erasure: string, after: string | undefined, limit: number): Promise<string[]> {
    const rows = await this.client.auditErasure.findMany({
      where: { erasure, ...(after === undefined ? {} : { recordId: { gt: after } }) },
      orderBy: { recordId: 'asc' },
      take: limit,
      select: { recordId: true },
    });
    return rows.map(({ recordId }) => recordId);
  }

  async listLength(erasure: string): Promise<number> {
    return this.client.auditErasure.count({ where: { erasure } });
  }

  /** Flows that began with one of these records, and whose they are. */
  async flowOwners(records: readonly string[]): Promise<{ id: string; actor: string }[]> {
    return this.client.flow.findMany({
      where: { id: { in: [...records] } },
      select: { id: true, actor: true },
    });
  }

  async destroy(
    erasure: string,
    at: Date,
    records: readonly string[],
    owners: readonly { id: string; owner: string }[],
  ): Promise<void> {
    const flows = owners.map(({ id }) => id);
    const marks = owners.map(({ owner }) => owner);
    await this.client.$queryRaw`
      SELECT erasure_destroy(${erasure}::uuid, ${at.toISOString()}::timestamptz, ${records}::uuid[], ${flows}::uuid[],
        ${marks}::text[])::text AS done`;
  }

  /** @param forMs how long it is held at most: who is said to hold it for longer does not */
  async due(forMs: number): Promise<DueErasure[]> {
    return this.client.$queryRaw<DueErasure[]>`
      SELECT d.erasure::text,
             d.held_until > now() AND d.held_until <= now() + make_interval(secs => ${forMs}::float8 / 1000) AS held,
             r.created_at AS "recordedAt"
      FROM audit_erasure_due d LEFT JOIN audit_record r ON r.id = d.erasure
      ORDER BY d.erasure`;
  }

  /** Which of these have an ERASE entry here. */
  async recorded(erasures: readonly string[]): Promise<Set<string>> {
    const rows = await this.client.auditRecord.findMany({
      where: { id: { in: [...erasures] } },
      select: { id: true },
    });
    return new Set(rows.map(({ id }) => id));
  }

  /** Erasures whose records are not all erased, though their entry is here: after a backup was restored in part. */
  async undone(after: { erasure: string; record: string }, limit: number) {
    return this.client.$queryRaw<{ erasure: string; record: string; at: Date | null; erased: boolean }[]>`
      SELECT e.erasure::text, e.record_id::text AS record, b.created_at AS at,
             NOT EXISTS (SELECT FROM audit_record r WHERE r.id = e.record_id AND r.erased_by IS NULL) AS erased
      FROM audit_erasure e LEFT JOIN audit_record b ON b.id = e.erasure
      WHERE (e.erasure, e.record_id) > (${after.erasure}::uuid, ${after.record}::uuid)
      ORDER BY e.erasure, e.record_id
      LIMIT ${limit}::integer`;
  }

  /** Takes up to so many records off the list. @returns how many */
  async unlist(erasure: string, limit: number): Promise<number> {
    return this.client.$executeRaw`
      DELETE FROM audit_erasure
      WHERE erasure = ${erasure}::uuid AND record_id IN (
        SELECT record_id FROM audit_erasure WHERE erasure = ${erasure}::uuid ORDER BY record_id LIMIT ${limit}::integer)`;
  }

  /** The leaf of its ERASE entry; null where there is none. */
  async entryOf(erasure: string): Promise<Uint8Array | null> {
    const entry = await this.client.auditEntry.findFirst({
      where: { recordId: erasure, kind: 'ERASE' },
      select: { leaf: true },
    });
    return entry?.leaf ?? null;
  }

  /** Binds an idempotency key to an erasure, unless it is bound. @returns what it is bound to now */
  async claimKey(
    erasure: string,
    { digest, input }: { digest: string; input: string },
  ): Promise<{ erasure: string; input: string }> {
    for (;;) {
      const [claimed] = await this.client.$queryRaw<{ erasure: string; input: string }[]>`
        INSERT INTO idempotency_key AS k (digest, record_id, input_digest, expires_at)
        VALUES (decode(${digest}, 'hex'), ${erasure}::uuid, decode(${input}, 'hex'), now() + interval '24 hours')
        ON CONFLICT (digest) DO UPDATE
        SET record_id = EXCLUDED.record_id, input_digest = EXCLUDED.input_digest, expires_at = EXCLUDED.expires_at
        WHERE k.expires_at <= now()
        RETURNING record_id::text AS erasure, encode(input_digest, 'hex') AS input`;
      if (claimed) return claimed;
      const [bound] = await this.client.$queryRaw<{ erasure: string; input: string }[]>`
        SELECT record_id::text AS erasure, encode(input_digest, 'hex') AS input
        FROM idempotency_key WHERE digest = decode(${digest}, 'hex')`;
      if (bound) return bound;
    }
  }

  async freeKey(erasure: string): Promise<void> {
    await this.client.idempotencyKey.deleteMany({ where: { recordId: erasure } });
  }
}

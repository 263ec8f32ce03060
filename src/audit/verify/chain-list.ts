// Which chains there are, wherever the database tells of them, and where each ends at this moment.
import type { LogReader } from './log-reader.js';
import type { RollupRow } from './rollup-counts.js';

export interface ListedChain {
  id: string;
  /** Position of the first entry; null where there is none. */
  first: number | null;
  /** That of the last; 0 where there is none. */
  head: number;
  /** Serial of the last checkpoint; null where there is none. */
  lastSerial: number | null;
  /** Of a chain that is being written: its rows of audit_rollup at this moment, where later answers are of later ones. */
  rollups: RollupRow[] | null;
}

interface Row {
  id: string;
  first: number | null;
  head: number | null;
  serial: number | null;
  rollups: string | null;
}

/** One answer, so that all of it is of one moment. In the order of their ids. */
export async function listChains(reader: LogReader): Promise<ListedChain[]> {
  const rows = await reader.query<Row>(sql(reader.snapshot));
  return rows.map(({ id, first, head, serial, rollups }) => ({
    id,
    first,
    head: head ?? 0,
    lastSerial: serial,
    rollups: rollups === null ? null : (JSON.parse(rollups) as RollupRow[]),
  }));
}

/** From one chain to the next by the index, however many rows each has. */
const chainsIn = (table: string) => `(
  WITH RECURSIVE found AS (
    (SELECT chain FROM ${table} ORDER BY chain LIMIT 1)
    UNION ALL
    SELECT (SELECT t.chain FROM ${table} t WHERE t.chain > found.chain ORDER BY t.chain LIMIT 1)
    FROM found WHERE found.chain IS NOT NULL
  )
  SELECT chain FROM found WHERE chain IS NOT NULL)`;

/** Canonical JSON ends with the state, the last of its members by name. */
const sql = (snapshot: boolean) => `
  SELECT c.chain::text AS id, f.position AS first, h.position AS head, k.serial,
    ${snapshot ? 'NULL' : `CASE WHEN k.final THEN NULL ELSE ${rollupsOf} END`} AS rollups
  FROM (
    SELECT chain FROM ${chainsIn('audit_entry')} AS e
    UNION SELECT chain FROM ${chainsIn('audit_checkpoint')} AS p
    UNION SELECT chain FROM ${chainsIn('audit_rollup')} AS r
  ) AS c
  LEFT JOIN LATERAL (SELECT position FROM audit_entry WHERE chain = c.chain ORDER BY position LIMIT 1) AS f ON true
  LEFT JOIN LATERAL (SELECT position FROM audit_entry WHERE chain = c.chain ORDER BY position DESC LIMIT 1) AS h ON true
  LEFT JOIN LATERAL (
    SELECT serial, statement LIKE '%"state":"CLOSED"}' OR statement LIKE '%"state":"ABANDONED"}' AS final
    FROM audit_checkpoint WHERE chain = c.chain ORDER BY serial DESC LIMIT 1
  ) AS k ON true
  ORDER BY c.chain`;

/** In the columns' own text, as \`rollupColumns\` has them. */
const rollupsOf = `(
  SELECT coalesce(json_agg(json_build_object('bucket', coalesce(bucket::text, 'null'), 'chain', chain::text,
    'provider', provider, 'kind', kind, 'outcome', outcome, 'rule', rule, 'count', count::text, 'histogram', histogram::text)), '[]')::text
  FROM audit_rollup WHERE chain = c.chain)`;

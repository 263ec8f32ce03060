// The messages of each day, counted again from its records, which are proved by their entries: what a request that is
// under way has reserved, and what one that ended ACCEPTED or UNKNOWN has spent.
//
// A record is of the day that its id is of, and the days of budgets begin at midnight in China.
import { monthOfId } from '../dropped-month.js';
import { firstIdAt } from '../record-time.js';
import type { Faults } from './faults.js';
import type { LogReader } from './log-reader.js';

interface Row {
  scope: string;
  reserved: number | null;
  spent: number | null;
  counted_reserved: number;
  counted_spent: number;
}

const DAY_MS = 86_400_000;
const CHINA_MS = 8 * 3_600_000;

/**
 * Days that the database keeps, and the one that auditors are shown.
 * @param dropped whether retention has dropped a month, such as `2026-05`
 * @returns how many rows were compared
 */
export async function verifyBudgets(
  reader: LogReader,
  dropped: (month: string) => boolean,
  faults: Faults,
): Promise<number> {
  const days = await reader.query<{ day: string | null }>(`
    SELECT day::text FROM send_budget UNION SELECT budget_day(now())::text ORDER BY day`);
  let rows = 0;
  for (const { day } of days) {
    // Such as infinity, which a date may be as well.
    if (day === null || !/^\d{4}-\d\d-\d\d$/.test(day)) {
      faults.row('send_budget', `${day} *`, 'it is of no day');
      continue;
    }
    const from = firstIdAt(new Date(Date.parse(day) - CHINA_MS));
    const to = firstIdAt(new Date(Date.parse(day) - CHINA_MS + DAY_MS));
    if (dropped(monthOfId(from)) || dropped(monthOfId(to))) continue;
    const seen = new Set<string>();
    for (const row of await reader.query<Row>(sql(day, from, to))) {
      if (seen.has(row.scope)) faults.row('send_budget', `${day} ${row.scope}`, 'it is there twice');
      seen.add(row.scope);
      const wrong = (column: string, counted: number) =>
        faults.row('send_budget', `${day} ${row.scope}`, `${column} is not the ${counted} of its records`);
      if (row.reserved !== row.counted_reserved) wrong('reserved', row.counted_reserved);
      if (row.spent !== row.counted_spent) wrong('spent', row.counted_spent);
      rows += 1;
    }
  }
  return rows;
}

/** One answer, so that it is of one moment. A row that is not there says as much as one of zeros. */
const sql = (day: string, from: string, to: string) => `
  SELECT scope,
    CASE WHEN b.day IS NULL THEN 0 ELSE b.reserved END AS reserved,
    CASE WHEN b.day IS NULL THEN 0 ELSE b.spent END AS spent,
    coalesce(r.reserved, 0) AS counted_reserved, coalesce(r.spent, 0) AS counted_spent
  FROM (SELECT * FROM send_budget WHERE day = '${day}'::date) AS b
  FULL JOIN (
    SELECT s.scope, (count(*) FILTER (WHERE outcome = 'PENDING'))::integer AS reserved,
      (count(*) FILTER (WHERE outcome IN ('ACCEPTED', 'UNKNOWN')))::integer AS spent
    FROM audit_record CROSS JOIN LATERAL (VALUES ('*'), (destination)) AS s(scope)
    WHERE destination IS NOT NULL AND id >= '${from}'::uuid AND id < '${to}'::uuid
    GROUP BY s.scope
  ) AS r USING (scope)
  ORDER BY scope`;

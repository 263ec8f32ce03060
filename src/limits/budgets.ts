// The messages of a day: how many may be sent, how many are, and a word to operators before none may be any more.
import type { PrismaClient } from '../db/generated/client.js';
import type { BudgetSettings } from './limits-file.js';

export interface BudgetStanding {
  /** `*` for all messages, or a calling code. */
  scope: string;
  limit: number;
  /** Of requests that are under way. */
  reserved: number;
  spent: number;
  resetsAt: Date;
}

export interface BudgetLog {
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

type Level = 'WARNED' | 'EXHAUSTED';

export class Budgets {
  /** What was said of each scope since it last stood below. */
  private readonly said = new Map<string, Level>();

  constructor(
    private readonly client: PrismaClient,
    /** Null where limits are lifted: nothing is budgeted then. */
    private readonly settings: BudgetSettings | null,
    private readonly log: BudgetLog,
  ) {}

  /** Told by the ledger how many messages of today are taken. */
  watch(taken: Readonly<Record<string, number>>): void {
    for (const [scope, count] of Object.entries(taken)) {
      const limit = this.limitOf(scope);
      if (limit === undefined) continue;
      const level = this.levelOf(count, limit);
      if (level === this.said.get(scope)) continue;
      if (level === undefined) this.said.delete(scope);
      else this.say(level, { scope, taken: count, limit });
    }
  }

  /** Of today: all messages first, then each destination. */
  async today(): Promise<BudgetStanding[]> {
    if (!this.settings) return [];
    const scopes = ['*', ...Object.keys(this.settings.destinations)];
    const rows = await this.client.$queryRaw<
      { scope: string; reserved: number; spent: number; resets_at: Date }[]
    >`
      SELECT s.scope, COALESCE(b.reserved, 0) AS reserved, COALESCE(b.spent, 0) AS spent,
             budget_day_end(budget_day(now())) AS resets_at
      FROM unnest(${scopes}::text[]) WITH ORDINALITY AS s(scope, place)
      LEFT JOIN send_budget b ON b.day = budget_day(now()) AND b.scope = s.scope
      ORDER BY s.place`;
    return rows.map(({ resets_at: resetsAt, scope, ...counts }) => ({
      scope,
      limit: this.limitOf(scope) ?? 0,
      ...counts,
      resetsAt,
    }));
  }

  private limitOf(scope: string): number | undefined {
    return scope === '*' ? this.settings?.perDay : this.settings?.destinations[scope];
  }

  private levelOf(count: number, limit: number): Level | undefined {
    if (count >= limit) return 'EXHAUSTED';
    return count >= limit * (this.settings?.warnFrom ?? 1) ? 'WARNED' : undefined;
  }

  private say(level: Level, fields: { scope: string; taken: number; limit: number }): void {
    this.said.set(fields.scope, level);
    if (level === 'EXHAUSTED')
      this.log.error(fields, 'the budget of today is used up: no more messages are sent');
    else this.log.warn(fields, 'most of the budget of today is used up');
  }
}

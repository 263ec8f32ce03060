// How the process and its database stand when somebody asks.
import { Gauge, type Registry } from 'prom-client';
import type { Integrity } from '../audit/integrity-store.js';
import type { BudgetStanding } from '../limits/budgets.js';
import type { ProviderLine } from '../pipeline/call.js';

/** What is looked at. */
export interface Looked {
  lines: readonly Pick<ProviderLine, 'provider' | 'settings' | 'breakerState'>[];
  ledger: { readonly waiting: number };
  room: { readonly inUse: number };
  budgets: { today(): Promise<BudgetStanding[]> };
  integrity(): Promise<Integrity>;
}

const breakerStates = ['CLOSED', 'HALF_OPEN', 'OPEN'] as const;

export class Standing {
  private readonly gauges: ReturnType<typeof gaugesIn>;

  constructor(
    registry: Registry,
    private readonly looked: Looked,
  ) {
    this.gauges = gaugesIn(registry);
  }

  async look(): Promise<void> {
    const { lines, ledger, room } = this.looked;
    const { breaker, waiting, inFlight, databaseUp, budget, intact, verifiedAt } = this.gauges;
    for (const { provider, settings, breakerState } of lines) {
      if (!settings) continue;
      for (const state of breakerStates) {
        breaker.set({ provider: provider.id, state }, state === breakerState() ? 1 : 0);
      }
    }
    waiting.set(ledger.waiting);
    inFlight.set(room.inUse);
    budget.reset();
    intact.remove();
    verifiedAt.remove();
    const isUp = await this.ask().then(
      () => true,
      () => false,
    );
    databaseUp.set(isUp ? 1 : 0);
  }

  private async ask(): Promise<void> {
    const { budget, intact, verifiedAt } = this.gauges;
    const [scopes, log] = await Promise.all([this.looked.budgets.today(), this.looked.integrity()]);
    for (const { scope, limit, reserved, spent } of scopes) {
      budget.set({ scope, part: 'limit' }, limit);
      budget.set({ scope, part: 'reserved' }, reserved);
      budget.set({ scope, part: 'spent' }, spent);
    }
    if (log.intact !== null) intact.set(log.intact ? 1 : 0);
    if (log.verifiedAt) verifiedAt.set(log.verifiedAt.getTime() / 1_000);
  }
}

function gaugesIn(registry: Registry) {
  const gauge = <Label extends string = never>(name: string, help: string, labelNames: Label[] = []) =>
    new Gauge({ name: `yanzheng_${name}`, help, labelNames, registers: [registry] });
  return {
    breaker: gauge('breaker', 'Whether calls to a provider are let through: 1 for the state that it is in.', [
      'provider',
      'state',
    ]),
    waiting: gauge('ledger_waiting', 'Items that wait for a batch of the audit log.'),
    inFlight: gauge('requests_in_flight', 'Requests that are worked on.'),
    databaseUp: gauge(
      'database_up',
      'Whether the database answers; where it does not, what it would tell of is left out.',
    ),
    budget: gauge(
      'budget_messages',
      "Messages of today's budget, over all processes: its limit, what is reserved and what is spent.",
      ['scope', 'part'],
    ),
    intact: gauge('log_intact', 'What the verifier found when it last ran: 1 or 0.'),
    verifiedAt: gauge('log_verified_timestamp_seconds', 'When the verifier last ran.'),
  };
}

// Says what a request claims of the limits and budgets, and what a denial means for whoever asked. It counts nothing
// itself: the ledger does, for all replicas.
import { neighbourhoodOf, networkOf } from '../auth/client-address.js';
import { callingCodeOf } from '../phone-number.js';
import type {
  Attempt,
  BudgetClaim,
  Claims,
  CounterClaim,
  Denial,
  DenialAnswer,
  Limiter,
  Origin,
} from './claims.js';
import type { HumanChecks, PassedCheck } from './human-check.js';
import type { BudgetSettings, LimitSettings } from './limits-file.js';
import type { CallerKind, CountedBy, FurtherRule } from './rules.js';
import { StandingDenials } from './standing-denials.js';
import type { Digester } from './subject.js';

/** A budget may be given back, so its denial is certain for so long only. */
const BUDGET_CERTAIN_MS = 500;
/** Whoever waits longer for a phone that strangers used up is offered a human check instead. */
const SHORT_WAIT_MS = 60_000;
const HOUR_S = 3_600;

export class TableLimiter implements Limiter {
  private readonly standingDenials = new StandingDenials();
  /** Halves of counters' keys that were made before. */
  private readonly halves = new Map<string, string>();
  private readonly budgets = new Map<string, readonly BudgetClaim[]>();

  constructor(
    private readonly settings: LimitSettings,
    private readonly humanChecks: HumanChecks,
    private readonly digester: Digester,
  ) {}

  async claims(attempt: Attempt, origin: Origin): Promise<Claims | undefined> {
    const passed = await this.passedCheck(attempt, origin);
    const kind = kindOf(origin, passed);
    const isMessage = attempt.kind === 'MESSAGE';
    const destination = isMessage && attempt.phone !== undefined ? callingCodeOf(attempt.phone) : undefined;
    if (destination !== undefined && !Object.hasOwn(this.settings.budget.destinations, destination)) {
      return { counters: [this.closed('DESTINATION_NOT_ALLOWED', destination)], budget: [] };
    }
    const counters = passed ? [this.onlyOnce(passed)] : [];
    for (const { name, counts, by, of, windows } of this.settings.rules) {
      if (counts !== attempt.kind || !of.includes(kind)) continue;
      const whom = this.whom(by, attempt, origin, destination);
      if (whom === undefined) continue;
      // Who is denied whatever he does needs no counter of his own: the addresses of a network are many.
      const counted = windows.some(({ most }) => most === 0) ? this.half('everybody', '') : whom;
      const key =
        counted +
        this.ruleHalf(
          name,
          by === 'guess' || by === 'account' ? `${attempt.operation} ${attempt.purpose ?? ''}` : '',
        );
      counters.push({ key, rule: name, windows });
    }
    const budget = destination === undefined ? [] : this.budget(destination, kind);
    return counters.length + budget.length > 0 ? { counters, budget, destination } : undefined;
  }

  standing({ counters, budget, destination = '' }: Claims): Denial | undefined {
    const budgets = budget.map(({ rule }) => budgetKey(destination, rule));
    return this.standingDenials.find([...budgets, ...counters.map(({ key }) => key)]);
  }

  async answer(denial: Denial, claims: Claims, attempt: Attempt, origin: Origin): Promise<DenialAnswer> {
    this.remember(denial, claims);
    const { retryAfterMs } = denial;
    switch (denial.rule) {
      case 'DESTINATION_NOT_ALLOWED':
        return { code: 'DESTINATION_NOT_ALLOWED' };
      case 'BUDGET':
      case 'BUDGET_ANONYMOUS':
        return { code: 'BUDGET_EXHAUSTED', retryAfterMs };
      case 'BUDGET_CHECK':
      case 'HUMAN_CHECK_USED':
        return this.demandCheck(attempt);
      case 'PHONE_ANONYMOUS':
        if (retryAfterMs > SHORT_WAIT_MS) return this.demandCheck(attempt);
        return { code: 'RATE_LIMITED', retryAfterMs };
      default: {
        const asksFor = this.settings.rules.find(({ name }) => name === denial.rule)?.asksFor;
        if (asksFor === 'HUMAN_CHECK' && !origin.caller) return this.demandCheck(attempt);
        return { code: 'RATE_LIMITED', retryAfterMs };
      }
    }
  }

  private async demandCheck(attempt: Attempt): Promise<DenialAnswer> {
    const humanCheck = await this.humanChecks.challenge(this.askedFor(attempt));
    return { code: 'HUMAN_CHECK_REQUIRED', humanCheck };
  }

  private remember(denial: Denial, { counters, budget, destination = '' }: Claims): void {
    const counter = counters.find(({ rule }) => rule === denial.rule);
    if (counter) {
      this.standingDenials.remember(counter.key, denial, denial.retryAfterMs);
      return;
    }
    if (!budget.some(({ rule }) => rule === denial.rule)) return;
    this.standingDenials.remember(budgetKey(destination, denial.rule), denial, BUDGET_CERTAIN_MS);
  }

  private async passedCheck(attempt: Attempt, { caller, humanCheck }: Origin): Promise<PassedCheck | null> {
    if (caller || humanCheck === undefined) return null;
    return this.humanChecks.verify(humanCheck, this.askedFor(attempt));
  }

  /** What a solution is good for: this phone, for this operation. */
  private askedFor({ operation, phone = '' }: Attempt): string {
    return this.digester.of('human-check', operation, phone).slice(0, HALF);
  }

  /** Denies each time; the first is a record, the others of an hour are counted on it. */
  private closed(rule: FurtherRule, whom: string): CounterClaim {
    return {
      key: this.half(rule, whom) + this.ruleHalf(rule),
      rule,
      windows: [{ most: 0, seconds: HOUR_S }],
    };
  }

  /** The window is as long as any challenge lives, however much of that is left: a shorter one would forget the first use. */
  private onlyOnce({ id }: PassedCheck): CounterClaim {
    const rule = 'HUMAN_CHECK_USED';
    const seconds = this.settings.humanCheck.seconds + CLOCKS_S;
    return { key: this.half(rule, id) + this.ruleHalf(rule), rule, windows: [{ most: 1, seconds }] };
  }

  /** The first half of a counter's key; undefined where there is nobody to count. */
  private whom(
    by: CountedBy,
    { phone, heldBy, account }: Attempt,
    { address, caller }: Origin,
    destination: string | undefined,
  ): string | undefined {
    switch (by) {
      case 'everybody':
        return this.half(by, '');
      case 'destination':
        return destination && this.half(by, destination);
      case 'client':
        return caller?.client && this.half(by, caller.client);
      case 'network':
        return this.half(by, neighbourhoodOf(address));
      case 'address':
        return this.half(by, networkOf(address));
      case 'actor':
        return this.half(caller ? 'actor' : 'address', caller?.actor ?? networkOf(address));
      case 'account':
        return account && this.half(by, JSON.stringify([account.at, spellingOf(account.name)]));
      case 'phone':
      case 'guess': {
        // Of the digest that stands on records, so that erasing a person finds the counters.
        const whose =
          heldBy ?? (phone === undefined ? undefined : ({ kind: 'phone', value: phone } as const));
        return whose && this.digester.subject(whose).slice(0, HALF);
      }
    }
  }

  private half(by: string, whom: string): string {
    const name = `${by} ${whom}`;
    const known = this.halves.get(name);
    if (known !== undefined) return known;
    const made = this.digester.of('limit', by, whom).slice(0, HALF);
    // Many addresses are seen once: what is seen often comes back soon.
    if (this.halves.size >= HALVES_AT_MOST) this.halves.clear();
    this.halves.set(name, made);
    return made;
  }

  private ruleHalf(rule: string, guessed = ''): string {
    return this.half(`rule ${rule}`, guessed);
  }

  private budget(destination: string, kind: CallerKind): readonly BudgetClaim[] {
    const name = `${destination} ${kind}`;
    const known = this.budgets.get(name) ?? budgetClaims(this.settings.budget, destination, kind);
    this.budgets.set(name, known);
    return known;
  }
}

/** Hex digits: 128 bits are enough to tell counters apart. */
const HALF = 32;
const HALVES_AT_MOST = 10_000;
/** Clocks of replicas and of the database differ by this much at most, in seconds. */
const CLOCKS_S = 60;

/** Websites take an account in capitals, or with a space at its end, for the same. */
function spellingOf(account: string): string {
  return account.normalize('NFKC').toLowerCase().replace(/\s/g, '');
}

function kindOf({ caller }: Origin, passed: PassedCheck | null): CallerKind {
  if (caller) return caller.roles.has('service') ? 'SERVICE' : 'USER';
  return passed ? 'CHECKED' : 'ANONYMOUS';
}

/** Those that stop stand before those that ask for a check. */
function budgetClaims(
  { perDay, destinations, checkFrom, keptForSignedIn }: BudgetSettings,
  destination: string,
  kind: CallerKind,
): BudgetClaim[] {
  const scopes: [string, number][] = [
    ['*', perDay],
    [destination, destinations[destination] ?? 0],
  ];
  const claims = (share: number, rule: FurtherRule) =>
    scopes.map(([scope, limit]) => ({ scope, most: Math.floor(limit * share), rule }));
  if (kind === 'USER' || kind === 'SERVICE') return claims(1, 'BUDGET');
  const stop = claims(1 - keptForSignedIn, 'BUDGET_ANONYMOUS');
  return kind === 'CHECKED' ? stop : [...stop, ...claims(checkFrom, 'BUDGET_CHECK')];
}

/** Which of a destination's budgets said no, its own or that of all, is not told: it holds for this destination. */
const budgetKey = (destination: string, rule: string) => `${destination} ${rule}`;

/** Where limits are lifted. */
export const noLimits: Limiter = {
  claims: async () => undefined,
  standing: () => undefined,
  answer: async () => ({ code: 'RATE_LIMITED' }),
};

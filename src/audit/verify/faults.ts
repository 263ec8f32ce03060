// What a verification finds: where it is, and what is wrong with it.

export interface Fault {
  /** `01a2…:17` for an entry (chain:position), else table and key: `audit_record 01a2…`. */
  where: string;
  what: string;
}

interface Found extends Fault {
  chain?: string;
  position?: number;
}

const KEPT = 100;

/** Keeps the first of many, and the first broken entry of all: that of the least chain and position. */
export class Faults {
  count = 0;
  private readonly kept: Found[] = [];
  private firstEntry: Required<Found> | null = null;

  entry(chain: string, position: number, what: string): void {
    const fault = { where: `${chain}:${position}`, what, chain, position };
    if (!this.firstEntry || isBefore(fault, this.firstEntry)) this.firstEntry = fault;
    this.keep(fault);
  }

  row(table: string, key: string, what: string): void {
    this.keep({ where: `${table} ${key}`, what });
  }

  /** What was found elsewhere, in its order. */
  addAll(others: Faults): void {
    for (const fault of others.kept) {
      if (fault.chain !== undefined && fault.position !== undefined) {
        this.entry(fault.chain, fault.position, fault.what);
      } else this.keep(fault);
    }
    this.count += others.count - others.kept.length;
  }

  /** The first broken entry, or the first broken row where all entries are as they were written. */
  get first(): string | null {
    return this.firstEntry?.where ?? this.kept[0]?.where ?? null;
  }

  /** The first hundred: entries in the order of their chains, then rows. */
  list(): Fault[] {
    const entries = this.kept.filter((fault): fault is Required<Found> => fault.position !== undefined);
    const rows = this.kept.filter(({ position }) => position === undefined);
    const first = this.firstEntry;
    const all = entries.sort((one, other) => (isBefore(one, other) ? -1 : 1));
    if (first && !all.some(({ where }) => where === first.where)) all.unshift(first);
    return [...all, ...rows].map(({ where, what }) => ({ where, what }));
  }

  private keep(fault: Found): void {
    this.count += 1;
    if (this.kept.length < KEPT) this.kept.push(fault);
  }
}

function isBefore(one: Required<Found>, other: Required<Found>): boolean {
  return one.chain < other.chain || (one.chain === other.chain && one.position < other.position);
}

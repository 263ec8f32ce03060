// What ERASE entries say of the records they cover (how many, and what they add up to), compared with the rows of
// audit_erasure. Pure.
import { RecordSum } from '../eraser.js';
import type { Faults } from './faults.js';

export class ErasureSums {
  private readonly listed = new Map<string, RecordSum>();
  private readonly said = new Map<string, { records: unknown; set: unknown }>();
  private readonly done = new Set<string>();

  /** A row of audit_erasure. */
  add(erasure: string, recordId: string): void {
    let sum = this.listed.get(erasure);
    if (!sum) {
      sum = new RecordSum();
      this.listed.set(erasure, sum);
    }
    sum.add([recordId]);
  }

  /** A record says that it was erased by it. */
  addDone(erasure: string): void {
    this.done.add(erasure);
  }

  /** An ERASE entry. */
  say(erasure: string, { records, set }: { records?: unknown; set?: unknown }): void {
    this.said.set(erasure, { records, set });
  }

  get count(): number {
    return this.said.size;
  }

  /** @returns erasures that have rows and no entry, and whether a record says that it was erased by it */
  compare(faults: Faults): { erasure: string; done: boolean }[] {
    for (const [erasure, { records, set }] of this.said) {
      const sum = this.listed.get(erasure) ?? new RecordSum();
      if (sum.count !== records || sum.hex() !== set) {
        faults.row('audit_erasure', erasure, `its rows are not the ${String(records)} that its entry says`);
      }
    }
    const unsaid = [...this.listed.keys()].filter((erasure) => !this.said.has(erasure));
    return unsaid.map((erasure) => ({ erasure, done: this.done.has(erasure) }));
  }
}

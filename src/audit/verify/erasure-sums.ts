// What ERASE entries say of the records they cover (how many, and what they add up to), compared with the rows of
// audit_erasure. Pure.
import { RecordSum } from '../eraser.js';
import { timeOfId } from '../record-time.js';
import type { Faults } from './faults.js';

/**
 * An erasure that its entry says is done within minutes, however many records it covers: whoever was killed at it, or
 * cannot publish it, finishes it before anything is served.
 */
const DONE_WITHIN_MS = 3_600_000;

export class ErasureSums {
  private readonly listed = new Map<string, RecordSum>();
  private readonly said = new Map<string, { records: unknown; set: unknown }>();
  private readonly done = new Set<string>();
  private readonly held = new Map<string, string>();

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

  /** A record is not erased by it yet. One of many is enough. */
  addHeld(erasure: string, recordId: string): void {
    if (!this.held.has(erasure)) this.held.set(erasure, recordId);
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

  /**
   * Erasures that should long be done, and for each a record that holds what was to be erased.
   * @param signedAt of the newest checkpoint: milliseconds since 1970
   */
  overdue(signedAt: number): { erasure: string; record: string }[] {
    return Array.from(this.held, ([erasure, record]) => ({ erasure, record })).filter(
      ({ erasure }) => this.said.has(erasure) && signedAt - timeOfId(erasure).getTime() > DONE_WITHIN_MS,
    );
  }
}

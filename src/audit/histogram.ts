// Latencies as counts in cells that grow by a fixed ratio, so that histograms of hours and processes add up and
// percentiles can be read from the sum.

/** Cells from one bound to its double: a percentile is off by at most a tenth, and by rounding to milliseconds. */
const CELLS_PER_DOUBLING = 4;
/** The last cell takes everything from about four and a half minutes on. */
const LAST_CELL = 72;

/** Cell 0 holds 0 and 1 ms; cell i begins at 2^(i/4) ms. */
export function latencyCell(milliseconds: number): number {
  if (!(milliseconds > 1)) return 0;
  return Math.min(Math.floor(CELLS_PER_DOUBLING * Math.log2(milliseconds)), LAST_CELL);
}

/** The middle of the cell in which the percentile lies, in whole milliseconds; null of an empty histogram. */
export function percentile(histogram: readonly number[], share: number): number | null {
  let total = 0;
  for (let cell = 0; cell < histogram.length; cell += 1) total += histogram[cell] ?? 0;
  if (total === 0) return null;
  const rank = Math.max(1, Math.ceil(total * share));
  let seen = 0;
  // By index: a summary asks for thousands of these.
  for (let cell = 0; cell < histogram.length; cell += 1) {
    seen += histogram[cell] ?? 0;
    if (seen >= rank) return cell === 0 ? 1 : Math.round(2 ** ((cell + 0.5) / CELLS_PER_DOUBLING));
  }
  return null;
}

/** The sum of two histograms; trailing zeros may be left out of either. */
export function addHistograms(one: readonly number[], other: readonly number[]): number[] {
  const [long, short] = one.length >= other.length ? [one, other] : [other, one];
  return long.map((count, cell) => count + (short[cell] ?? 0));
}

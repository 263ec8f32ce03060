// A block of records, read and checked: quickly, and exactly where that does not come to an end or finds something.
import type { Range, Some } from './block-query.js';
import { type BlockCounts, type BlockSettings, checkBlock } from './check-block.js';
import { Faults } from './faults.js';
import type { LogReader } from './log-reader.js';
import { type RecordBlock, readExactly, readQuickly, Unreadable } from './record-blocks.js';

/** Null where it has to be read exactly. */
export async function quickBlock(reader: LogReader, range: Range | Some): Promise<RecordBlock | null> {
  try {
    return await readQuickly(reader, range);
  } catch (error) {
    if (error instanceof Unreadable) return null;
    throw error;
  }
}

/** Faults of a block that was read quickly are not believed before it was read exactly. */
export async function rebuildBlock(
  reader: LogReader,
  range: Range | Some,
  quick: RecordBlock | null,
  settings: BlockSettings,
  faults: Faults,
): Promise<BlockCounts> {
  const found = new Faults();
  try {
    const counts = quick && checkBlock(quick, settings, found);
    if (counts && found.count === 0) return counts;
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
  }
  return checkBlock(await readExactly(reader, range), settings, faults);
}

// An erasure that was begun when a month ended stands in the month after, and is known there once its own has gone.
import { expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { genesisHash, linkHash } from '../../src/audit/chain.js';
import { leafOf } from '../../src/audit/entry.js';
import { RecordSum } from '../../src/audit/eraser.js';
import { checkBlock } from '../../src/audit/verify/check-block.js';
import { ErasureSums } from '../../src/audit/verify/erasure-sums.js';
import { Faults } from '../../src/audit/verify/faults.js';
import type { RecordBlock } from '../../src/audit/verify/record-blocks.js';

const erasure = uuidv7({ msecs: Date.parse('2026-05-31T23:59:59.900Z') });
const chain = uuidv7({ msecs: Date.parse('2026-06-01T00:00:00.050Z') });
const erased = [uuidv7({ msecs: Date.parse('2026-05-20') }), uuidv7({ msecs: Date.parse('2026-06-01') })];

const sum = new RecordSum();
sum.add(erased);
const at = '2026-05-31T23:59:59.900Z';
const leaf = leafOf({ at, kind: 'ERASE', record: erasure, records: 2, set: sum.hex() });
const previous = genesisHash(chain);
const entry = {
  recordId: erasure,
  chain,
  position: 1,
  kind: 'ERASE',
  at: '2026-05-31 23:59:59.9+00',
  hash: linkHash(previous, Buffer.from(leaf)).toString('hex'),
  previousHash: previous.toString('hex'),
  leaf: Buffer.from(leaf).toString('utf8'),
};
const block: RecordBlock = {
  exact: true,
  due: new Set(),
  groups: () => [{ id: erasure, rows: [], entries: [entry], subjects: [], erasures: [] }],
};

it('still says what it erased', () => {
  const faults = new Faults();
  const settings = { heads: new Map([[chain, 1]]), sealer: null };
  const { said } = checkBlock(block, { ...settings, dropped: (month) => month === '2026-05' }, faults);
  const sums = new ErasureSums();
  for (const [id, body] of said) sums.say(id, body);
  for (const record of erased) sums.add(erasure, record);
  sums.addDone(erasure);
  expect(sums.compare(faults)).toEqual([]);
  expect(faults.list()).toEqual([]);
});

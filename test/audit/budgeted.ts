// Records that claim budgets, as the ledger writes them: of two destinations, one of each outcome, one under way.
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { ChainKeeper } from '../../src/audit/chain-keeper.js';
import { commitmentTo } from '../../src/audit/commitment.js';
import { type FinalOutcome, leafOf } from '../../src/audit/entry.js';
import { PublishedHeads } from '../../src/audit/published-heads.js';
import { classOf } from '../../src/audit/record-class.js';
import { RecordSealer } from '../../src/audit/record-seal.js';
import { timeOfId } from '../../src/audit/record-time.js';
import { readPrivateKey, signingKeys } from '../../src/audit/signing-keys.js';
import { developmentKeys } from '../../src/auth/development-keys.js';
import { openDatabase } from '../../src/db/client.js';
import type { CounterClaim } from '../../src/limits/claims.js';
import { Digester, type Subject } from '../../src/limits/subject.js';
import { Ledger } from '../../src/pipeline/ledger.js';
import { ledgerStore } from '../../src/pipeline/ledger-store.js';
import type { TestDatabase } from '../support/database.js';

const silent = { info() {}, warn() {}, error() {} };
const traits = {
  kind: 'VERIFICATION_CODE',
  provider: 'usercoin',
  operation: 'sendCode',
  purpose: 'REGISTER',
  client: 'h5',
} as const;

export interface Budgeted {
  destination: string;
  /** Absent: it stays under way. */
  outcome?: FinalOutcome;
  subjects?: readonly Subject[];
  counters?: readonly CounterClaim[];
}

/** No server may hold the embedded database meanwhile. */
export async function writeBudgeted(
  { dataDir, env }: TestDatabase,
  wishes: (digester: Digester) => readonly Budgeted[],
): Promise<void> {
  const own = await developmentKeys(dataDir);
  const privateKey = readPrivateKey(own.checkpointKey);
  if (!privateKey) throw new Error('no key');
  const { DATABASE_URL: url, DATABASE_OWNER_URL: ownerUrl } = env;
  const database = await openDatabase({ dataDir, url, ownerUrl, directUrl: undefined, poolSize: 2 }, silent);
  const heads = new PublishedHeads({ file: join(dataDir, 'checkpoints.ndjson'), url: undefined }, silent);
  const keeping = { everyMs: 50, alone: url === undefined };
  const keeper = new ChainKeeper(database.client, heads, signingKeys(privateKey), keeping, silent);
  const settings = { admitWaitMs: 10_000, settleWaitMs: 10_000, batchSize: 10, queueSize: 100 };
  const ledger = new Ledger(ledgerStore(database.client), keeper, settings, silent);
  const sealer = new RecordSealer([own.sealKey]);
  const digester = new Digester(own.digestKey);
  try {
    for (const wish of wishes(digester)) await write(wish, ledger, sealer, digester);
  } finally {
    await ledger.close(10_000);
    await keeper.stop();
    await database.close();
  }
}

async function write(
  { destination, outcome, subjects = [], counters = [] }: Budgeted,
  ledger: Ledger,
  sealer: RecordSealer,
  digester: Digester,
): Promise<void> {
  const id = uuidv7();
  const at = timeOfId(id).toISOString();
  const { salt, dataKey, keyId, seal } = sealer.begin(id);
  const { kind, ...said } = traits;
  const erasable = { subjects: digester.subjects(subjects) };
  const budget = ['*', destination].map((scope) => ({ scope, most: 1_000, rule: 'BUDGET' }));
  await ledger.admit({
    id,
    kind,
    ...said,
    ...erasable,
    at,
    // Nobody is to find it in doubt while it is tampered with.
    dueMs: 3_600_000,
    salt,
    dataKey,
    keyId,
    claims: { counters, budget, destination },
    leaf: leafOf({
      ...said,
      at,
      kind: 'INTENT',
      record: id,
      requestKind: kind,
      destination,
      commitment: commitmentTo(salt, erasable),
      sealed: seal('INTENT', { request: {} }),
    }),
  });
  if (!outcome) return;
  const settledAt = new Date().toISOString();
  await ledger.settle({
    id,
    class: { ...classOf(traits, outcome), outcome },
    at: settledAt,
    latencyMs: 7,
    leaf: leafOf({ kind: 'OUTCOME', record: id, at: settledAt, outcome, latencyMs: 7 }),
  });
}

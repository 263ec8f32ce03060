// The ledger as the server has it, on a real database, for what no request can bring about when it is wanted.
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { ChainKeeper } from '../../src/audit/chain-keeper.js';
import { commitmentTo } from '../../src/audit/commitment.js';
import { type FinalOutcome, leafOf } from '../../src/audit/entry.js';
import { PublishedHeads } from '../../src/audit/published-heads.js';
import { random } from '../../src/audit/random.js';
import { classOf } from '../../src/audit/record-class.js';
import { timeOfId } from '../../src/audit/record-time.js';
import { readPrivateKey, type SigningKeys, signingKeys } from '../../src/audit/signing-keys.js';
import { embeddedReader } from '../../src/audit/verify/log-reader.js';
import { verifyLog } from '../../src/audit/verify/verify-log.js';
import { developmentKeys } from '../../src/auth/development-keys.js';
import { type Database, openDatabase } from '../../src/db/client.js';
import { Ledger } from '../../src/pipeline/ledger.js';
import type { Admission, LedgerStore, Settlement } from '../../src/pipeline/ledger-batch.js';
import { ledgerStore } from '../../src/pipeline/ledger-store.js';
import type { TestDatabase } from './database.js';

const silent = { info() {}, warn() {}, error() {} };
const settings = { admitWaitMs: 30_000, settleWaitMs: 30_000, batchSize: 100, queueSize: 100 };

export interface LedgerBench {
  database: Database;
  keys: SigningKeys;
  /** A ledger as of another process. @param month see `ChainKeeper.open` */
  ledger(wish?: { month?: Date; store?: LedgerStore }): Ledger;
  keeper: ChainKeeper;
  /** What is wrong with the log. */
  faults(): Promise<string[]>;
  /** Ends the chains, and leaves the database open. */
  endChains(): Promise<void>;
  close(): Promise<void>;
}

/** No server may hold the embedded database meanwhile. */
export async function openLedger({ dataDir, env }: TestDatabase): Promise<LedgerBench> {
  const privateKey = readPrivateKey((await developmentKeys(dataDir)).checkpointKey);
  if (!privateKey) throw new Error('no key');
  const keys = signingKeys(privateKey);
  const { DATABASE_URL: url, DATABASE_OWNER_URL: ownerUrl } = env;
  const database = await openDatabase({ dataDir, url, ownerUrl, directUrl: undefined, poolSize: 4 }, silent);
  const heads = new PublishedHeads({ file: join(dataDir, 'checkpoints.ndjson'), url: undefined }, silent);
  const keeping = { everyMs: 50, alone: url === undefined };
  const keeper = new ChainKeeper(database.client, heads, keys, keeping, silent);
  const ledgers: Ledger[] = [];
  const endChains = async () => {
    for (const ledger of ledgers.splice(0)) await ledger.close(30_000);
    await keeper.stop();
  };
  return {
    database,
    keys,
    keeper,
    ledger: ({ month, store = ledgerStore(database.client) } = {}) => {
      const opening = {
        open: (later = month) => keeper.open(later),
        advanced: keeper.advanced.bind(keeper),
        close: keeper.close.bind(keeper),
      };
      const ledger = new Ledger(store, opening, settings, silent);
      ledgers.push(ledger);
      return ledger;
    },
    faults: async () => {
      const { listed } = await verifyLog(embeddedReader(database.client), {
        trusted: keys.trusted,
        sealer: null,
        published: [],
        runs: [],
        signal: new AbortController().signal,
        progress: () => {},
      });
      return listed.map(({ where, what }) => `${where}: ${what}`);
    },
    endChains,
    close: async () => {
      await endChains();
      await database.close();
    },
  };
}

const traits = {
  kind: 'VERIFICATION_CODE',
  provider: 'usercoin',
  operation: 'sendCode',
  purpose: null,
  client: null,
} as const;

/** A record that says nothing of a person. */
export function admissionOf(id = uuidv7(), rest: Partial<Admission> = {}): Admission {
  const at = timeOfId(id).toISOString();
  const { kind, provider, operation } = traits;
  const salt = random(16).toString('hex');
  const commitment = commitmentTo(salt, { subjects: [] });
  const leaf = leafOf({ kind: 'INTENT', record: id, at, requestKind: kind, provider, operation, commitment });
  return { id, kind, provider, operation, at, dueMs: 3_600_000, subjects: [], salt, leaf, ...rest };
}

export function settlementOf(id: string, outcome: FinalOutcome = 'ACCEPTED'): Settlement {
  const at = new Date().toISOString();
  const ended = { ...classOf(traits, outcome), outcome };
  return { id, class: ended, at, leaf: leafOf({ kind: 'OUTCOME', record: id, at, outcome }) };
}

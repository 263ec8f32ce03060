// What commands work with, made anew for a process of its own, or taken from the server that runs them.
import { pino } from 'pino';
import { ChainKeeper } from '../audit/chain-keeper.js';
import { PublishedHeads } from '../audit/published-heads.js';
import { RecordSealer } from '../audit/record-seal.js';
import { openDatabase } from '../db/client.js';
import { Digester } from '../limits/subject.js';
import { AccessLog } from '../pipeline/access-log.js';
import { Ledger } from '../pipeline/ledger.js';
import { ledgerStore } from '../pipeline/ledger-store.js';
import type { CommandParts } from './command.js';
import type { CommandConfig } from './command-config.js';

/** A running server's parts, for whoever typed the command. */
export type PartsFor = (operator: string) => CommandParts;

export interface OwnParts extends CommandParts {
  /** Ends the chain, where one was begun, and closes the database. */
  close(): Promise<void>;
}

const ledgerSettings = { admitWaitMs: 5_000, settleWaitMs: 5_000, batchSize: 200, queueSize: 5_000 };
const LAST_BATCH_MS = 5_000;

/** Opens the database as it is: migrating it is for the server, or for `npm run db:migrate`. @throws StartupError */
export async function openParts(config: CommandConfig, operator: string): Promise<OwnParts> {
  const log = pino({ level: config.logLevel, base: { app: 'yanzheng' } }, pino.destination(2));
  const database = await openDatabase(config.database, log, true);
  const closers: (() => Promise<void>)[] = [() => database.close()];
  let accessLog: Promise<AccessLog> | undefined;

  const parts = {
    config,
    database,
    operator,
    get sealer() {
      return new RecordSealer(given('SEAL_KEY', config.sealKeys));
    },
    get digester() {
      return new Digester(given('DIGEST_KEY', config.digestKey));
    },
    accessLog: () => {
      accessLog ??= begin();
      return accessLog;
    },
    close: async () => {
      for (const close of closers.splice(0).reverse()) await close();
    },
  };
  const begin = async () => {
    const { published, everyMs } = config.checkpoints;
    const keys = given('CHECKPOINT_KEY', config.checkpoints.keys);
    const keeping = { everyMs, alone: database.kind === 'embedded' };
    const keeper = new ChainKeeper(database.client, new PublishedHeads(published, log), keys, keeping, log);
    keeper.start();
    closers.push(() => keeper.stop());
    const ledger = new Ledger(ledgerStore(database.client), keeper, ledgerSettings, log);
    closers.push(() => ledger.close(LAST_BATCH_MS));
    return new AccessLog(ledger, parts.sealer);
  };
  return parts;
}

function given<Key>(name: string, key: Key | undefined): Key {
  if (key === undefined) throw new Error(`${name} is not among the needs of this command`);
  return key;
}

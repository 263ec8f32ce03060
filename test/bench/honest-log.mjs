// Fills a database with a log that proves itself: records sealed, committed to, chained and signed as the server does,
// through the server's own ledger, at its full speed. For what reads entries and proofs: audit-rows.mjs is faster,
// larger and proves nothing.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { v7 as uuidv7 } from 'uuid';
import { ChainKeeper } from '../../dist/audit/chain-keeper.js';
import { commitmentTo } from '../../dist/audit/commitment.js';
import { leafOf } from '../../dist/audit/entry.js';
import { maskPhone } from '../../dist/audit/mask.js';
import { PublishedHeads } from '../../dist/audit/published-heads.js';
import { classOf } from '../../dist/audit/record-class.js';
import { RecordSealer } from '../../dist/audit/record-seal.js';
import { timeOfId } from '../../dist/audit/record-time.js';
import { readPrivateKey, signingKeys } from '../../dist/audit/signing-keys.js';
import { developmentKeys } from '../../dist/auth/development-keys.js';
import { openDatabase } from '../../dist/db/client.js';
import { Digester } from '../../dist/limits/subject.js';
import { Ledger } from '../../dist/pipeline/ledger.js';
import { ledgerStore } from '../../dist/pipeline/ledger-store.js';

const HELP = `Usage: DATA_DIR=folder [DATABASE_URL=postgresql://…] node test/bench/honest-log.mjs RECORDS [SHARE]

Adds so many records to a database, with the development keys in DATA_DIR. SHARE of them, 0 unless given, are about
+8613900000000, the others each about a number of its own.`;

export const hotPhone = '+8613900000000';
const AT_ONCE = 2_000;
const silent = { info: () => {}, warn: console.warn, error: console.error };

/** @returns records a second */
export async function writeHonestLog({ dataDir, url, ownerUrl }, records, share = 0, say = () => {}) {
  const own = await developmentKeys(dataDir);
  const keys = signingKeys(readPrivateKey(own.checkpointKey));
  const database = await openDatabase({ url, ownerUrl, directUrl: undefined, dataDir, poolSize: 4 }, silent);
  const heads = new PublishedHeads({ file: join(dataDir, 'checkpoints.ndjson'), url: undefined }, silent);
  const keeper = new ChainKeeper(
    database.client,
    heads,
    keys,
    { everyMs: 2_000, alone: url === undefined },
    silent,
  );
  const settings = { admitWaitMs: 60_000, settleWaitMs: 60_000, batchSize: 400, queueSize: 100_000 };
  const ledger = new Ledger(ledgerStore(database.client), keeper, settings, silent);
  const sealer = new RecordSealer([own.sealKey]);
  const digester = new Digester(own.digestKey);
  const began = performance.now();
  try {
    for (let done = 0; done < records; done += AT_ONCE) {
      const some = Math.min(AT_ONCE, records - done);
      await Promise.all(
        Array.from({ length: some }, (_, at) => write(done + at, ledger, sealer, digester, share)),
      );
      say(done + some);
    }
    return Math.round((records / (performance.now() - began)) * 1_000);
  } finally {
    await ledger.close(10_000);
    await keeper.stop();
    await database.close();
  }
}

async function write(number, ledger, sealer, digester, share) {
  const id = uuidv7();
  const at = timeOfId(id).toISOString();
  const phone =
    number % 1_000 < share * 1_000 ? hotPhone : `+86138${String(number % 100_000_000).padStart(8, '0')}`;
  const seal = sealer.begin(id);
  const traits = {
    kind: 'VERIFICATION_CODE',
    provider: 'usercoin',
    operation: 'sendCode',
    purpose: 'REGISTER',
    client: 'h5',
  };
  const erasable = {
    maskedPhone: maskPhone(phone),
    actor: `user-${number % 5_000}`,
    subjects: digester.subjects([{ kind: 'phone', value: phone }]),
  };
  const { kind, ...said } = traits;
  const { salt, dataKey, keyId } = seal;
  await ledger.admit({
    id,
    kind,
    ...said,
    ...erasable,
    at,
    dueMs: 60_000,
    salt,
    dataKey,
    keyId,
    leaf: leafOf({
      ...said,
      at,
      kind: 'INTENT',
      record: id,
      requestKind: kind,
      commitment: commitmentTo(salt, erasable),
      sealed: seal.seal('INTENT', { actor: erasable.actor, request: { phone, type: '01' } }),
    }),
  });
  const settledAt = new Date().toISOString();
  const latencyMs = 20 + (number % 300);
  const outcome = number % 30 === 7 ? 'REFUSED' : 'ACCEPTED';
  const state = { providerCode: outcome === 'ACCEPTED' ? '0' : '107', latencyMs };
  await ledger.settle({
    id,
    class: { ...classOf(traits, outcome), outcome },
    ...state,
    at: settledAt,
    leaf: leafOf({
      ...state,
      kind: 'OUTCOME',
      record: id,
      at: settledAt,
      outcome,
      sealed: seal.seal('OUTCOME', { actor: erasable.actor, result: { expiresInMs: 300_000 } }),
    }),
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [records, share] = process.argv.slice(2).map(Number);
  if (!(records > 0)) {
    console.error(HELP);
    process.exit(2);
  }
  const { DATA_DIR = '.data', DATABASE_URL, DATABASE_OWNER_URL } = process.env;
  const speed = await writeHonestLog(
    { dataDir: DATA_DIR, url: DATABASE_URL, ownerUrl: DATABASE_OWNER_URL },
    records,
    share,
    (done) => process.stderr.isTTY && process.stderr.write(`\r${done}`),
  );
  console.log(`${records} records, ${speed} a second`);
}

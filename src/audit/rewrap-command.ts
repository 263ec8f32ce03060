// `npm run audit:rewrap`: after SEAL_KEY was changed, seals the records' keys with the new one, so that the old one can
// be thrown away. Entries are not touched.
import { type Command, exitCodes } from '../commands/command.js';
import type { PrismaClient } from '../db/generated/client.js';
import type { RecordSealer } from './record-seal.js';

const AT_ONCE = 1_000;
const FIRST = '00000000-0000-0000-0000-000000000000';

export const rewrapCommand: Command<null> = {
  name: 'audit:rewrap',
  help: `Usage: npm run audit:rewrap

Seals every record's data key with the current SEAL_KEY. Run it after the key was changed, with the old one in
OLD_SEAL_KEYS; when it is done, records do not need the old key any more. Entries stay as they are.
Safe to stop and to run again. Conversations that began before the change need the old key until they end.`,
  options: {},
  needs: ['SEAL_KEY'],
  read: () => null,

  async run({ database, sealer }, _options, out) {
    let after = FIRST;
    let rewrapped = 0;
    for (;;) {
      const page = await rewrapPage(database.client, sealer, after);
      if (page === null) break;
      after = page.last;
      rewrapped += page.rewrapped;
      out.progress(`${rewrapped} keys`);
    }
    await out.say(`${rewrapped} keys are sealed with the current key now.`);
    return exitCodes.DONE;
  },
};

async function rewrapPage(
  client: PrismaClient,
  sealer: RecordSealer,
  after: string,
): Promise<{ last: string; rewrapped: number } | null> {
  // By ids alone: once few old keys are left, the database would pass millions of records to find as many as are wanted.
  const records = await client.auditRecord.findMany({
    where: { id: { gt: after } },
    orderBy: { id: 'asc' },
    take: AT_ONCE,
    select: { id: true, dataKey: true, keyId: true },
  });
  const last = records.at(-1)?.id;
  if (last === undefined) return null;
  const changes = records.flatMap((record) => {
    const made = sealer.rewrap(record);
    return made && record.dataKey ? [{ id: record.id, old: record.dataKey, made: made.dataKey }] : [];
  });
  if (changes.length === 0) return { last, rewrapped: 0 };
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
  // One that was erased meanwhile stays erased.
  const rewrapped = await client.$executeRaw`
    UPDATE audit_record r
    SET data_key = decode(c.made, 'hex'), key_id = ${sealer.keyId}
    FROM unnest(${changes.map(({ id }) => id)}::uuid[], ${changes.map(({ old }) => hex(old))}::text[],
      ${changes.map(({ made }) => hex(made))}::text[]) AS c(id, old, made)
    WHERE r.id = c.id AND r.data_key = decode(c.old, 'hex')`;
  return { last, rewrapped };
}

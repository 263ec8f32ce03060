// Which records were erased, outside the database: a file beside that of the published heads, which is only appended
// to, a signed statement a line; and, where there is one, the object store of the heads. A backup knows nothing of what
// was erased after it was made; these do.
import { createReadStream } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { ObjectStore, type ObjectStoreLog } from './object-store.js';
import { appendStatement, type PublishedHeadsSettings } from './published-heads.js';
import { readStatement, type StatementFault, signStatement } from './signed-statement.js';
import type { SigningKeys, TrustedKeys } from './signing-keys.js';

/** A line holds so many records at most, and stays below what a statement may be long. */
export const RECORDS_A_LINE = 1_000;
const MAX_LINE = 64 * 1024;

const id = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
const shape = z.strictObject({
  /** The record of the erasure. */
  erasure: id,
  /** When it was; ISO 8601, UTC, milliseconds. */
  at: z.iso.datetime({ precision: 3 }),
  /** Which line of the erasure this is, from 1, and how many there are. */
  part: z.int().min(1),
  parts: z.int().min(1),
  records: z.array(id).min(1).max(RECORDS_A_LINE),
  key: z.string(),
});

export type PublishedErasure = z.output<typeof shape>;

export interface PublishedErasuresLog extends ObjectStoreLog {
  info(fields: object, message: string): void;
}

export class PublishedErasures {
  readonly file: string;
  private readonly store: ObjectStore | undefined;

  constructor(
    heads: PublishedHeadsSettings,
    private readonly keys: SigningKeys,
    private readonly log: PublishedErasuresLog,
  ) {
    this.file = join(dirname(heads.file), 'erasures.ndjson');
    this.store = heads.url === undefined ? undefined : new ObjectStore(heads.url, log);
  }

  /**
   * Resolves once the line is safe on the disk. The object store is told meanwhile.
   * @throws where the file cannot be written
   */
  async publish(erasure: Omit<PublishedErasure, 'key'>): Promise<void> {
    const statement = signStatement('erasure', erasure, this.keys);
    await appendStatement(this.file, statement);
    const { records, ...told } = erasure;
    this.log.info({ ...told, records: records.length }, 'records are being erased');
    const { erasure: id, part } = erasure;
    this.store?.tell(`erasures/${id}/${part}.json`, statement, { erasure: id, part });
  }

  /** Resolves when the object store has been told of everything, or has failed to listen. */
  async settled(): Promise<void> {
    await this.store?.settled();
  }
}

export type ErasureReading =
  | { published: PublishedErasure; fault?: undefined }
  | { published?: undefined; fault: StatementFault };

/** Reads and verifies a line; never throws, whatever the text is. */
export function readErasure(text: string, keys: TrustedKeys): ErasureReading {
  const statement = readStatement('erasure', text, keys);
  if ('fault' in statement) return statement;
  const { success, data } = shape.safeParse(statement.facts);
  return success ? { published: data } : { fault: 'NOT_A_STATEMENT' };
}

/** The erasure that a line claims to be of, genuine or not. */
export function claimedErasure(text: string): string | undefined {
  return /"erasure":"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"/.exec(text)?.[1];
}

/** The records that a line claims were erased, genuine or not. */
export function claimedRecords(text: string): string[] {
  try {
    const { success, data } = shape.shape.records.safeParse(JSON.parse(text).records);
    return success ? data : [];
  } catch {
    return [];
  }
}

/** Every line of such a file, in order, at constant memory; none where there is no file. Lines count from 1. */
export async function* erasureLines(file: string): AsyncGenerator<{ line: number; text: string }> {
  let line = 0;
  let rest = '';
  try {
    for await (const chunk of createReadStream(file, { encoding: 'utf8' })) {
      const texts = (rest + chunk).split('\n');
      // Of a line that does not end, as much is kept as it takes to know that it is no statement.
      rest = (texts.pop() ?? '').slice(0, 2 * MAX_LINE);
      for (const text of texts) {
        line += 1;
        if (text !== '') yield { line, text };
      }
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  if (rest !== '') yield { line: line + 1, text: rest };
}

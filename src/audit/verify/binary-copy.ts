// Rows as Postgres copies them out in binary. Source: the manual's page of COPY, "Binary Format".
import type pg from 'pg';
import { to } from 'pg-copy-streams';

const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');
/** The signature, flags, and the length of an extension that follows. */
const HEADER = SIGNATURE.length + 8;
/** -1 where the number of columns would be. */
const TRAILER = 2;
const CHUNK = 1 << 20;

/** @returns the rows as `BinaryRows` reads them @throws where the query is refused */
export async function copyRows(client: pg.Client, select: string): Promise<Buffer> {
  const stream = client.query(to(`COPY (${select}) TO STDOUT (FORMAT binary)`, { highWaterMark: CHUNK }));
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return rowsOf(Buffer.concat(chunks));
}

/** @param bytes all that was copied @returns what stands between its header and its trailer */
export function rowsOf(bytes: Buffer): Buffer {
  if (!bytes.subarray(0, SIGNATURE.length).equals(SIGNATURE)) throw new Error('this is no copy');
  const end = bytes.length - TRAILER;
  if (bytes.readInt16BE(end) !== -1) throw new Error('this copy was cut off');
  return bytes.subarray(HEADER + bytes.readInt32BE(HEADER - 4), end);
}

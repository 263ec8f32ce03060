// A checkpoint is a signed chain head: from then on, no entry up to its position can be changed or cut off unseen.
// Pure.
import { z } from 'zod';
import { readStatement, type StatementFault, signStatement } from './signed-statement.js';
import type { SigningKeys, TrustedKeys } from './signing-keys.js';

export const checkpointStates = [
  /** The chain exists and has no entry yet. */
  'ANNOUNCED',
  /** It grows. */
  'OPEN',
  /** Its process has ended it. No checkpoint follows. */
  'CLOSED',
  /** Its process went away without ending it; another one found it so. No checkpoint follows. */
  'ABANDONED',
] as const;

const shape = z.strictObject({
  /** UUIDv7. */
  chain: z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
  /** From 0 without gaps. */
  serial: z.int().min(0),
  /** Of the chain's last entry; 0 before its first. */
  position: z.int().min(0),
  /** Of that entry, or the chain's genesis hash: hex. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  /** ISO 8601, UTC, milliseconds; the signing process's clock. */
  at: z.iso.datetime({ precision: 3 }),
  state: z.enum(checkpointStates),
  /** Id of the key it is signed with. */
  key: z.string().regex(/^[0-9a-f]{16}$/),
});

export type Checkpoint = z.output<typeof shape>;

/** The statement: canonical JSON of the checkpoint with `signature`, on one line. */
export function signCheckpoint(checkpoint: Omit<Checkpoint, 'key'>, keys: SigningKeys): string {
  return signStatement('checkpoint', checkpoint, keys);
}

export type CheckpointReading =
  | { checkpoint: Checkpoint; fault?: undefined }
  | { checkpoint?: undefined; fault: StatementFault };

/** Reads and verifies a statement; never throws, whatever the text is. */
export function readCheckpoint(text: string, keys: TrustedKeys): CheckpointReading {
  const statement = readStatement('checkpoint', text, keys);
  if ('fault' in statement) return statement;
  const { success, data } = shape.safeParse(statement.facts);
  return success ? { checkpoint: data } : { fault: 'NOT_A_STATEMENT' };
}

const claim =
  /^\{"at":"(\d{4}-\d\d-\d\dT[\d:.]{12}Z)","chain":"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})","hash":"([0-9a-f]{64})","key":"([0-9a-f]{16})","position":(\d{1,10}),"serial":(\d{1,10}),"signature":"[\w-]{86}","state":"([A-Z]+)"\}$/;

/** What a statement says, genuine or not: for a twentieth of what reading it costs. */
export function claimedCheckpoint(text: string): CheckpointReading {
  const [, at = '', chain = '', hash = '', key = '', position, serial, word] = claim.exec(text) ?? [];
  const state = checkpointStates.find((known) => known === word);
  if (!state) return { fault: 'NOT_A_STATEMENT' };
  return { checkpoint: { at, chain, hash, key, position: Number(position), serial: Number(serial), state } };
}

/** True for the last checkpoint that a chain can have. */
export function isFinal({ state }: Pick<Checkpoint, 'state'>): boolean {
  return state === 'CLOSED' || state === 'ABANDONED';
}

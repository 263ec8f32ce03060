// Nobody acts for someone else: every person and institution that an input names must be in what the caller's
// token allows. The one place of that rule. Empty allows nothing.
import { z } from 'zod';
import { Fault } from '../errors.js';
import type { Caller } from './caller.js';

/** What an input can name. */
export const actableIds = [
  'memberId',
  'personId',
  'studentId',
  'schoolId',
  'partner',
  'appSystemId',
] as const;
export type ActableId = (typeof actableIds)[number];

/** For each kind of id the ids that a caller may name; `*` stands for all. */
export type ActFor = '*' | Readonly<Partial<Record<ActableId, '*' | readonly string[]>>>;

const list = z.union([z.literal('*'), z.array(z.string()).max(1_000)]);
const claim = z.union([z.literal('*'), z.partialRecord(z.enum(actableIds), list)]);

/** Reads a token's claim `act_for`; what cannot be read allows nothing. */
export function readActFor(value: unknown): ActFor {
  const read = claim.safeParse(value);
  return read.success ? read.data : {};
}

export function mayActFor({ actFor }: Caller, kind: ActableId, id: string): boolean {
  if (actFor === '*') return true;
  const allowed = actFor[kind];
  return allowed === '*' || allowed?.includes(id) === true;
}

/**
 * @param named ids as the input gives them; absent ones name nobody, and neither does an empty text
 * @param path of the input that holds them, such as `input.bank`
 * @throws Fault FORBIDDEN naming the field
 */
export function requireMayActFor(
  caller: Caller,
  named: Readonly<Partial<Record<ActableId, string | null | undefined>>>,
  path: string,
): void {
  for (const kind of actableIds) {
    const id = named[kind];
    if (id === undefined || id === null || id === '') continue;
    if (!mayActFor(caller, kind, id)) {
      throw new Fault('FORBIDDEN', {
        field: `${path}.${kind}`,
        message: `The token does not allow this ${kind}.`,
      });
    }
  }
}

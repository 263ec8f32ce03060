// Who is calling: the claims of a verified token, or nobody.
import { Fault } from '../errors.js';
import type { ActFor } from './may-act-for.js';

export const roles = ['user', 'service', 'auditor', 'admin'] as const;
export type Role = (typeof roles)[number];

export interface Caller {
  /** The token's `sub`: the actor of records. */
  actor: string;
  /** The application that the token was issued to, where it says so. */
  client?: string | undefined;
  roles: ReadonlySet<Role>;
  /** For whom it may act. */
  actFor: ActFor;
  /** The token's end. */
  expiresAt: Date;
}

/** An admin may do what an auditor may; the other roles stand for themselves. */
const includes: Partial<Record<Role, readonly Role[]>> = { admin: ['auditor'] };

export function withIncludedRoles(given: Iterable<Role>): ReadonlySet<Role> {
  const all = new Set<Role>();
  for (const role of given) {
    all.add(role);
    for (const included of includes[role] ?? []) all.add(included);
  }
  return all;
}

/** @throws Fault UNAUTHENTICATED for nobody, FORBIDDEN for a caller with none of these roles */
export function requireRole(caller: Caller | null, allowed: readonly Role[]): Caller {
  if (!caller) throw new Fault('UNAUTHENTICATED');
  if (allowed.length > 0 && !allowed.some((role) => caller.roles.has(role))) throw new Fault('FORBIDDEN');
  return caller;
}

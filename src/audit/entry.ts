// The words of the audit log, and the canonical bytes of an entry.
export const requestKinds = [
  'VERIFICATION_CODE',
  'PHONE_BINDING',
  'USER_TOKEN',
  'OPERATOR_AUTHENTICATION',
  'WEBHOOK',
  'AUDIT_ACCESS',
] as const;
export type RequestKind = (typeof requestKinds)[number];

export const outcomes = ['PENDING', 'ACCEPTED', 'REFUSED', 'DENIED', 'UNKNOWN'] as const;
export type Outcome = (typeof outcomes)[number];
export type FinalOutcome = Exclude<Outcome, 'PENDING'>;

export const entryKinds = ['INTENT', 'OUTCOME', 'CALLBACK', 'READ', 'REVEAL', 'EXPORT', 'ERASE'] as const;
export type EntryKind = (typeof entryKinds)[number];

/** What happened, in the clear: nothing about a person, who is only in `sealed`. */
export interface EntryBody {
  kind: EntryKind;
  /** The audit record's id. */
  record: string;
  /** ISO 8601, UTC, milliseconds; the writing process's clock. */
  at: string;
  /** What concerns a person, sealed with the record's key; base64. */
  sealed?: string | undefined;
  /** To the record's columns that erasing clears; in its first entry. */
  commitment?: string | undefined;
  [detail: string]: string | number | boolean | undefined;
}

/**
 * The canonical JSON (RFC 8785) that is hashed and kept. Members that are undefined are left out. A body is flat,
 * for which the rule comes to sorting the members: numbers and texts are written as JSON.stringify does.
 */
export function leafOf(body: EntryBody): string {
  return JSON.stringify(body, Object.keys(body).sort());
}

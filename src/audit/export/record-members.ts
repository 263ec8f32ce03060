// The members of a record, in the order in which an export shows them. Pure, and free of all that a browser lacks.

export const recordMembers = [
  'id',
  'kind',
  'provider',
  'operation',
  'purpose',
  'outcome',
  'maskedPhone',
  'actor',
  'client',
  'flow',
  'providerCode',
  'providerReference',
  'rule',
  'retryAfterMs',
  'replays',
  'createdAt',
  'settledAt',
  'latencyMs',
  'erasedAt',
] as const;
export type RecordMember = (typeof recordMembers)[number];

export type ShownRecord = Record<RecordMember, string | number | null> & { id: string };

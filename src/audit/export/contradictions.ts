// What a record shows, and what its entries say in the clear: each member that stands in an entry must be the same.
// What is sealed in them (a person's mask, the actor of a request) cannot be compared without the log's keys. Pure.
import type { ExportedRecord } from './format.js';

type Leaf = Record<string, unknown>;

const ofIntent = ['provider', 'operation', 'purpose', 'client', 'flow'] as const;
const ofOutcome = [
  'outcome',
  'providerCode',
  'providerReference',
  'rule',
  'retryAfterMs',
  'latencyMs',
] as const;
const accessKinds = new Set(['READ', 'REVEAL', 'EXPORT', 'ERASE']);
/** Members of a leaf that an entry shows elsewhere, or not at all. */
const apart = new Set(['kind', 'record', 'at', 'actor', 'commitment', 'sealed']);

/** In words; none where all agree. */
export function contradictions({ record, entries }: ExportedRecord): string[] {
  const found: string[] = [];
  const leaves: Leaf[] = [];
  for (const entry of entries) {
    const leaf = parse(entry.leaf);
    leaves.push(leaf);
    const place = `entry ${entry.chain}:${entry.position}`;
    if (leaf.record !== record.id) found.push(`${place} is another record's`);
    if (leaf.kind !== entry.kind || leaf.at !== entry.at) found.push(`${place} is not what it is said to be`);
    for (const [name, value] of Object.entries(leaf)) {
      if (entry.detail && !apart.has(name) && entry.detail[name] !== value) {
        found.push(`${place} says another ${name}`);
      }
    }
  }
  const first = leaves.find(({ kind, repeat }) => kind === 'INTENT' && repeat === undefined);
  const access = leaves.find(({ kind }) => accessKinds.has(String(kind)));
  const last = leaves.find(({ kind, count }) => kind === 'OUTCOME' && count === undefined);
  const compare = (leaf: Leaf, names: readonly string[]) => {
    for (const name of names) {
      if ((leaf[name] ?? null) !== (record[name] ?? null))
        found.push(`its ${name} is not what its entry says`);
    }
  };
  const begin = first ?? access;
  if (!begin) return [...found, 'it has no entry that it begins with'];
  compare({ ...begin, kind: begin.requestKind, createdAt: begin.at }, [...ofIntent, 'kind', 'createdAt']);
  if (access)
    compare({ outcome: 'ACCEPTED', settledAt: access.at, actor: access.actor }, [
      'outcome',
      'settledAt',
      'actor',
    ]);
  else if (last) compare({ ...last, settledAt: last.at }, [...ofOutcome, 'settledAt']);
  else compare({ outcome: 'PENDING' }, [...ofOutcome, 'settledAt']);
  const repeats = leaves.reduce(
    (sum, { kind, repeat, count }) =>
      sum + (kind === 'INTENT' && repeat !== undefined ? 1 : 0) + (typeof count === 'number' ? count : 0),
    0,
  );
  if (record.replays !== repeats) found.push('its replays are not what its entries say');
  return found;
}

function parse(leaf: string): Leaf {
  try {
    const value: unknown = JSON.parse(Buffer.from(leaf, 'base64').toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Leaf) : {};
  } catch {
    return {};
  }
}

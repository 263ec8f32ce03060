// What a record must be, by its entries: each of its columns that auditors read is there to be rebuilt or checked.
// Pure.
//
// Not rebuilt, since no auditor is shown them: due_at, answer, frees_key.
import { hash } from 'node:crypto';
import { type ErasableColumns } from '../commitment.js';
import type { Outcome } from '../entry.js';
import { classOf } from '../record-class.js';
import type { SealedKey } from '../record-seal.js';
import type { EntryRow, RecordRow, SubjectRow } from './record-blocks.js';

export type Body = Readonly<Record<string, unknown>>;

/** What the walk knows besides a record's own rows. */
export interface Known {
  /** Whether a data key is what was sealed for its record, as far as that is known. */
  isGenuine: (key: SealedKey) => boolean;
  /** Erasures that cover the record, and those that are not done. */
  erasures: readonly string[];
  due: ReadonlySet<string>;
}

export interface Finding {
  /** The entry that is broken; absent: the record's own row, or its rows of another table. */
  entry?: EntryRow;
  table?: string;
  what: string;
}

/** The entries of a record by what they say. */
export interface History {
  /** The INTENT that began it, or the one entry of an access. */
  first: Body | null;
  outcome: Body | null;
  /** How often it was repeated, or happened again. */
  replays: number;
  sealed: boolean;
}

const ACCESS_KINDS = new Set(['READ', 'REVEAL', 'EXPORT', 'ERASE']);

/** What an entry says; null where it is not the leaf that was hashed, or says it of another place. */
export function readEntry(entry: EntryRow): { body: Body } | { what: string } {
  const { leaf } = entry;
  if (leaf === null || entry.hash === null || !isLinked(leaf, entry.previousHash, entry.hash)) {
    return { what: 'the entry is not what was hashed' };
  }
  let body: Body;
  try {
    body = JSON.parse(String(leaf)) as Body;
  } catch {
    return { what: 'the entry is no JSON' };
  }
  if (typeof body !== 'object' || body === null) return { what: 'the entry is no JSON object' };
  if (body.record !== entry.recordId) return { what: 'column record_id is not what the entry says' };
  if (body.kind !== entry.kind) return { what: 'column kind is not what the entry says' };
  if (timestampOf(body.at) !== entry.at) return { what: 'column at is not what the entry says' };
  return { body };
}

const link = Buffer.alloc(64);

/** The rule of ../chain.ts, at a third of the cost. */
function isLinked(leaf: string | Uint8Array, previousHash: string | null, expected: string): boolean {
  if (previousHash?.length !== 64) return false;
  link.write(previousHash, 0, 'hex');
  link.write(hash('sha256', leaf, 'binary'), 32, 'latin1');
  return hash('sha256', link) === expected;
}

/** Sorts out a record's entries. */
export function historyOf(entries: readonly { entry: EntryRow; body: Body }[], findings: Finding[]): History {
  const history: History = { first: null, outcome: null, replays: 0, sealed: false };
  for (const { entry, body } of entries) {
    const { kind } = body;
    if ('sealed' in body) history.sealed = true;
    if (kind === 'INTENT' && 'repeat' in body) history.replays += 1;
    else if (kind === 'OUTCOME' && 'count' in body) history.replays += Number(body.count);
    else if (kind === 'INTENT' || ACCESS_KINDS.has(String(kind))) {
      if (history.first) findings.push({ entry, what: 'the record begins a second time' });
      history.first = body;
    } else if (kind === 'OUTCOME') {
      if (history.outcome) findings.push({ entry, what: 'the record ends a second time' });
      history.outcome = body;
    } else if (kind !== 'CALLBACK') findings.push({ entry, what: 'an entry of no known kind' });
  }
  return history;
}

/** Compares a record and its rows in the index with its history. */
export function compareRecord(
  row: RecordRow,
  { first, outcome, replays, sealed }: History,
  subjectRows: readonly SubjectRow[],
  known: Known,
  findings: Finding[],
): void {
  const wrong = (what: string) => findings.push({ what });
  if (!first) {
    wrong('no entry begins it');
    return;
  }
  const differs = (column: string, found: string | null, expected: unknown) => {
    if (found !== textOf(expected)) wrong(`${column} is not what its entries say`);
  };
  const isAccess = first.kind !== 'INTENT';
  const end: Body | null = isAccess ? { ...first, outcome: 'ACCEPTED' } : outcome;

  differs('kind', row.kind, first.requestKind);
  differs('provider', row.provider, first.provider);
  differs('operation', row.operation, first.operation);
  differs('purpose', row.purpose, first.purpose);
  differs('client', row.client, first.client);
  differs('flow', row.flow, first.flow);
  differs('destination', row.destination, first.destination);
  differs('replays', row.replays, replays);
  differs('created_at', row.createdAt, timestampOf(first.at));
  if (!isMadeAt(row.id, first.at)) wrong('created_at is not the time of its id');

  differs('outcome', row.outcome, end ? end.outcome : 'PENDING');
  differs('settled_at', row.settledAt, end && timestampOf(end.at));
  differs('provider_code', row.providerCode, outcome?.providerCode);
  differs('provider_reference', row.providerReference, outcome?.providerReference);
  differs('rule', row.rule, outcome?.rule);
  differs('retry_after_ms', row.retryAfterMs, outcome?.retryAfterMs);
  differs('latency_ms', row.latencyMs, outcome?.latencyMs);
  if (end ? !isOfClass(row.class, first, String(end.outcome)) : row.class !== null) {
    wrong('class is not what its entries say');
  }

  const subjects = digestsOf(row.subjects);
  if (!subjects) wrong('subjects is no list of digests');
  else if (row.erasedAt === null && row.erasedBy === null) {
    compareLive(row, first, sealed, subjects, known, wrong);
  } else {
    compareErased(row, subjects, known, wrong);
  }
  const indexed = end ? (subjects ?? []) : [];
  compareIndex(row, indexed, subjectRows, findings);
}

/** What erasing has not cleared. */
function compareLive(
  row: RecordRow,
  first: Body,
  sealed: boolean,
  subjects: readonly string[],
  { isGenuine, erasures, due }: Known,
  wrong: (what: string) => void,
): void {
  const { salt, actor, maskedPhone } = row;
  if (salt === null) wrong('salt is gone, and nothing was erased');
  else if (salt.length !== SALT_TEXT) wrong('salt is not what its first entry commits to');
  else if (commitmentOf(salt, { actor, maskedPhone, subjects }) !== first.commitment) {
    wrong('actor, masked_phone, subjects or salt is not what its first entry commits to');
  }
  const { dataKey, keyId } = row;
  if (!sealed) {
    if (dataKey !== null || keyId !== null) wrong('data_key or key_id is there, and nothing is sealed');
  } else if (dataKey === null || keyId === null) {
    wrong('data_key or key_id is gone, and nothing was erased');
  } else if (!isGenuine({ id: row.id, dataKey: Buffer.from(dataKey.slice(2), 'hex'), keyId })) {
    wrong('data_key or key_id is not what seals its entries');
  }
  if (erasures.some((erasure) => !due.has(erasure))) wrong('it was erased, and holds what was erased');
}

function compareErased(
  row: RecordRow,
  subjects: readonly string[],
  { erasures }: Known,
  wrong: (what: string) => void,
): void {
  const { erasedBy, erasedAt } = row;
  if (erasedBy === null || !erasures.includes(erasedBy)) wrong('erased_by names no erasure that covers it');
  else if (erasedAt !== timestampOf(timeOf(erasedBy))) wrong('erased_at is not when its erasure was');
  const left = [row.dataKey, row.salt, row.maskedPhone, row.actor].some((value) => value !== null);
  if (left || subjects.length > 0) wrong('it was erased, and holds data of a person');
}

/** The index of subjects holds a settled record once for each of its subjects. */
function compareIndex(
  row: RecordRow,
  subjects: readonly string[],
  rows: readonly SubjectRow[],
  findings: Finding[],
): void {
  const fits =
    rows.length === subjects.length &&
    rows.every(
      ({ class: rowClass, digest }) => rowClass === row.class && subjects.includes(digest?.slice(2) ?? ''),
    ) &&
    (rows.length < 2 || new Set(rows.map(({ digest }) => digest)).size === rows.length);
  if (!fits) findings.push({ table: 'audit_subject', what: 'its rows are not those of the record' });
}

/** `\\x` and sixteen bytes. */
const SALT_TEXT = 34;
const salted = Buffer.alloc(4096);

/** The rule of ../commitment.ts, at half of the cost. */
function commitmentOf(salt: string, { actor, maskedPhone, subjects }: Required<ErasableColumns>): string {
  const columns = JSON.stringify({ actor, maskedPhone, subjects });
  const begins = salted.write(salt.slice(2), 0, 'hex');
  if (columns.length * 3 > salted.length - begins) {
    return hash('sha256', Buffer.concat([salted.subarray(0, begins), Buffer.from(columns)]));
  }
  return hash('sha256', salted.subarray(0, begins + salted.write(columns, begins)));
}

/** Of `{"\\x01…","\\x02…"}`, hex; null where it is not such a list. */
function digestsOf(text: string | null): string[] | null {
  if (text === null) return null;
  if (text === '{}') return [];
  const digests = text
    .slice(1, -1)
    .split(',')
    .map((item) => item.slice(4, -1));
  const written = `{${digests.map((digest) => `"\\\\x${digest}"`).join(',')}}`;
  return written === text ? digests : null;
}

/** Classes that were computed before, by their id. There are a few hundred. */
const classes = new Map<string, Body>();

function isOfClass(id: string | null, first: Body, outcome: string): boolean {
  if (id === null) return false;
  const { requestKind, provider, operation, purpose, client } = first;
  const known = classes.get(id);
  if (
    known?.requestKind === requestKind &&
    known?.operation === operation &&
    known?.provider === provider &&
    known?.purpose === purpose &&
    known?.client === client &&
    known?.outcome === outcome
  ) {
    return true;
  }
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
  const traits = {
    kind: String(requestKind),
    provider: text(provider),
    operation: String(operation),
    purpose: text(purpose),
    client: text(client),
  };
  if (classOf(traits, outcome as Outcome).id !== id) return false;
  classes.set(id, { requestKind, provider, operation, purpose, client, outcome });
  return true;
}

/** A member of a leaf as a column has it. */
function textOf(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === 'string' ? value : String(value);
}

/** ISO 8601 as Postgres writes it in UTC: without trailing zeros. */
export function timestampOf(iso: unknown): string | null {
  if (typeof iso !== 'string' || iso.length !== 24) return null;
  let end = 23;
  while (iso.charCodeAt(end - 1) === 48 && end > 20) end -= 1;
  if (end === 20) end = 19;
  return `${iso.slice(0, 10)} ${iso.slice(11, end)}+00`;
}

function isMadeAt(id: string, at: unknown): boolean {
  // Records of one moment come one after another.
  if (at !== lastAt) {
    lastAt = String(at);
    lastTime = Date.parse(lastAt);
  }
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16) === lastTime;
}

let lastAt = '';
let lastTime = Number.NaN;

function timeOf(id: string): string {
  return new Date(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)).toISOString();
}

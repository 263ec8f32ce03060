// What a block of records is asked for: its records, and by their ids their entries, their rows in the index of
// subjects and the erasures that cover them, all in the order of the ids, and all of one moment.
//
// It comes as binary copies out of a snapshot, since a driver's rows cost several times more than what is done with
// them; or in one answer of a few long texts; or, where such a text could be read in two ways, as JSON.

/** Ids after `after` and up to `upTo`; null: from the first, to the last. */
export interface Range {
  after: string | null;
  upTo: string | null;
}

/** These ids alone. */
export interface Some {
  ids: readonly string[];
}

/** In the order of `RecordRow`. */
export const recordColumns = [
  'id',
  'kind',
  'provider',
  'operation',
  'purpose',
  'outcome',
  'masked_phone',
  'actor',
  'client',
  'flow',
  'destination',
  'provider_code',
  'provider_reference',
  'rule',
  'retry_after_ms',
  'replays',
  'created_at',
  'settled_at',
  'latency_ms',
  'erased_at',
  'erased_by',
  'class',
  'subjects',
  'salt',
  'data_key',
  'key_id',
] as const;
const texts = new Set<string>([
  ...[
    'kind',
    'provider',
    'operation',
    'purpose',
    'outcome',
    'masked_phone',
    'actor',
    'client',
    'destination',
  ],
  ...['provider_code', 'provider_reference', 'rule', 'key_id'],
]);

/** What stands between fields, between rows, and for NULL. */
export const marks = { field: '\u001f', row: '\u001e', none: '\u001d' };
const field = `E'\\x1f'`;
const row = `E'\\x1e'`;
const none = `E'\\x1d'`;

export interface QuickAnswer {
  record_count: number;
  /** Rows of the columns, and of how many are NULL. */
  records: string | null;
  entry_count: number;
  /** Entries whose two hashes have 32 bytes each. */
  whole_hashes: number;
  /** Rows of record_id, chain, position, kind, at, and of how many bytes the leaf has. */
  entries: string | null;
  /** Of each entry hash and previous_hash, hex. */
  hashes: string | null;
  /** A line each. */
  leaves: string | null;
  subject_count: number;
  /** Rows of record_id, class, digest. */
  subjects: string | null;
  erasure_count: number;
  /** Rows of record_id, erasure. */
  erasures: string | null;
  /** Erasures that are not done, with spaces between. */
  due: string | null;
}

export function quickSql(range: Range | Some): string {
  const fields = recordColumns.map(
    (name) => `coalesce(${texts.has(name) ? name : `${name}::text`}, ${none})`,
  );
  return `
    SELECT r.*, e.*, s.*, x.*, ${due} AS due
    FROM (
      SELECT count(*)::integer AS record_count,
        string_agg(concat_ws(${field}, ${fields.join(', ')}, num_nulls(${recordColumns.join(', ')})), ${row}) AS records
      FROM (SELECT * FROM audit_record WHERE ${within('id', range)} ORDER BY id) AS r
    ) AS r, (
      SELECT count(*)::integer AS entry_count,
        (count(*) FILTER (WHERE octet_length(hash) = 32 AND octet_length(previous_hash) = 32))::integer AS whole_hashes,
        string_agg(concat_ws(${field}, record_id, chain, position, kind, at, octet_length(leaf)), ${row}) AS entries,
        encode(string_agg(hash || previous_hash, ''), 'hex') AS hashes,
        convert_from(string_agg(leaf, '\\x0a'), 'UTF8') AS leaves
      FROM (SELECT * FROM audit_entry WHERE ${within('record_id', range)} ORDER BY record_id) AS e
    ) AS e, (
      SELECT count(*)::integer AS subject_count,
        string_agg(concat_ws(${field}, record_id, class, digest), ${row}) AS subjects
      FROM (SELECT * FROM audit_subject WHERE ${within('record_id', range)} ORDER BY record_id) AS s
    ) AS s, (
      SELECT count(*)::integer AS erasure_count,
        string_agg(concat_ws(${field}, record_id, erasure), ${row}) AS erasures
      FROM (SELECT * FROM audit_erasure WHERE ${within('record_id', range)} ORDER BY record_id) AS x
    ) AS x`;
}

/** Lists of lists of texts, as JSON, which every driver hands on unread. */
export interface ExactAnswer {
  records: string | null;
  /** record_id, chain, position, kind, at, hash, previous_hash, leaf: the last three in hex. */
  entries: string | null;
  subjects: string | null;
  erasures: string | null;
  due: string | null;
}

export function exactSql(range: Range | Some): string {
  const all = (table: string, key: string, fields: readonly string[]) => `(
    SELECT json_agg(json_build_array(${fields.join(', ')}))::text
    FROM (SELECT * FROM ${table} WHERE ${within(key, range)} ORDER BY ${key}) AS t)`;
  const entry = [
    ...['record_id::text', 'chain::text', 'position::text', 'kind', 'at::text'],
    ...[`encode(hash, 'hex')`, `encode(previous_hash, 'hex')`, `encode(leaf, 'hex')`],
  ];
  const record = recordColumns.map((name) => `${name}::text`);
  return `
    SELECT ${all('audit_record', 'id', record)} AS records,
      ${all('audit_entry', 'record_id', entry)} AS entries,
      ${all('audit_subject', 'record_id', ['record_id::text', 'class::text', 'digest::text'])} AS subjects,
      ${all('audit_erasure', 'record_id', ['record_id::text', 'erasure::text'])} AS erasures,
      ${due} AS due`;
}

/** Columns of a record in binary, those that make its class side by side. */
export const binaryRecord = [
  ...[
    'id',
    'kind',
    'provider',
    'operation',
    'purpose',
    'client',
    'outcome',
    'class',
    'masked_phone',
    'actor',
  ],
  ...['flow', 'destination', 'provider_code', 'provider_reference', 'rule', 'retry_after_ms', 'replays'],
  ...[
    'created_at',
    'settled_at',
    'latency_ms',
    'erased_at',
    'erased_by',
    'subjects',
    'salt',
    'data_key',
    'key_id',
  ],
] as const;
export const binaryEntry = [
  ...['record_id', 'chain', 'position', 'kind', 'at', 'hash', 'previous_hash', 'leaf'],
] as const;
export const binarySubject = ['record_id', 'class', 'digest'] as const;

export const binaryErasure = ['record_id'] as const;

/** What is to be copied: records, entries, rows in the index of subjects, erasures. */
export function binarySql(range: Range): [string, string, string, string] {
  const rowsOf = (table: string, columns: readonly [string, ...string[]]) =>
    `SELECT ${columns.join(', ')} FROM ${table} WHERE ${within(columns[0], range)} ORDER BY ${columns[0]}`;
  return [
    rowsOf('audit_record', binaryRecord),
    rowsOf('audit_entry', binaryEntry),
    rowsOf('audit_subject', binarySubject),
    rowsOf('audit_erasure', binaryErasure),
  ];
}

/** The last id of the block after an id. */
export function boundSql(after: string | null, size: number): string {
  return `
    SELECT r.id::text FROM audit_record r WHERE ${within('r.id', { after, upTo: null })}
    ORDER BY r.id OFFSET ${size - 1} LIMIT 1`;
}

const due = `(SELECT string_agg(erasure::text, ' ') FROM audit_erasure_due)`;

/** The ids were read from the database, and are ids. */
function within(column: string, range: Range | Some): string {
  if ('ids' in range) return `${column} = ANY('{${range.ids.join(',')}}'::uuid[])`;
  const { after, upTo } = range;
  const bounds = [
    ...(after === null ? [] : [`${column} > '${after}'::uuid`]),
    ...(upTo === null ? [] : [`${column} <= '${upTo}'::uuid`]),
  ];
  return bounds.length === 0 ? 'true' : bounds.join(' AND ');
}

// What a database does by itself with what is written to it and asked of it: its functions, tables and triggers, in
// one answer, and the same in every version of Postgres.
//
// Functions of Postgres are called with their schema here, so that none of the same name answers in their place.
import { createHash } from 'node:crypto';

export interface InstalledFunction {
  schema: string;
  /** Place of its schema on the search path. */
  place: number;
  name: string;
  /** With names and defaults. */
  arguments: string;
  /** Types alone, as oids. */
  types: string;
  /** Whether Postgres has one of this name for other types, and none for these. */
  overloads: boolean;
  result: string | null;
  language: string;
  kind: string;
  volatility: string;
  strict: boolean;
  definer: boolean;
  config: readonly string[] | null;
  source: string;
  /** Whether Postgres keeps it as something else than its source: a body that is no string, a library. */
  compiled: boolean;
}

export interface InstalledTable {
  schema: string;
  place: number;
  name: string;
  kind: string;
  /** Row-level security. */
  secured: boolean;
  rules: number;
  /** Of itself or of its partitions. */
  triggers: InstalledTriggers[];
}

/** What a table or one of its partitions has. */
export interface InstalledTriggers {
  table: string;
  kind: string;
  triggers: { name: string; on: boolean; does: string }[];
}

export interface Installed {
  /** Schemas, in the order in which names are looked for in them. */
  path: string[];
  /** That of the log. */
  schema: string;
  /** Those of these names, and those that can stand in for functions of Postgres. */
  functions: InstalledFunction[];
  tables: InstalledTable[];
  /** Operators that can stand in for those of Postgres. */
  operators: string[];
}

/** @param names of functions, and of tables */
export function installedSql(functions: readonly string[], tables: readonly string[]): string {
  const list = (names: readonly string[]) => `'{${names.join(',')}}'::name[]`;
  return installed(`p.proname = ANY (${list(functions)})`, `c.relname = ANY (${list(tables)})`);
}

/** All there are in the schema of the log. */
export const allInstalledSql = installed('p.pronamespace = own.id', 'c.relnamespace = own.id');

export function readInstalled(row: { installed: string } | undefined): Installed {
  return JSON.parse(row?.installed ?? '') as Installed;
}

/** What a function is, in so many characters; null where its source is not kept. */
export function digestOf(one: InstalledFunction): string | null {
  if (one.compiled) return null;
  const { result, language, kind, volatility, strict, definer, config } = one;
  // A checkout may have written the line ends of another system.
  const source = one.source.replaceAll('\r\n', '\n');
  const whole = [one.arguments, result, language, kind, volatility, strict, definer, config, source];
  return createHash('sha256').update(JSON.stringify(whole)).digest('hex');
}

/** Functions and operators of extensions have names of Postgres for types of their own. */
function installed(functions: string, tables: string): string {
  const isOfExtension = (catalog: string, id: string) => `EXISTS (
    SELECT FROM pg_catalog.pg_depend d
    WHERE d.classid = 'pg_catalog.${catalog}'::regclass AND d.objid = ${id} AND d.deptype = 'e')`;
  return `
    WITH path AS (
      SELECT n.oid AS id, s.name, s.place
      FROM pg_catalog.unnest(pg_catalog.current_schemas(true)) WITH ORDINALITY AS s(name, place)
      JOIN pg_catalog.pg_namespace n ON n.nspname = s.name
    ), own AS (
      SELECT c.relnamespace AS id FROM pg_catalog.pg_class c WHERE c.oid = 'audit_entry'::regclass
    ), functions AS (
      SELECT path.name AS schema, path.place, p.proname AS name,
        pg_catalog.pg_get_function_arguments(p.oid) AS arguments, p.proargtypes::text AS types, o.overloads,
        pg_catalog.pg_get_function_result(p.oid) AS result, l.lanname AS language, p.prokind AS kind,
        p.provolatile AS volatility, p.proisstrict AS strict, p.prosecdef AS definer, p.proconfig AS config,
        p.prosrc AS source, p.prosqlbody IS NOT NULL OR p.probin IS NOT NULL OR p.prosupport <> 0 AS compiled
      FROM pg_catalog.pg_proc p
      JOIN path ON path.id = p.pronamespace AND path.name <> 'pg_catalog'
      JOIN pg_catalog.pg_language l ON l.oid = p.prolang
      CROSS JOIN own
      CROSS JOIN LATERAL (
        SELECT EXISTS (
            SELECT FROM pg_catalog.pg_proc b
            WHERE b.proname = p.proname AND b.pronamespace = 'pg_catalog'::regnamespace)
          AND NOT EXISTS (
            SELECT FROM pg_catalog.pg_proc b
            WHERE b.proname = p.proname AND b.pronamespace = 'pg_catalog'::regnamespace
              AND b.proargtypes = p.proargtypes)
          AND NOT ${isOfExtension('pg_proc', 'p.oid')} AS overloads
      ) AS o
      WHERE ${functions} OR o.overloads
    ), tables AS (
      SELECT c.oid AS id, path.name AS schema, path.place, c.relname AS name, c.relkind AS kind,
        c.relrowsecurity OR c.relforcerowsecurity AS secured,
        (SELECT pg_catalog.count(*) FROM pg_catalog.pg_rewrite w WHERE w.ev_class = c.oid) AS rules
      FROM pg_catalog.pg_class c
      JOIN path ON path.id = c.relnamespace
      CROSS JOIN own
      WHERE ${tables} AND c.relkind NOT IN ('i', 'I', 't') AND NOT c.relispartition
    ), triggered AS (
      SELECT t.id, c.relname AS "table", c.relkind AS kind, (
        SELECT COALESCE(pg_catalog.json_agg(pg_catalog.json_build_object('name', g.tgname,
          'on', g.tgenabled IN ('O', 'A'), 'does', pg_catalog.concat_ws(' ', g.tgtype::text, g.tgfoid::regproc::text,
            g.tgnargs::text, g.tgattr::text, (g.tgqual IS NULL)::text)) ORDER BY g.tgname), '[]')
        FROM pg_catalog.pg_trigger g
        -- Those of constraints are Postgres' own.
        WHERE g.tgrelid = c.oid AND (g.tgconstraint = 0 OR NOT g.tgisinternal)
      ) AS triggers
      FROM tables t
      CROSS JOIN LATERAL (
        SELECT t.id AS member UNION
        SELECT i.relid FROM pg_catalog.pg_partition_tree(t.id::regclass) AS i
      ) AS i
      JOIN pg_catalog.pg_class c ON c.oid = i.member
    )
    SELECT pg_catalog.json_build_object(
      'path', (SELECT pg_catalog.json_agg(path.name ORDER BY path.place) FROM path),
      'schema', (SELECT path.name FROM path JOIN own ON own.id = path.id),
      'functions', (SELECT COALESCE(pg_catalog.json_agg(f ORDER BY f.name, f.place, f.types), '[]') FROM functions f),
      'tables', (
        SELECT COALESCE(pg_catalog.json_agg(pg_catalog.json_build_object('schema', t.schema, 'place', t.place,
          'name', t.name, 'kind', t.kind, 'secured', t.secured, 'rules', t.rules, 'triggers', (
            SELECT pg_catalog.json_agg(pg_catalog.json_build_object('table', g."table", 'kind', g.kind,
              'triggers', g.triggers) ORDER BY g."table")
            FROM triggered g WHERE g.id = t.id)) ORDER BY t.name, t.place), '[]')
        FROM tables t),
      'operators', (
        SELECT COALESCE(pg_catalog.json_agg(o.oid::regoperator::text ORDER BY o.oid), '[]')
        FROM pg_catalog.pg_operator o
        JOIN path ON path.id = o.oprnamespace AND path.name <> 'pg_catalog'
        WHERE NOT ${isOfExtension('pg_operator', 'o.oid')}
          AND NOT EXISTS (
            SELECT FROM pg_catalog.pg_type y
            WHERE y.oid IN (o.oprleft, o.oprright) AND y.typnamespace <> 'pg_catalog'::regnamespace))
    )::text AS installed`;
}

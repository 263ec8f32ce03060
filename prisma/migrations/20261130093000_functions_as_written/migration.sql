-- The verifier compares each function with its source as it is written here. Of a body that is not a string, Postgres
-- keeps no source: it writes one anew, and each version of it in its own way. So these have strings from now on, and
-- do what they did.
CREATE OR REPLACE FUNCTION first_uuid_at(p_at timestamptz) RETURNS uuid
LANGUAGE sql
IMMUTABLE
AS $function$
  SELECT rpad(lpad(to_hex((extract(epoch FROM p_at) * 1000)::bigint), 12, '0'), 32, '0')::uuid
$function$;

CREATE OR REPLACE FUNCTION histogram_of(p_cells integer[]) RETURNS integer[]
LANGUAGE sql
IMMUTABLE
AS $function$
  SELECT array_agg(COALESCE(c.times, 0) ORDER BY n.cell)
  FROM generate_series(0, (SELECT max(m) FROM unnest(p_cells) AS m)) AS n(cell)
  LEFT JOIN (SELECT u AS cell, count(*)::integer AS times FROM unnest(p_cells) AS u GROUP BY u) AS c USING (cell)
$function$;

CREATE OR REPLACE FUNCTION add_histograms(p_one integer[], p_other integer[]) RETURNS integer[]
LANGUAGE sql
IMMUTABLE
AS $function$
  SELECT CASE
    WHEN p_one IS NULL THEN p_other
    WHEN p_other IS NULL THEN p_one
    ELSE (
      SELECT array_agg(COALESCE(s.one, 0) + COALESCE(s.other, 0) ORDER BY s.ordinality)
      FROM unnest(p_one, p_other) WITH ORDINALITY AS s(one, other, ordinality))
  END
$function$;

CREATE OR REPLACE FUNCTION audit_matches(p_record audit_record, p_filter jsonb) RETURNS boolean
LANGUAGE sql
IMMUTABLE
AS $function$
  SELECT (NOT p_filter ? 'kind' OR p_record.kind = p_filter ->> 'kind')
     AND (NOT p_filter ? 'provider' OR p_record.provider = p_filter ->> 'provider')
     AND (NOT p_filter ? 'purpose' OR p_record.purpose = p_filter ->> 'purpose')
     AND (NOT p_filter ? 'client' OR p_record.client = p_filter ->> 'client')
     AND (NOT p_filter ? 'outcomes' OR p_filter -> 'outcomes' ? p_record.outcome)
     AND (NOT p_filter ? 'actor' OR p_record.actor = p_filter ->> 'actor')
     AND (NOT p_filter ? 'subject' OR p_record.subjects @> ARRAY[decode(p_filter ->> 'subject', 'hex')])
     AND (NOT p_filter ? 'flow' OR p_record.flow = (p_filter ->> 'flow')::uuid)
     AND (NOT p_filter ? 'providerReference' OR p_record.provider_reference = p_filter ->> 'providerReference')
$function$;

CREATE OR REPLACE FUNCTION time_of_uuid(p_id uuid) RETURNS timestamptz
LANGUAGE sql
IMMUTABLE
AS $function$
  SELECT to_timestamp(('x' || translate(left(p_id::text, 13), '-', ''))::bit(48)::bigint / 1000.0)
$function$;

CREATE OR REPLACE FUNCTION budget_day(p_at timestamptz) RETURNS date
LANGUAGE sql
IMMUTABLE
AS $function$
  SELECT (p_at AT TIME ZONE 'UTC' + interval '8 hours')::date
$function$;

CREATE OR REPLACE FUNCTION budget_day_end(p_day date) RETURNS timestamptz
LANGUAGE sql
IMMUTABLE
AS $function$
  SELECT ((p_day + 1)::timestamp - interval '8 hours') AT TIME ZONE 'UTC'
$function$;

CREATE OR REPLACE FUNCTION window_start(p_start bigint, p_seconds integer, p_now bigint) RETURNS bigint
LANGUAGE sql
IMMUTABLE
AS $function$
  SELECT CASE WHEN p_start + p_seconds * 1000::bigint > p_now THEN p_start ELSE p_now END
$function$;

CREATE OR REPLACE FUNCTION window_count(p_start bigint, p_count integer, p_seconds integer, p_now bigint) RETURNS integer
LANGUAGE sql
IMMUTABLE
AS $function$
  SELECT CASE WHEN p_start + p_seconds * 1000::bigint > p_now THEN COALESCE(p_count, 0) ELSE 0 END
$function$;

CREATE OR REPLACE FUNCTION counter_life(p_seconds integer[]) RETURNS integer
LANGUAGE sql
IMMUTABLE
AS $function$
  SELECT p_seconds[cardinality(p_seconds)] + COALESCE(p_seconds[cardinality(p_seconds) - 1], 0)
$function$;

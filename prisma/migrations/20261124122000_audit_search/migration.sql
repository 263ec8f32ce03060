-- Whether a record is what a filter asks for, the span of time aside.
CREATE FUNCTION audit_matches(p_record audit_record, p_filter jsonb) RETURNS boolean
LANGUAGE sql
IMMUTABLE
RETURN (NOT p_filter ? 'kind' OR p_record.kind = p_filter ->> 'kind')
   AND (NOT p_filter ? 'provider' OR p_record.provider = p_filter ->> 'provider')
   AND (NOT p_filter ? 'purpose' OR p_record.purpose = p_filter ->> 'purpose')
   AND (NOT p_filter ? 'client' OR p_record.client = p_filter ->> 'client')
   AND (NOT p_filter ? 'outcomes' OR p_filter -> 'outcomes' ? p_record.outcome)
   AND (NOT p_filter ? 'actor' OR p_record.actor = p_filter ->> 'actor')
   AND (NOT p_filter ? 'subject' OR p_record.subjects @> ARRAY[decode(p_filter ->> 'subject', 'hex')])
   AND (NOT p_filter ? 'flow' OR p_record.flow = (p_filter ->> 'flow')::uuid)
   AND (NOT p_filter ? 'providerReference' OR p_record.provider_reference = p_filter ->> 'providerReference');

-- The moment at which a UUIDv7 was made.
CREATE FUNCTION time_of_uuid(p_id uuid) RETURNS timestamptz
LANGUAGE sql
IMMUTABLE
RETURN to_timestamp(('x' || translate(left(p_id::text, 13), '-', ''))::bit(48)::bigint / 1000.0);

-- The newest records that a filter finds, newest first.
--
--   p_filter   {"kind", "provider", "purpose", "client", "outcomes": [text], "actor", "subject": hex digest, "flow",
--              "providerReference"}: members that are given must all hold
--   p_after    only ids greater than this
--   p_before   only ids smaller than this
--   p_limit    so many at most
--
-- How it is found, whatever the number of records:
-- - by flow or by the provider's reference: the few records with it, checked one by one
-- - by nothing else than time: the primary key, backwards
-- - by anything else: each combination of kind, provider, operation, purpose, client and outcome is a class, and
--   in the indexes the records of a class (and actor, or subject) stand in the order of time. So each month, from
--   the newest on, is a merge of sorted lists, one a class. The list whose newest record is the newest goes first:
--   what it yields is the least that records of the others must be newer than, so that all of them together yield
--   little more than a page. Which classes an actor or a person has in a month is found by skipping from one to
--   the next; a month without a match costs a look at each index. Where both are asked for, classes and records
--   that only one of them has are skipped likewise, so that whoever has fewer says how long it takes.
-- - records that are PENDING have no class yet; they are few, and checked one by one
--
-- Plans are made once a session, perhaps while the tables are empty, and the embedded database never gathers
-- statistics: every way to read a whole table, or to sort what an index has in order, is closed to them, and where one
-- list leads to another, LATERAL and LIMIT say which. Compiling would take longer than running.
CREATE FUNCTION audit_search(p_filter jsonb, p_after uuid, p_before uuid, p_limit integer) RETURNS SETOF audit_record
LANGUAGE plpgsql
STABLE
SET enable_seqscan = off
SET enable_bitmapscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
SET enable_material = off
SET enable_memoize = off
SET jit = off
SET plan_cache_mode = force_generic_plan
AS $function$
DECLARE
  v_flow uuid := p_filter ->> 'flow';
  v_reference text := p_filter ->> 'providerReference';
  v_actor text := p_filter ->> 'actor';
  v_subject bytea := decode(p_filter ->> 'subject', 'hex');
  v_wanted bigint[];
  v_after uuid := COALESCE(p_after, '00000000-0000-0000-0000-000000000000');
  v_before uuid := COALESCE(p_before, 'ffffffff-ffff-ffff-ffff-ffffffffffff');
  v_newest uuid;
  v_began timestamp;
  v_month uuid;
  v_following uuid;
  v_classes bigint[];
  v_class bigint;
  v_heads uuid[];
  v_above uuid;
  v_until uuid;
  v_subjects uuid;
  v_actors uuid;
  v_more uuid[];
  v_found uuid[] := '{}';
BEGIN
  IF v_flow IS NOT NULL THEN
    v_found := ARRAY(
      SELECT r.id FROM audit_record r
      WHERE r.flow = v_flow AND r.id > v_after AND r.id < v_before AND audit_matches(r, p_filter)
      ORDER BY r.id DESC LIMIT p_limit);
  ELSIF v_reference IS NOT NULL THEN
    v_found := ARRAY(
      SELECT r.id FROM audit_record r
      WHERE r.provider_reference = v_reference AND r.id > v_after AND r.id < v_before AND audit_matches(r, p_filter)
      ORDER BY r.id DESC LIMIT p_limit);
  ELSIF p_filter = '{}' THEN
    v_found := ARRAY(
      SELECT r.id FROM audit_record r WHERE r.id > v_after AND r.id < v_before ORDER BY r.id DESC LIMIT p_limit);
  ELSE
    -- Null: all classes.
    IF p_filter ?| ARRAY['kind', 'provider', 'purpose', 'client', 'outcomes'] THEN
      v_wanted := ARRAY(
        SELECT c.id FROM audit_class c
        WHERE (NOT p_filter ? 'kind' OR c.kind = p_filter ->> 'kind')
          AND (NOT p_filter ? 'provider' OR c.provider = p_filter ->> 'provider')
          AND (NOT p_filter ? 'purpose' OR c.purpose = p_filter ->> 'purpose')
          AND (NOT p_filter ? 'client' OR c.client = p_filter ->> 'client')
          AND (NOT p_filter ? 'outcomes' OR p_filter -> 'outcomes' ? c.outcome)
        ORDER BY c.id);
    END IF;

    IF NOT p_filter ? 'outcomes' OR p_filter -> 'outcomes' ? 'PENDING' THEN
      -- Neither their span nor their order is to lead to the primary key.
      v_found := ARRAY(
        SELECT pending.id
        FROM (
          SELECT r.id FROM audit_record r
          WHERE r.outcome = 'PENDING' AND (r.id > v_after AND r.id < v_before) IS TRUE AND audit_matches(r, p_filter)
          OFFSET 0
        ) AS pending
        ORDER BY pending.id DESC LIMIT p_limit);
    END IF;

    LOOP
      EXIT WHEN cardinality(v_wanted) = 0;
      v_after := GREATEST(v_after, v_found[p_limit]);
      v_newest := (
        SELECT r.id FROM audit_record r WHERE r.id > v_after AND r.id < v_before ORDER BY r.id DESC LIMIT 1);
      EXIT WHEN v_newest IS NULL;
      v_began := date_trunc('month', time_of_uuid(v_newest) AT TIME ZONE 'UTC');
      v_month := first_uuid_at(v_began AT TIME ZONE 'UTC');
      v_following := first_uuid_at((v_began + interval '1 month') AT TIME ZONE 'UTC');
      v_before := LEAST(v_before, v_following);
      v_above := GREATEST(v_after, v_month);

      -- The month's lists that are not empty, by their newest ids.
      IF v_subject IS NOT NULL AND v_actor IS NOT NULL THEN
        WITH RECURSIVE shared(of_subject, of_actor) AS (
          SELECT s.class, r.class
          FROM (
            SELECT s.class FROM audit_subject s
            WHERE s.digest = v_subject AND s.record_id > v_month AND s.record_id < v_following
            ORDER BY s.class LIMIT 1) AS s
          CROSS JOIN LATERAL (
            SELECT r.class FROM audit_record r
            WHERE r.actor = v_actor AND r.class >= s.class AND r.id > v_month AND r.id < v_following
            ORDER BY r.class LIMIT 1) AS r
          UNION ALL
          SELECT s.class, r.class
          FROM shared
          CROSS JOIN LATERAL (
            SELECT s.class FROM audit_subject s
            WHERE s.digest = v_subject AND s.class > shared.of_subject AND s.class >= shared.of_actor
              AND s.record_id > v_month AND s.record_id < v_following
            ORDER BY s.class LIMIT 1) AS s
          CROSS JOIN LATERAL (
            SELECT r.class FROM audit_record r
            WHERE r.actor = v_actor AND r.class >= s.class AND r.id > v_month AND r.id < v_following
            ORDER BY r.class LIMIT 1) AS r
        )
        SELECT array_agg(shared.of_actor ORDER BY head.id DESC), array_agg(head.id ORDER BY head.id DESC)
        INTO v_classes, v_heads
        FROM shared
        CROSS JOIN LATERAL (
          SELECT s.record_id AS id FROM audit_subject s
          WHERE s.digest = v_subject AND s.class = shared.of_actor
            AND s.record_id > v_above AND s.record_id < v_before
          ORDER BY s.record_id DESC LIMIT 1) AS newest
        -- Both have nothing newer than this.
        CROSS JOIN LATERAL (
          SELECT r.id FROM audit_record r
          WHERE r.actor = v_actor AND r.class = shared.of_actor
            AND r.id > v_above AND r.id < v_before AND r.id <= newest.id
          ORDER BY r.id DESC LIMIT 1) AS head
        WHERE shared.of_subject = shared.of_actor AND (v_wanted IS NULL OR shared.of_actor = ANY (v_wanted));
      ELSIF v_subject IS NOT NULL THEN
        WITH RECURSIVE present(class) AS (
          (SELECT s.class FROM audit_subject s
           WHERE s.digest = v_subject AND s.record_id > v_month AND s.record_id < v_following
           ORDER BY s.class LIMIT 1)
          UNION ALL
          SELECT more.class FROM present
          CROSS JOIN LATERAL (
            SELECT s.class FROM audit_subject s
            WHERE s.digest = v_subject AND s.class > present.class
              AND s.record_id > v_month AND s.record_id < v_following
            ORDER BY s.class LIMIT 1) AS more
        )
        SELECT array_agg(present.class ORDER BY head.id DESC), array_agg(head.id ORDER BY head.id DESC)
        INTO v_classes, v_heads
        FROM present
        CROSS JOIN LATERAL (
          SELECT s.record_id AS id FROM audit_subject s
          WHERE s.digest = v_subject AND s.class = present.class
            AND s.record_id > v_above AND s.record_id < v_before
          ORDER BY s.record_id DESC LIMIT 1) AS head
        WHERE v_wanted IS NULL OR present.class = ANY (v_wanted);
      ELSIF v_actor IS NOT NULL THEN
        WITH RECURSIVE present(class) AS (
          (SELECT r.class FROM audit_record r
           WHERE r.actor = v_actor AND r.class IS NOT NULL AND r.id > v_month AND r.id < v_following
           ORDER BY r.class LIMIT 1)
          UNION ALL
          SELECT more.class FROM present
          CROSS JOIN LATERAL (
            SELECT r.class FROM audit_record r
            WHERE r.actor = v_actor AND r.class > present.class AND r.id > v_month AND r.id < v_following
            ORDER BY r.class LIMIT 1) AS more
        )
        SELECT array_agg(present.class ORDER BY head.id DESC), array_agg(head.id ORDER BY head.id DESC)
        INTO v_classes, v_heads
        FROM present
        CROSS JOIN LATERAL (
          SELECT r.id FROM audit_record r
          WHERE r.actor = v_actor AND r.class = present.class AND r.id > v_above AND r.id < v_before
          ORDER BY r.id DESC LIMIT 1) AS head
        WHERE v_wanted IS NULL OR present.class = ANY (v_wanted);
      ELSE
        SELECT array_agg(wanted.class ORDER BY head.id DESC), array_agg(head.id ORDER BY head.id DESC)
        INTO v_classes, v_heads
        FROM unnest(v_wanted) AS wanted(class)
        CROSS JOIN LATERAL (
          SELECT r.id FROM audit_record r
          WHERE r.class = wanted.class AND r.id > v_above AND r.id < v_before
          ORDER BY r.id DESC LIMIT 1) AS head;
      END IF;

      FOR v_list IN 1 .. COALESCE(cardinality(v_classes), 0) LOOP
        v_class := v_classes[v_list];
        v_above := GREATEST(v_above, v_found[p_limit]);
        EXIT WHEN v_heads[v_list] <= v_above;
        IF v_subject IS NULL AND v_actor IS NULL THEN
          v_more := ARRAY(
            SELECT r.id FROM audit_record r
            WHERE r.class = v_class AND r.id > v_above AND r.id < v_before
            ORDER BY r.id DESC LIMIT p_limit);
        ELSIF v_subject IS NULL THEN
          v_more := ARRAY(
            SELECT r.id FROM audit_record r
            WHERE r.actor = v_actor AND r.class = v_class AND r.id > v_above AND r.id < v_before
            ORDER BY r.id DESC LIMIT p_limit);
        ELSIF v_actor IS NULL THEN
          v_more := ARRAY(
            SELECT s.record_id FROM audit_subject s
            WHERE s.digest = v_subject AND s.class = v_class
              AND s.record_id > v_above AND s.record_id < v_before
            ORDER BY s.record_id DESC LIMIT p_limit);
        ELSE
          -- Piece by piece, the list that has fewer in the time ahead is gone through, and looked for in the other.
          v_more := '{}';
          v_until := v_before;
          LOOP
            SELECT (
              SELECT s.record_id FROM audit_subject s
              WHERE s.digest = v_subject AND s.class = v_class AND s.record_id > v_above AND s.record_id < v_until
              ORDER BY s.record_id DESC LIMIT 1 OFFSET 63
            ), (
              SELECT r.id FROM audit_record r
              WHERE r.actor = v_actor AND r.class = v_class AND r.id > v_above AND r.id < v_until
              ORDER BY r.id DESC LIMIT 1 OFFSET 63
            ) INTO v_subjects, v_actors;
            IF v_subjects IS NULL OR v_subjects < v_actors THEN
              v_more := v_more || ARRAY(
                SELECT s.record_id FROM audit_subject s
                CROSS JOIN LATERAL (
                  SELECT FROM audit_record r
                  WHERE r.actor = v_actor AND r.class = v_class AND r.id = s.record_id LIMIT 1) AS other
                WHERE s.digest = v_subject AND s.class = v_class AND s.record_id > v_above AND s.record_id < v_until
                  AND s.record_id >= COALESCE(v_subjects, v_above)
                ORDER BY s.record_id DESC LIMIT p_limit);
              v_until := v_subjects;
            ELSE
              v_more := v_more || ARRAY(
                SELECT r.id FROM audit_record r
                CROSS JOIN LATERAL (
                  SELECT FROM audit_subject s
                  WHERE s.digest = v_subject AND s.class = v_class AND s.record_id = r.id LIMIT 1) AS other
                WHERE r.actor = v_actor AND r.class = v_class AND r.id > v_above AND r.id < v_until
                  AND r.id >= COALESCE(v_actors, v_above)
                ORDER BY r.id DESC LIMIT p_limit);
              v_until := v_actors;
            END IF;
            EXIT WHEN v_until IS NULL OR cardinality(v_more) >= p_limit;
          END LOOP;
        END IF;
        IF cardinality(v_more) > 0 THEN
          v_found := ARRAY(SELECT f.id FROM unnest(v_found || v_more) AS f(id) ORDER BY f.id DESC LIMIT p_limit);
        END IF;
      END LOOP;
      v_before := v_month;
    END LOOP;
  END IF;

  RETURN QUERY
    SELECT r.*
    FROM unnest(v_found) WITH ORDINALITY AS f(id, place)
    CROSS JOIN LATERAL (SELECT * FROM audit_record WHERE audit_record.id = f.id LIMIT 1) AS r
    ORDER BY f.place;
END
$function$;

-- Records by their ids, oldest first.
CREATE FUNCTION audit_records(p_ids uuid[]) RETURNS SETOF audit_record
LANGUAGE plpgsql
STABLE
SET enable_seqscan = off
SET enable_bitmapscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
SET jit = off
SET plan_cache_mode = force_generic_plan
AS $function$
BEGIN
  RETURN QUERY
    SELECT r.*
    FROM unnest(p_ids) AS wanted(id)
    CROSS JOIN LATERAL (SELECT * FROM audit_record WHERE audit_record.id = wanted.id LIMIT 1) AS r
    ORDER BY r.id;
END
$function$;

-- What happened to records, oldest first. An entry stands in a chain of its record's month or of a later one, give or
-- take a day for clocks that differ: older partitions are left alone.
CREATE FUNCTION audit_entries(p_records uuid[]) RETURNS SETOF audit_entry
LANGUAGE plpgsql
STABLE
SET enable_seqscan = off
SET enable_bitmapscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
SET jit = off
SET plan_cache_mode = force_generic_plan
AS $function$
BEGIN
  RETURN QUERY
    SELECT e.*
    FROM unnest(p_records) AS wanted(id)
    CROSS JOIN LATERAL (
      SELECT * FROM audit_entry
      WHERE record_id = wanted.id
        AND chain > first_uuid_at(date_trunc('month', time_of_uuid(wanted.id) - interval '1 day', 'UTC'))
      OFFSET 0
    ) AS e
    ORDER BY e.at, e.position;
END
$function$;

-- Outcomes and latencies of the hours from p_from to p_to: a row an hour, a line a rollup, a tab between provider, kind,
-- outcome, count and histogram. Whoever asks adds them up: adding arrays takes SQL longer than writing them out, and
-- thousands of rows cost more on their way than thousands of lines.
CREATE FUNCTION audit_rollups(p_from timestamptz, p_to timestamptz) RETURNS TABLE (hour timestamptz, lines text)
LANGUAGE sql
STABLE
SET enable_seqscan = off
SET enable_bitmapscan = off
SET jit = off
AS $function$
  SELECT u.bucket, string_agg(concat_ws(E'\t', u.provider, u.kind, u.outcome, u.count, u.histogram), E'\n')
  FROM audit_rollup u
  WHERE u.bucket >= p_from AND u.bucket < p_to
  GROUP BY u.bucket
  ORDER BY u.bucket
$function$;

-- What rules denied in the hours from p_from to p_to, by hour or day (p_unit, UTC).
CREATE FUNCTION audit_denials(p_from timestamptz, p_to timestamptz, p_unit text)
RETURNS TABLE (bucket timestamptz, rule text, count bigint)
LANGUAGE sql
STABLE
SET enable_seqscan = off
SET enable_bitmapscan = off
SET jit = off
AS $function$
  SELECT date_trunc(p_unit, u.bucket, 'UTC') AS day, u.rule, sum(u.count)
  FROM audit_rollup u
  WHERE u.bucket >= p_from AND u.bucket < p_to AND u.outcome = 'DENIED'
  GROUP BY day, u.rule
  ORDER BY day, u.rule
$function$;

-- A request that is turned away because its flow has moved on leaves nothing reserved of the day's budget: no record of
-- it ends, so nothing would ever give that back. What is told of a window of more than 24 days fits its column. A counter
-- is kept as long as any of its windows may last. The first denial of each rule of a budget is a record. A record ends
-- once, also where a batch ends it twice. And no entry stands in a chain of an earlier month than its record's.

ALTER TABLE send_budget DROP COLUMN denied_record, ADD COLUMN denied_records JSONB;

-- What was lost so before: each day has as much reserved as its records that have not ended.
LOCK TABLE send_budget IN SHARE ROW EXCLUSIVE MODE;

UPDATE send_budget b
SET reserved = n.reserved
FROM (
  SELECT s.day, s.scope, count(r.id)::integer AS reserved
  FROM send_budget s
  LEFT JOIN audit_record r ON r.outcome = 'PENDING' AND r.destination IS NOT NULL
    AND budget_day(r.created_at) = s.day AND s.scope IN ('*', r.destination)
  GROUP BY s.day, s.scope
) AS n
WHERE b.day = n.day AND b.scope = n.scope AND b.reserved <> n.reserved;

-- How long a counter lasts from where its longest window began: a shorter one may begin just before that ends.
CREATE FUNCTION counter_life(p_seconds integer[]) RETURNS integer
LANGUAGE sql
IMMUTABLE
RETURN p_seconds[cardinality(p_seconds)] + COALESCE(p_seconds[cardinality(p_seconds) - 1], 0);

-- The only way into the log. One call is one batch of one process: it decides repeats of idempotency keys, limits,
-- budgets and who goes on with a flow, inserts records, settles records, links the entries into the process's chain,
-- counts outcomes, and is atomic.
--
--   p_chain     the process's chain; SQLSTATE YZ001 where it is closed, YZ002 where an entry would be of a record of a
--               later month than the chain's
--   p_position  position of the chain's last entry, 0 before the first
--   p_hash      its hash, hex
--   p_batch     {"admissions", "settlements", "callbacks", "accesses", "tallies", "keys", "budgets", "counters", "flows",
--               "classes"}: lists, absent where empty, as src/pipeline/ledger-store.ts makes them
--   returns     {"position", "hash", "repeats": [{"id", "of", "reused"}], "stale": [id], "conflicts": [id],
--               "denied": [{"id", "rule", "retryAfterMs", "of"}], "used": {scope: messages of today}}
--
-- Locks are taken in one order everywhere, so that batches of any number of processes cannot deadlock:
-- new keys by digest, then all keys by digest, budgets by day and scope, counters by key, flows by id, records by id;
-- rollups belong to one chain, which one process writes. A second writer of the same chain fails on the entries'
-- primary key.
--
-- Plans are made once a session, perhaps while the tables are empty, and the embedded database never gathers
-- statistics: so every way to read a whole table is closed to them. Rows are reached by id from a list, one by
-- one, so that only the partition that holds them is touched.
CREATE OR REPLACE FUNCTION ledger_commit(p_chain uuid, p_position integer, p_hash text, p_batch jsonb) RETURNS jsonb
LANGUAGE plpgsql
SET enable_seqscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
SET plan_cache_mode = force_generic_plan
AS $function$
DECLARE
  v_position integer := p_position;
  v_hash bytea := decode(p_hash, 'hex');
  v_skipped uuid[] := '{}';
  v_repeated uuid[] := '{}';
  v_repeats_of uuid[] := '{}';
  v_repeats_at text[] := '{}';
  v_counted jsonb := '[]';
  v_tallied uuid[] := '{}';
  v_denied uuid[] := '{}';
  v_denials jsonb := '[]';
  v_firsts jsonb := '[]';
  v_used jsonb := '{}';
  v_now bigint := floor(extract(epoch FROM clock_timestamp()) * 1000);
  -- Budgets and counters, by their place in the lists of the batch; windows of counter i stand at 4 i + 1 ...
  v_days date[] := '{}';
  v_scopes text[] := '{}';
  v_taken integer[] := '{}';
  v_newly integer[] := '{}';
  v_scope_records jsonb[] := '{}';
  v_rules text[] := '{}';
  v_keys bytea[] := '{}';
  v_most integer[] := '{}';
  v_spans integer[] := '{}';
  v_starts bigint[] := '{}';
  v_counts integer[] := '{}';
  v_until bigint[] := '{}';
  v_of uuid[] := '{}';
  v_touched boolean[] := '{}';
  v_has_room boolean;
  v_claim jsonb;
  v_rule text;
  v_end bigint;
  v_first uuid;
  v_slot integer;
  v_at integer;
  v_settling uuid[] := '{}';
  v_settled uuid[] := '{}';
  v_conflicts uuid[] := '{}';
  v_repeats jsonb := '[]';
  v_digest bytea := NULL;
  v_owner uuid;
  v_input bytea;
  v_positions integer[] := '{}';
  v_hashes bytea[] := '{}';
  v_previous bytea[] := '{}';
  v_records uuid[] := '{}';
  v_kinds text[] := '{}';
  v_times timestamptz[] := '{}';
  v_leaves bytea[] := '{}';
  v_next uuid := first_uuid_at(
    (date_trunc('month', time_of_uuid(p_chain) AT TIME ZONE 'UTC') + interval '1 month') AT TIME ZONE 'UTC');
  v_row record;
BEGIN
  -- Locked until the commit, so that whoever closes the chain waits for this batch.
  PERFORM 1 FROM audit_chain WHERE id = p_chain AND closed_at IS NULL FOR SHARE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'chain % is closed', p_chain USING ERRCODE = 'YZ001';
  END IF;

  -- 1. Idempotency keys: whoever inserts a key owns it; the others repeat its owner, unless the key is free.
  IF p_batch ? 'keys' THEN
    INSERT INTO idempotency_key (digest, record_id, input_digest, expires_at)
    SELECT decode(k.digest, 'hex'), k.id, decode(k.input, 'hex'), now() + interval '24 hours'
    FROM jsonb_to_recordset(p_batch -> 'keys') AS k(digest text, id uuid, input text)
    ORDER BY k.digest, k.id
    ON CONFLICT DO NOTHING;

    PERFORM 1 FROM idempotency_key
    WHERE digest = ANY (ARRAY(
      SELECT decode(k.digest, 'hex') FROM jsonb_to_recordset(p_batch -> 'keys') AS k(digest text)))
    ORDER BY digest
    FOR UPDATE;

    -- A key that was cleared away while we waited for its lock is claimed after all.
    INSERT INTO idempotency_key (digest, record_id, input_digest, expires_at)
    SELECT decode(k.digest, 'hex'), k.id, decode(k.input, 'hex'), now() + interval '24 hours'
    FROM jsonb_to_recordset(p_batch -> 'keys') AS k(digest text, id uuid, input text)
    ORDER BY k.digest, k.id
    ON CONFLICT DO NOTHING;

    -- A new statement, so that it sees what other processes committed while we waited for the locks.
    FOR v_row IN
      SELECT i.digest, i.record_id AS owner, i.input_digest, i.expires_at <= now() OR COALESCE(r.frees_key, false) AS free,
             k.id, k.at, decode(k.input, 'hex') AS input
      FROM jsonb_to_recordset(p_batch -> 'keys') AS k(digest text, id uuid, at text, input text)
      JOIN idempotency_key i ON i.digest = decode(k.digest, 'hex')
      LEFT JOIN audit_record r ON r.id = i.record_id
      ORDER BY i.digest, k.id
    LOOP
      IF v_digest IS DISTINCT FROM v_row.digest THEN
        v_digest := v_row.digest;
        v_owner := v_row.owner;
        v_input := v_row.input_digest;
        IF v_row.free AND v_owner <> v_row.id THEN
          UPDATE idempotency_key
          SET record_id = v_row.id, input_digest = v_row.input, expires_at = now() + interval '24 hours'
          WHERE digest = v_digest;
          v_owner := v_row.id;
          v_input := v_row.input;
        END IF;
      END IF;
      IF v_owner <> v_row.id THEN
        v_skipped := v_skipped || v_row.id;
        IF v_input = v_row.input THEN
          v_repeated := v_repeated || v_owner;
          v_repeats_of := v_repeats_of || v_row.id;
          v_repeats_at := v_repeats_at || v_row.at;
        END IF;
        v_repeats := v_repeats || jsonb_build_object('id', v_row.id, 'of', v_owner, 'reused', v_input <> v_row.input);
      END IF;
    END LOOP;
  END IF;

  -- 2. Budgets: messages of the day, for all and for each destination. What was reserved at admission is spent, or
  -- given back, when the request ends; so settlements need the same rows, which are locked here.
  IF p_batch ? 'budgets' THEN
    INSERT INTO send_budget (day, scope)
    SELECT b.day, b.scope FROM jsonb_to_recordset(p_batch -> 'budgets') AS b(day date, scope text)
    ORDER BY b.day, b.scope
    ON CONFLICT DO NOTHING;
  END IF;

  IF p_batch ? 'budgets' OR p_batch ? 'settlements' THEN
    PERFORM 1
    FROM (
      SELECT b.day, b.scope FROM jsonb_to_recordset(p_batch -> 'budgets') AS b(day date, scope text)
      UNION
      SELECT budget_day(r.created_at), scope.name
      FROM jsonb_to_recordset(p_batch -> 'settlements') AS s(id uuid)
      JOIN audit_record r ON r.id = s.id AND r.destination IS NOT NULL
      CROSS JOIN LATERAL (VALUES ('*'), (r.destination)) AS scope(name)
    ) AS wanted
    JOIN send_budget b ON b.day = wanted.day AND b.scope = wanted.scope
    ORDER BY b.day, b.scope
    FOR UPDATE OF b;
  END IF;

  IF p_batch ? 'budgets' THEN
    FOR v_row IN
      SELECT w.day, w.scope, b.reserved + b.spent AS taken, b.denied_records
      FROM jsonb_to_recordset(p_batch -> 'budgets') AS w(place integer, day date, scope text)
      JOIN send_budget b ON b.day = w.day AND b.scope = w.scope
      ORDER BY w.place
    LOOP
      v_days := v_days || v_row.day;
      v_scopes := v_scopes || v_row.scope;
      v_taken := v_taken || v_row.taken;
      v_newly := v_newly || 0;
      v_scope_records := array_append(v_scope_records, COALESCE(v_row.denied_records, '{}'));
    END LOOP;
  END IF;

  -- 3. Limits: each counter has up to four windows, which begin with the first request in them. A request counts
  -- in all of its counters or, where one denies it, in none.
  IF p_batch ? 'counters' THEN
    INSERT INTO limit_counter (key, expires_at)
    SELECT decode(c.key, 'hex'), now() + make_interval(secs => counter_life(c.seconds))
    FROM jsonb_to_recordset(p_batch -> 'counters') AS c(key text, seconds integer[])
    ORDER BY c.key
    ON CONFLICT DO NOTHING;

    PERFORM 1
    FROM jsonb_to_recordset(p_batch -> 'counters') AS c(key text)
    JOIN limit_counter l ON l.key = decode(c.key, 'hex')
    ORDER BY l.key
    FOR UPDATE OF l;

    -- One that was cleared away while we waited for its lock begins again.
    INSERT INTO limit_counter (key, expires_at)
    SELECT decode(c.key, 'hex'), now() + make_interval(secs => counter_life(c.seconds))
    FROM jsonb_to_recordset(p_batch -> 'counters') AS c(key text, seconds integer[])
    ORDER BY c.key
    ON CONFLICT DO NOTHING;

  END IF;

  -- Where there is room for all of the batch everywhere, all are counted together. A repeat of a key counts nowhere, so
  -- that a batch which has one is asked one by one.
  v_has_room := cardinality(v_skipped) = 0;
  IF v_has_room AND p_batch ? 'budgets' THEN
    SELECT bool_and(v_taken[w.place] + w.claims <= w.least)
    INTO v_has_room
    FROM jsonb_to_recordset(p_batch -> 'budgets') AS w(place integer, claims integer, least integer);
  END IF;
  IF v_has_room AND p_batch ? 'counters' THEN
    SELECT bool_and(window_count(l.starts[1], l.counts[1], c.seconds[1], v_now) + c.claims <= c.most[1]
      AND (c.seconds[2] IS NULL OR window_count(l.starts[2], l.counts[2], c.seconds[2], v_now) + c.claims <= c.most[2])
      AND (c.seconds[3] IS NULL OR window_count(l.starts[3], l.counts[3], c.seconds[3], v_now) + c.claims <= c.most[3])
      AND (c.seconds[4] IS NULL OR window_count(l.starts[4], l.counts[4], c.seconds[4], v_now) + c.claims <= c.most[4]))
    INTO v_has_room
    FROM jsonb_to_recordset(p_batch -> 'counters') AS c(key text, most integer[], seconds integer[], claims integer)
    JOIN limit_counter l ON l.key = decode(c.key, 'hex');
  END IF;

  IF v_has_room AND p_batch ? 'counters' THEN
    UPDATE limit_counter l
    SET starts = (ARRAY[
          window_start(l.starts[1], c.seconds[1], v_now), window_start(l.starts[2], c.seconds[2], v_now),
          window_start(l.starts[3], c.seconds[3], v_now), window_start(l.starts[4], c.seconds[4], v_now)
        ])[1 : cardinality(c.seconds)],
        counts = (ARRAY[
          window_count(l.starts[1], l.counts[1], c.seconds[1], v_now) + c.claims,
          window_count(l.starts[2], l.counts[2], c.seconds[2], v_now) + c.claims,
          window_count(l.starts[3], l.counts[3], c.seconds[3], v_now) + c.claims,
          window_count(l.starts[4], l.counts[4], c.seconds[4], v_now) + c.claims
        ])[1 : cardinality(c.seconds)],
        -- The longest window is the last one; where it goes on, so does the row.
        expires_at = CASE
          WHEN l.starts[cardinality(c.seconds)] + c.seconds[cardinality(c.seconds)] * 1000::bigint > v_now
            OR l.starts IS NULL THEN l.expires_at
          ELSE now() + make_interval(secs => counter_life(c.seconds)) END
    FROM jsonb_to_recordset(p_batch -> 'counters') AS c(key text, seconds integer[], claims integer)
    WHERE l.key = decode(c.key, 'hex');
  END IF;
  IF v_has_room AND p_batch ? 'budgets' THEN
    UPDATE send_budget b
    SET reserved = b.reserved + w.claims
    FROM jsonb_to_recordset(p_batch -> 'budgets') AS w(day date, scope text, claims integer)
    WHERE b.day = w.day AND b.scope = w.scope;

    SELECT jsonb_object_agg(w.scope, v_taken[w.place] + w.claims) INTO v_used
    FROM jsonb_to_recordset(p_batch -> 'budgets') AS w(place integer, scope text, claims integer);
  END IF;

  IF NOT v_has_room AND p_batch ? 'counters' THEN
    FOR v_row IN
      SELECT c.rule, c.most, c.seconds, l.key, l.starts, l.counts, l.denied_until, l.denied_record
      FROM ROWS FROM (jsonb_to_recordset(p_batch -> 'counters')
        AS (key text, rule text, most integer[], seconds integer[])) WITH ORDINALITY AS c(key, rule, most, seconds, ordinality)
      JOIN limit_counter l ON l.key = decode(c.key, 'hex')
      ORDER BY c.ordinality
    LOOP
      v_rules := v_rules || v_row.rule;
      v_keys := v_keys || v_row.key;
      v_until := array_append(v_until, v_row.denied_until);
      v_of := array_append(v_of, v_row.denied_record);
      v_touched := v_touched || false;
      FOR v_at IN 1 .. 4 LOOP
        v_most := array_append(v_most, v_row.most[v_at]);
        v_spans := array_append(v_spans, v_row.seconds[v_at]);
        v_starts := v_starts || COALESCE(v_row.starts[v_at], 0);
        v_counts := v_counts || COALESCE(v_row.counts[v_at], 0);
      END LOOP;
    END LOOP;
  END IF;

  IF NOT v_has_room AND (p_batch ? 'counters' OR p_batch ? 'budgets') THEN
    FOR v_row IN
      SELECT a.*
      FROM ROWS FROM (jsonb_to_recordset(p_batch -> 'admissions')
        AS (id uuid, limits integer[], budget jsonb, at text, hour text, provider text, kind text, "deniedClass" bigint))
        WITH ORDINALITY AS a(id, limits, budget, at, hour, provider, kind, denied_class, ordinality)
      WHERE a.id <> ALL (v_skipped) AND (a.limits IS NOT NULL OR a.budget IS NOT NULL)
      ORDER BY a.ordinality
    LOOP
      v_rule := NULL;
      -- A claim on a budget: the place of its scope, how many this caller may see taken, and the rule that says so.
      FOR v_claim IN SELECT * FROM jsonb_array_elements(v_row.budget) LOOP
        v_at := (v_claim ->> 'scope')::integer + 1;
        IF v_taken[v_at] >= (v_claim ->> 'most')::integer THEN
          v_rule := v_claim ->> 'rule';
          v_end := floor(extract(epoch FROM budget_day_end(v_days[v_at])) * 1000);
          v_first := v_scope_records[v_at] ->> v_rule;
          IF v_first IS NULL THEN
            v_scope_records[v_at] := v_scope_records[v_at] || jsonb_build_object(v_rule, v_row.id);
          END IF;
          EXIT;
        END IF;
      END LOOP;

      IF v_rule IS NULL AND v_row.limits IS NOT NULL THEN
        <<counters>>
        FOREACH v_at IN ARRAY v_row.limits LOOP
          v_end := NULL;
          FOR v_slot IN 4 * v_at + 1 .. 4 * v_at + 4 LOOP
            EXIT WHEN v_spans[v_slot] IS NULL;
            IF v_starts[v_slot] + v_spans[v_slot] * 1000::bigint <= v_now THEN
              v_starts[v_slot] := v_now;
              v_counts[v_slot] := 0;
            END IF;
            IF v_counts[v_slot] >= v_most[v_slot] THEN
              v_end := greatest(v_end, v_starts[v_slot] + v_spans[v_slot] * 1000::bigint);
            END IF;
          END LOOP;
          IF v_end IS NOT NULL THEN
            v_rule := v_rules[v_at + 1];
            v_first := CASE WHEN v_until[v_at + 1] > v_now THEN v_of[v_at + 1] END;
            IF v_first IS NULL THEN
              v_until[v_at + 1] := v_end;
              v_of[v_at + 1] := v_row.id;
              v_touched[v_at + 1] := true;
            END IF;
            EXIT counters;
          END IF;
        END LOOP;
      END IF;

      IF v_rule IS NOT NULL THEN
        v_denied := v_denied || v_row.id;
        v_denials := v_denials || jsonb_build_object(
          'id', v_row.id, 'rule', v_rule, 'retryAfterMs', least(greatest(v_end - v_now, 0), 2147483647), 'of', v_first);
        IF v_first IS NULL THEN
          v_firsts := v_firsts || jsonb_build_object(
            'id', v_row.id, 'rule', v_rule, 'retryAfterMs', least(greatest(v_end - v_now, 0), 2147483647), 'at', v_row.at, 'hour', v_row.hour,
            'provider', v_row.provider, 'kind', v_row.kind, 'class', v_row.denied_class);
        ELSE
          v_skipped := v_skipped || v_row.id;
        END IF;
        CONTINUE;
      END IF;

      FOR v_claim IN SELECT DISTINCT c -> 'scope' FROM jsonb_array_elements(v_row.budget) AS c LOOP
        v_at := v_claim::integer + 1;
        v_taken[v_at] := v_taken[v_at] + 1;
        v_newly[v_at] := v_newly[v_at] + 1;
      END LOOP;
      IF v_row.limits IS NOT NULL THEN
        FOREACH v_at IN ARRAY v_row.limits LOOP
          v_touched[v_at + 1] := true;
          FOR v_slot IN 4 * v_at + 1 .. 4 * v_at + 4 LOOP
            EXIT WHEN v_spans[v_slot] IS NULL;
            v_counts[v_slot] := v_counts[v_slot] + 1;
          END LOOP;
        END LOOP;
      END IF;
    END LOOP;

    UPDATE limit_counter l
    SET starts = w.starts, counts = w.counts, denied_until = w.denied_until, denied_record = w.denied_record,
        expires_at = greatest(l.expires_at, to_timestamp((w.starts[w.windows] + w.life * 1000::bigint) / 1000.0))
    FROM (
      SELECT u.key, u.denied_until, u.denied_record, n.windows,
             counter_life(v_spans[4 * u.place::integer - 3 : 4 * u.place::integer - 4 + n.windows]) AS life,
             v_starts[4 * u.place::integer - 3 : 4 * u.place::integer - 4 + n.windows] AS starts,
             v_counts[4 * u.place::integer - 3 : 4 * u.place::integer - 4 + n.windows] AS counts
      FROM unnest(v_keys, v_until, v_of, v_touched) WITH ORDINALITY AS u(key, denied_until, denied_record, touched, place)
      CROSS JOIN LATERAL (
        SELECT 4 - num_nulls(VARIADIC v_spans[4 * u.place::integer - 3 : 4 * u.place::integer]) AS windows
      ) AS n
      WHERE u.touched
    ) AS w
    WHERE l.key = w.key;

    -- A counter that was made for a request which another rule denied counts nothing.
    IF NOT (true = ALL (v_touched)) THEN
      DELETE FROM limit_counter l
      USING unnest(v_keys, v_touched) AS u(key, touched)
      WHERE l.key = u.key AND NOT u.touched AND l.starts IS NULL;
    END IF;

    UPDATE send_budget b
    SET reserved = b.reserved + w.newly, denied_records = w.denied_records
    FROM unnest(v_days, v_scopes, v_newly, v_scope_records) AS w(day, scope, newly, denied_records)
    WHERE b.day = w.day AND b.scope = w.scope
      AND (w.newly > 0 OR COALESCE(b.denied_records, '{}') <> w.denied_records);

    SELECT COALESCE(jsonb_object_agg(w.scope, w.taken), '{}') INTO v_used
    FROM unnest(v_scopes, v_taken) AS w(scope, taken);

    -- A key whose request was denied is free again; that of a first denial is by its record.
    DELETE FROM idempotency_key i
    USING jsonb_to_recordset(COALESCE(p_batch -> 'keys', '[]')) AS k(digest text, id uuid)
    WHERE cardinality(v_denied) > 0 AND i.digest = decode(k.digest, 'hex') AND i.record_id = k.id
      AND k.id = ANY (v_denied) AND k.id = ANY (v_skipped);
  END IF;

  -- 4. Flows: a change is made for the version its maker has seen, and at most one call of a flow is under way.
  IF p_batch ? 'flows' THEN
    PERFORM 1 FROM flow
    WHERE id = ANY (ARRAY(SELECT f.id FROM jsonb_to_recordset(p_batch -> 'flows') AS f(id uuid)))
    ORDER BY id
    FOR UPDATE;

    FOR v_row IN
      SELECT f.*
      FROM ROWS FROM (jsonb_to_recordset(p_batch -> 'flows') AS (action text, id uuid, "by" uuid, kind text, actor text,
        state jsonb, sealed text, version integer, "dueMs" integer, at timestamptz)) WITH ORDINALITY
        AS f(action, id, "by", kind, actor, state, sealed, version, due_ms, at, ordinality)
      WHERE f."by" <> ALL (v_skipped) AND f."by" <> ALL (v_denied)
      ORDER BY f.id, f.ordinality
    LOOP
      CASE v_row.action
        WHEN 'OPEN' THEN
          INSERT INTO flow (id, kind, actor, state, sealed, version, running, running_until, updated_at)
          VALUES (v_row.id, v_row.kind, v_row.actor, v_row.state, decode(v_row.sealed, 'hex'), 1, v_row."by",
                  now() + make_interval(secs => v_row.due_ms / 1000.0), v_row.at);
        WHEN 'CLAIM' THEN
          UPDATE flow
          SET version = version + 1, running = v_row."by",
              running_until = now() + make_interval(secs => v_row.due_ms / 1000.0)
          WHERE id = v_row.id AND version = v_row.version AND (running IS NULL OR running_until <= now());
          IF NOT FOUND THEN
            v_skipped := v_skipped || v_row."by";
            v_conflicts := v_conflicts || v_row."by";
          END IF;
        WHEN 'CHANGE' THEN
          UPDATE flow
          SET version = version + 1, state = v_row.state, sealed = decode(v_row.sealed, 'hex'),
              running = NULLIF(running, v_row."by"), updated_at = v_row.at
          WHERE id = v_row.id AND version = v_row.version;
          IF NOT FOUND THEN
            v_conflicts := v_conflicts || v_row."by";
          ELSIF v_row.kind = 'PHONE_BINDING' THEN
            PERFORM pg_notify('flow_changed', v_row.id::text);
          END IF;
      END CASE;
    END LOOP;

    -- A key whose request was turned away is free again.
    DELETE FROM idempotency_key i
    USING jsonb_to_recordset(COALESCE(p_batch -> 'keys', '[]')) AS k(digest text, id uuid)
    WHERE i.digest = decode(k.digest, 'hex') AND i.record_id = k.id AND k.id = ANY (v_conflicts);

    -- So is what it had reserved: no record of it will ever end.
    IF cardinality(v_conflicts) > 0 AND p_batch ? 'budgets' THEN
      UPDATE send_budget b
      SET reserved = b.reserved - n.back
      FROM (
        SELECT w.day, w.scope, count(*)::integer AS back
        FROM jsonb_to_recordset(p_batch -> 'admissions') AS a(id uuid, budget jsonb)
        CROSS JOIN LATERAL (
          SELECT DISTINCT (c ->> 'scope')::integer + 1 AS place FROM jsonb_array_elements(a.budget) AS c
        ) AS claim
        JOIN jsonb_to_recordset(p_batch -> 'budgets') AS w(place integer, day date, scope text) ON w.place = claim.place
        WHERE a.id = ANY (v_conflicts)
        GROUP BY w.day, w.scope
      ) AS n
      WHERE b.day = n.day AND b.scope = n.scope;
    END IF;
  END IF;

  -- 5. Records of this batch.
  IF p_batch ? 'classes' THEN
    INSERT INTO audit_class (id, kind, provider, operation, purpose, client, outcome)
    SELECT c.id, c.kind, c.provider, c.operation, c.purpose, c.client, c.outcome
    FROM jsonb_to_recordset(p_batch -> 'classes') AS c(id bigint, kind text, provider text, operation text, purpose text,
      client text, outcome text)
    ORDER BY c.id
    ON CONFLICT DO NOTHING;
  END IF;

  IF p_batch ? 'admissions' THEN
    INSERT INTO audit_record (id, kind, provider, operation, purpose, outcome, masked_phone, actor, client, flow,
      destination, created_at, due_at, subjects, salt, data_key, key_id)
    SELECT a.id, a.kind, a.provider, a.operation, a.purpose, 'PENDING', a."maskedPhone", a.actor, a.client, a.flow,
           a.destination, a.at, now() + make_interval(secs => a."dueMs" / 1000.0),
           ARRAY(SELECT decode(s, 'hex') FROM jsonb_array_elements_text(a.subjects) AS s),
           decode(a.salt, 'hex'), decode(a."dataKey", 'hex'), a."keyId"
    FROM jsonb_to_recordset(p_batch -> 'admissions') AS a(id uuid, kind text, provider text, operation text, purpose text,
      "maskedPhone" text, actor text, client text, flow uuid, destination text, at timestamptz, "dueMs" integer, subjects jsonb,
      salt text, "dataKey" text, "keyId" text)
    WHERE a.id <> ALL (v_skipped);

    -- The first denial of a rule and subject ends where it begins; those after it are only counted.
    IF v_firsts <> '[]' THEN
      WITH turned_away AS (
        UPDATE audit_record r
        SET outcome = 'DENIED', rule = d.rule, retry_after_ms = d."retryAfterMs", settled_at = r.created_at,
            frees_key = true, class = d.class
        FROM jsonb_to_recordset(v_firsts) AS d(id uuid, rule text, "retryAfterMs" integer, class bigint)
        WHERE r.id = d.id
        RETURNING r.id, r.class, r.subjects
      )
      INSERT INTO audit_subject (digest, class, record_id)
      SELECT DISTINCT subject, t.class, t.id FROM turned_away t CROSS JOIN LATERAL unnest(t.subjects) AS subject;
    END IF;
  END IF;

  -- Reading the log is settled as soon as it is recorded.
  IF p_batch ? 'accesses' THEN
    INSERT INTO audit_record (id, kind, operation, outcome, actor, client, created_at, settled_at, due_at, class,
      subjects, salt, data_key, key_id)
    SELECT a.id, 'AUDIT_ACCESS', a.operation, 'ACCEPTED', a.actor, a.client, a.at, a.at, a.at, a.class,
           '{}', decode(a.salt, 'hex'), decode(a."dataKey", 'hex'), a."keyId"
    FROM jsonb_to_recordset(p_batch -> 'accesses') AS a(id uuid, operation text, actor text, client text, at timestamptz,
      class bigint, salt text, "dataKey" text, "keyId" text);
  END IF;

  -- 6. Rows that other batches may want too, locked in the order of their ids. Whoever settles first, settles.
  IF p_batch ? 'settlements' OR p_batch ? 'tallies' OR cardinality(v_repeated) > 0 THEN
    v_settling := ARRAY(SELECT s.id FROM jsonb_to_recordset(p_batch -> 'settlements') AS s(id uuid));
    -- A writer keeps two of one record apart. Where one does not, the second must not become an entry: a record ends once.
    IF (SELECT count(DISTINCT s.id) FROM unnest(v_settling) AS s(id)) < cardinality(v_settling) THEN
      p_batch := jsonb_set(p_batch, '{settlements}', (
        SELECT jsonb_agg(f.item ORDER BY f.ordinality)
        FROM (
          SELECT DISTINCT ON ((s.item ->> 'id')::uuid) s.item, s.ordinality
          FROM jsonb_array_elements(p_batch -> 'settlements') WITH ORDINALITY AS s(item, ordinality)
          ORDER BY (s.item ->> 'id')::uuid, s.ordinality
        ) AS f));
    END IF;
    v_tallied := ARRAY(SELECT t.record FROM jsonb_to_recordset(p_batch -> 'tallies') AS t(record uuid));
    PERFORM 1
    FROM (SELECT DISTINCT w.id FROM unnest(v_repeated || v_settling || v_tallied) AS w(id)) AS wanted
    JOIN audit_record r ON r.id = wanted.id
    ORDER BY r.id
    FOR UPDATE OF r;
  END IF;

  -- Each repeat is an entry, up to a hundred of a record: nobody fills the log by repeating himself.
  IF cardinality(v_repeated) > 0 THEN
    SELECT COALESCE(jsonb_agg(jsonb_build_object('of', n.owner, 'id', n.repeat, 'at', n.at) ORDER BY n.ordinality), '[]')
    INTO v_counted
    FROM (
      SELECT u.owner, u.repeat, u.at, u.ordinality, row_number() OVER (PARTITION BY u.owner ORDER BY u.ordinality) AS nth
      FROM unnest(v_repeated, v_repeats_of, v_repeats_at) WITH ORDINALITY AS u(owner, repeat, at, ordinality)
    ) AS n
    JOIN audit_record r ON r.id = n.owner
    WHERE r.replays + n.nth <= 100;

    UPDATE audit_record r
    SET replays = r.replays + n.times
    FROM (
      SELECT c."of" AS id, count(*)::integer AS times
      FROM jsonb_to_recordset(v_counted) AS c("of" uuid) GROUP BY c."of"
    ) AS n
    WHERE r.id = n.id;
  END IF;

  IF p_batch ? 'tallies' THEN
    UPDATE audit_record r
    SET replays = r.replays + n.times
    FROM (
      SELECT t.record AS id, sum(t.count)::integer AS times
      FROM jsonb_to_recordset(p_batch -> 'tallies') AS t(record uuid, count integer) GROUP BY t.record
    ) AS n
    WHERE r.id = n.id;
  END IF;

  IF p_batch ? 'settlements' THEN
    WITH settled AS (
      UPDATE audit_record r
      SET outcome = s.outcome, provider_code = s."providerCode", provider_reference = s."providerReference",
          rule = s.rule, retry_after_ms = s."retryAfterMs", settled_at = s.at, latency_ms = s."latencyMs",
          answer = CASE WHEN r.erased_at IS NULL THEN s.answer END, frees_key = COALESCE(s."freesKey", false),
          class = s.class
      FROM jsonb_to_recordset(p_batch -> 'settlements') AS s(id uuid, outcome text, "providerCode" text,
        "providerReference" text, rule text, "retryAfterMs" integer, at timestamptz, "latencyMs" integer,
        answer jsonb, "freesKey" boolean, class bigint)
      WHERE r.id = s.id AND r.outcome = 'PENDING' AND r.id <> ALL (v_conflicts)
      RETURNING r.id, r.class, r.subjects, r.destination, r.created_at, r.outcome
    ), indexed AS (
      INSERT INTO audit_subject (digest, class, record_id)
      SELECT DISTINCT subject, s.class, s.id FROM settled s CROSS JOIN LATERAL unnest(s.subjects) AS subject
    ), paid AS (
      UPDATE send_budget b
      SET reserved = b.reserved - n.ended, spent = b.spent + n.sent
      FROM (
        SELECT budget_day(s.created_at) AS day, scope.name AS scope, count(*)::integer AS ended,
               count(*) FILTER (WHERE s.outcome IN ('ACCEPTED', 'UNKNOWN'))::integer AS sent
        FROM settled s CROSS JOIN LATERAL (VALUES ('*'), (s.destination)) AS scope(name)
        WHERE s.destination IS NOT NULL
        GROUP BY budget_day(s.created_at), scope.name
      ) AS n
      WHERE b.day = n.day AND b.scope = n.scope
    )
    SELECT COALESCE(array_agg(id), '{}') INTO v_settled FROM settled;
  END IF;

  -- 7. Outcomes and latencies by the hour in which their records began.
  IF cardinality(v_settled) > 0 OR p_batch ? 'tallies' OR v_firsts <> '[]' THEN
    INSERT INTO audit_rollup AS old (bucket, chain, provider, kind, outcome, rule, count, histogram)
    SELECT c.bucket, p_chain, c.provider, c.kind, c.outcome, c.rule, sum(c.count), histogram_of(array_agg(c.cell))
    FROM (
      SELECT s.hour AS bucket, s.provider, s.kind, s.outcome, COALESCE(s.rule, '') AS rule, 1 AS count, s.cell
      FROM jsonb_to_recordset(COALESCE(p_batch -> 'settlements', '[]')) AS s(id uuid, hour timestamptz, provider text,
        kind text, outcome text, rule text, cell integer)
      WHERE s.id = ANY (v_settled)
      UNION ALL
      SELECT d.hour, d.provider, d.kind, 'DENIED', d.rule, 1, NULL
      FROM jsonb_to_recordset(v_firsts) AS d(hour timestamptz, provider text, kind text, rule text)
      UNION ALL
      SELECT t.hour, t.provider, t.kind, 'DENIED', t.rule, t.count, NULL
      FROM jsonb_to_recordset(COALESCE(p_batch -> 'tallies', '[]')) AS t(hour timestamptz, provider text, kind text,
        rule text, count integer)
    ) AS c
    GROUP BY c.bucket, c.provider, c.kind, c.outcome, c.rule
    ON CONFLICT (bucket, chain, provider, kind, outcome, rule) DO UPDATE
    SET count = old.count + excluded.count, histogram = add_histograms(old.histogram, excluded.histogram);
  END IF;

  -- 8. Entries, in the order of the batch, each linked to the one before.
  FOR v_row IN
    SELECT e.*
    FROM (
      SELECT 0 AS part, a.id, 'INTENT' AS kind, a.at, a.leaf, a.ordinality
      FROM ROWS FROM (jsonb_to_recordset(COALESCE(p_batch -> 'admissions', '[]'))
        AS (id uuid, at timestamptz, leaf text)) WITH ORDINALITY AS a(id, at, leaf, ordinality)
      WHERE a.id <> ALL (v_skipped)
      UNION ALL
      -- These leaves are made here, since only now it is known who is denied, and who repeats whom: canonical as the
      -- others are.
      SELECT 1, c."of", 'INTENT', c.at::timestamptz,
             format('{"at":%s,"kind":"INTENT","record":"%s","repeat":"%s"}', to_json(c.at), c."of", c.id), c.ordinality
      FROM ROWS FROM (jsonb_to_recordset(v_counted) AS ("of" uuid, id uuid, at text)) WITH ORDINALITY
        AS c("of", id, at, ordinality)
      UNION ALL
      SELECT 1, d.id, 'OUTCOME', d.at::timestamptz,
             format('{"at":%s,"kind":"OUTCOME","outcome":"DENIED","record":"%s","retryAfterMs":%s,"rule":%s}',
               to_json(d.at), d.id, d."retryAfterMs", to_json(d.rule)), d.ordinality
      FROM ROWS FROM (jsonb_to_recordset(v_firsts) AS (id uuid, rule text, "retryAfterMs" integer, at text)) WITH ORDINALITY
        AS d(id, rule, "retryAfterMs", at, ordinality)
      UNION ALL
      SELECT 2, s.id, 'OUTCOME', s.at, s.leaf, s.ordinality
      FROM ROWS FROM (jsonb_to_recordset(COALESCE(p_batch -> 'settlements', '[]'))
        AS (id uuid, at timestamptz, leaf text)) WITH ORDINALITY AS s(id, at, leaf, ordinality)
      WHERE s.id = ANY (v_settled)
      UNION ALL
      SELECT 3, c.record, 'CALLBACK', c.at, c.leaf, c.ordinality
      FROM ROWS FROM (jsonb_to_recordset(COALESCE(p_batch -> 'callbacks', '[]'))
        AS (id uuid, record uuid, at timestamptz, leaf text)) WITH ORDINALITY AS c(id, record, at, leaf, ordinality)
      WHERE c.id <> ALL (v_conflicts)
      UNION ALL
      SELECT 4, a.id, a."entryKind", a.at, a.leaf, a.ordinality
      FROM ROWS FROM (jsonb_to_recordset(COALESCE(p_batch -> 'accesses', '[]'))
        AS (id uuid, at timestamptz, leaf text, "entryKind" text)) WITH ORDINALITY
        AS a(id, at, leaf, "entryKind", ordinality)
      UNION ALL
      SELECT 5, t.record, 'OUTCOME', t.at, t.leaf, t.ordinality
      FROM ROWS FROM (jsonb_to_recordset(COALESCE(p_batch -> 'tallies', '[]'))
        AS (record uuid, at timestamptz, leaf text)) WITH ORDINALITY AS t(record, at, leaf, ordinality)
    ) AS e
    ORDER BY e.part, e.ordinality
  LOOP
    -- Made by a clock that is ahead of the writer's. Its month goes after the chain's, and needs this entry until then.
    IF v_row.id >= v_next THEN
      RAISE EXCEPTION 'record % is of a later month than chain %', v_row.id, p_chain USING ERRCODE = 'YZ002';
    END IF;
    v_position := v_position + 1;
    v_positions := v_positions || v_position;
    v_previous := v_previous || v_hash;
    v_leaves := v_leaves || convert_to(v_row.leaf, 'UTF8');
    v_hash := sha256(v_hash || sha256(v_leaves[cardinality(v_leaves)]));
    v_hashes := v_hashes || v_hash;
    v_records := v_records || v_row.id;
    v_kinds := v_kinds || v_row.kind;
    v_times := v_times || v_row.at;
  END LOOP;

  INSERT INTO audit_entry (chain, position, record_id, kind, at, leaf, hash, previous_hash)
  SELECT p_chain, e.position, e.record_id, e.kind, e.at, e.leaf, e.hash, e.previous_hash
  FROM unnest(v_positions, v_records, v_kinds, v_times, v_leaves, v_hashes, v_previous)
    AS e(position, record_id, kind, at, leaf, hash, previous_hash);

  RETURN jsonb_build_object(
    'position', v_position,
    'hash', encode(v_hash, 'hex'),
    'repeats', v_repeats,
    'conflicts', to_jsonb(v_conflicts),
    'denied', v_denials,
    'used', v_used,
    'stale', COALESCE((
      SELECT jsonb_agg(s.id)
      FROM unnest(v_settling) AS s(id)
      WHERE s.id <> ALL (v_settled) AND s.id <> ALL (v_conflicts)), '[]'));
END
$function$;

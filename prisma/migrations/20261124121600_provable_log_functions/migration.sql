-- A histogram is a list of counts by cell; trailing zeros are left out, and none at all is null.
CREATE FUNCTION histogram_of(p_cells integer[]) RETURNS integer[]
LANGUAGE sql
IMMUTABLE
RETURN (
  SELECT array_agg(COALESCE(c.times, 0) ORDER BY n.cell)
  FROM generate_series(0, (SELECT max(m) FROM unnest(p_cells) AS m)) AS n(cell)
  LEFT JOIN (SELECT u AS cell, count(*)::integer AS times FROM unnest(p_cells) AS u GROUP BY u) AS c USING (cell)
);

CREATE FUNCTION add_histograms(p_one integer[], p_other integer[]) RETURNS integer[]
LANGUAGE sql
IMMUTABLE
RETURN CASE
  WHEN p_one IS NULL THEN p_other
  WHEN p_other IS NULL THEN p_one
  ELSE (
    SELECT array_agg(COALESCE(s.one, 0) + COALESCE(s.other, 0) ORDER BY s.ordinality)
    FROM unnest(p_one, p_other) WITH ORDINALITY AS s(one, other, ordinality))
END;

-- The only way into the log. One call is one batch of one process: it decides repeats of idempotency keys and
-- who goes on with a flow, inserts records, settles records, links the entries into the process's chain, counts
-- outcomes, and is atomic.
--
--   p_chain     the process's chain; SQLSTATE YZ001 where it is closed
--   p_position  position of the chain's last entry, 0 before the first
--   p_hash      its hash, hex
--   p_batch     {"admissions", "settlements", "callbacks", "accesses", "tallies", "keys", "flows", "classes"}: lists,
--               absent where empty, as src/pipeline/ledger-store.ts makes them
--   returns     {"position", "hash", "repeats": [{"id", "of", "reused"}], "stale": [id], "conflicts": [id]}
--
-- Locks are taken in one order everywhere, so that batches of any number of processes cannot deadlock:
-- new keys by digest, then all keys by digest, then flows by id, then records by id; rollups belong to one chain,
-- which one process writes. A second writer of the same chain fails on the entries' primary key.
--
-- Plans are made once a session, perhaps while the tables are empty, and the embedded database never gathers
-- statistics: so every way to read a whole table is closed to them. Rows are reached by id from a list, one by
-- one, so that only the partition that holds them is touched.
CREATE FUNCTION ledger_commit(p_chain uuid, p_position integer, p_hash text, p_batch jsonb) RETURNS jsonb
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
  v_counted jsonb := '[]';
  v_tallied uuid[] := '{}';
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
             k.id, decode(k.input, 'hex') AS input
      FROM jsonb_to_recordset(p_batch -> 'keys') AS k(digest text, id uuid, input text)
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
        END IF;
        v_repeats := v_repeats || jsonb_build_object('id', v_row.id, 'of', v_owner, 'reused', v_input <> v_row.input);
      END IF;
    END LOOP;
  END IF;

  -- 2. Flows: a change is made for the version its maker has seen, and at most one call of a flow is under way.
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
      WHERE f."by" <> ALL (v_skipped)
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
  END IF;

  -- 3. Records of this batch.
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
      created_at, due_at, subjects, salt, data_key, key_id)
    SELECT a.id, a.kind, a.provider, a.operation, a.purpose, 'PENDING', a."maskedPhone", a.actor, a.client, a.flow,
           a.at, now() + make_interval(secs => a."dueMs" / 1000.0),
           ARRAY(SELECT decode(s, 'hex') FROM jsonb_array_elements_text(a.subjects) AS s),
           decode(a.salt, 'hex'), decode(a."dataKey", 'hex'), a."keyId"
    FROM jsonb_to_recordset(p_batch -> 'admissions') AS a(id uuid, kind text, provider text, operation text, purpose text,
      "maskedPhone" text, actor text, client text, flow uuid, at timestamptz, "dueMs" integer, subjects jsonb,
      salt text, "dataKey" text, "keyId" text)
    WHERE a.id <> ALL (v_skipped);
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

  -- 4. Rows that other batches may want too, locked in the order of their ids. Whoever settles first, settles.
  IF p_batch ? 'settlements' OR p_batch ? 'tallies' OR cardinality(v_repeated) > 0 THEN
    v_settling := ARRAY(SELECT s.id FROM jsonb_to_recordset(p_batch -> 'settlements') AS s(id uuid));
    v_tallied := ARRAY(SELECT t.record FROM jsonb_to_recordset(p_batch -> 'tallies') AS t(record uuid));
    PERFORM 1
    FROM (SELECT DISTINCT w.id FROM unnest(v_repeated || v_settling || v_tallied) AS w(id)) AS wanted
    JOIN audit_record r ON r.id = wanted.id
    ORDER BY r.id
    FOR UPDATE OF r;
  END IF;

  -- Each repeat is an entry, up to a hundred of a record: nobody fills the log by repeating himself.
  IF cardinality(v_repeated) > 0 THEN
    SELECT COALESCE(jsonb_agg(jsonb_build_object('of', n.owner, 'id', n.repeat) ORDER BY n.ordinality), '[]')
    INTO v_counted
    FROM (
      SELECT u.owner, u.repeat, u.ordinality, row_number() OVER (PARTITION BY u.owner ORDER BY u.ordinality) AS nth
      FROM unnest(v_repeated, v_repeats_of) WITH ORDINALITY AS u(owner, repeat, ordinality)
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
      RETURNING r.id, r.class, r.subjects
    ), indexed AS (
      INSERT INTO audit_subject (digest, class, record_id)
      SELECT DISTINCT subject, s.class, s.id FROM settled s CROSS JOIN LATERAL unnest(s.subjects) AS subject
    )
    SELECT COALESCE(array_agg(id), '{}') INTO v_settled FROM settled;
  END IF;

  -- 5. Outcomes and latencies by the hour in which their records began.
  IF cardinality(v_settled) > 0 OR p_batch ? 'tallies' THEN
    INSERT INTO audit_rollup AS old (bucket, chain, provider, kind, outcome, rule, count, histogram)
    SELECT c.bucket, p_chain, c.provider, c.kind, c.outcome, c.rule, sum(c.count), histogram_of(array_agg(c.cell))
    FROM (
      SELECT s.hour AS bucket, s.provider, s.kind, s.outcome, COALESCE(s.rule, '') AS rule, 1 AS count, s.cell
      FROM jsonb_to_recordset(COALESCE(p_batch -> 'settlements', '[]')) AS s(id uuid, hour timestamptz, provider text,
        kind text, outcome text, rule text, cell integer)
      WHERE s.id = ANY (v_settled)
      UNION ALL
      SELECT t.hour, t.provider, t.kind, 'DENIED', t.rule, t.count, NULL
      FROM jsonb_to_recordset(COALESCE(p_batch -> 'tallies', '[]')) AS t(hour timestamptz, provider text, kind text,
        rule text, count integer)
    ) AS c
    GROUP BY c.bucket, c.provider, c.kind, c.outcome, c.rule
    ON CONFLICT (bucket, chain, provider, kind, outcome, rule) DO UPDATE
    SET count = old.count + excluded.count, histogram = add_histograms(old.histogram, excluded.histogram);
  END IF;

  -- 6. Entries, in the order of the batch, each linked to the one before.
  FOR v_row IN
    SELECT e.*
    FROM (
      SELECT 0 AS part, a.id, 'INTENT' AS kind, a.at, a.leaf, a.ordinality
      FROM ROWS FROM (jsonb_to_recordset(COALESCE(p_batch -> 'admissions', '[]'))
        AS (id uuid, at timestamptz, leaf text)) WITH ORDINALITY AS a(id, at, leaf, ordinality)
      WHERE a.id <> ALL (v_skipped)
      UNION ALL
      -- The one leaf that is made here, since only now it is known whom it repeats: canonical as the others are.
      SELECT 1, c."of", 'INTENT', a.at::timestamptz,
             format('{"at":%s,"kind":"INTENT","record":"%s","repeat":"%s"}', to_json(a.at), c."of", c.id), c.ordinality
      FROM ROWS FROM (jsonb_to_recordset(v_counted) AS ("of" uuid, id uuid)) WITH ORDINALITY AS c("of", id, ordinality)
      CROSS JOIN LATERAL (SELECT x.at FROM jsonb_to_recordset(p_batch -> 'admissions') AS x(id uuid, at text) WHERE x.id = c.id) AS a
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
    'stale', COALESCE((
      SELECT jsonb_agg(s.id)
      FROM unnest(v_settling) AS s(id)
      WHERE s.id <> ALL (v_settled) AND s.id <> ALL (v_conflicts)), '[]'));
END
$function$;

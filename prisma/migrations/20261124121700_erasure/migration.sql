-- Erasing a person: in statements that are bounded, however many records there are, and each of which may be
-- done again. What is to be destroyed is listed first (audit_erasure), so that a crash loses nothing of it.

-- Erasures that were begun and are not done: mostly none.
CREATE TABLE "audit_erasure_due" (
    "erasure" UUID NOT NULL,
    "held_until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "audit_erasure_due_pkey" PRIMARY KEY ("erasure")
);

-- Lists the records under way that are about a person; returns those that were added.
CREATE FUNCTION erasure_collect_pending(p_erasure uuid, p_digest bytea) RETURNS SETOF uuid
LANGUAGE sql
SET enable_seqscan = off
AS $function$
  INSERT INTO audit_erasure (erasure, record_id)
  SELECT p_erasure, r.id FROM audit_record r WHERE r.outcome = 'PENDING' AND r.subjects @> ARRAY[p_digest]
  ON CONFLICT DO NOTHING
  RETURNING record_id;
$function$;

-- Lists further settled records that are about a person, in the order of the index: after a class and a record.
CREATE FUNCTION erasure_collect(p_erasure uuid, p_digest bytea, p_class bigint, p_record uuid, p_limit integer)
RETURNS TABLE (class bigint, record_id uuid, added boolean)
LANGUAGE sql
SET enable_seqscan = off
SET enable_bitmapscan = off
AS $function$
  WITH page AS (
    SELECT s.class, s.record_id
    FROM audit_subject s
    WHERE s.digest = p_digest AND (s.class, s.record_id) > (p_class, p_record)
    ORDER BY s.class, s.record_id
    LIMIT p_limit
  ), listed AS (
    INSERT INTO audit_erasure AS e (erasure, record_id)
    SELECT p_erasure, p.record_id FROM page p
    ON CONFLICT DO NOTHING
    RETURNING e.record_id
  )
  SELECT p.class, p.record_id, l.record_id IS NOT NULL
  FROM page p LEFT JOIN listed l ON l.record_id = p.record_id
  ORDER BY p.class, p.record_id;
$function$;

-- Destroys what these records hold of a person: their keys, salts, masks, actors and digests, the idempotency keys
-- that lead to them, and what flows that began with them keep. Entries stay as they are, unreadable from then on.
-- The first erasure of a record counts.
--
--   p_flows, p_owners  flows whose owner is not marked yet, and the marks
--
-- Rows are locked in the ledger's order. Each statement sees what was committed while the one before waited, so that
-- what a settlement has just added is found.
CREATE FUNCTION erasure_destroy(p_erasure uuid, p_at timestamptz, p_records uuid[], p_flows uuid[], p_owners text[])
RETURNS void
LANGUAGE plpgsql
SET enable_seqscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
SET plan_cache_mode = force_generic_plan
AS $function$
BEGIN
  PERFORM 1
  FROM unnest(p_records) AS u(id) JOIN idempotency_key i ON i.record_id = u.id
  ORDER BY i.digest
  FOR UPDATE OF i;
  PERFORM 1
  FROM unnest(p_records) AS u(id) JOIN flow f ON f.id = u.id
  ORDER BY f.id
  FOR UPDATE OF f;
  PERFORM 1
  FROM unnest(p_records) AS u(id) JOIN audit_record r ON r.id = u.id
  ORDER BY r.id
  FOR UPDATE OF r;

  DELETE FROM idempotency_key i USING unnest(p_records) AS u(id) WHERE i.record_id = u.id;

  -- A call that is under way has seen an older version: it cannot write back what it knows. A state keeps nothing
  -- but an address that a front-end made, and a provider's words to the person.
  UPDATE flow f
  SET sealed = NULL, actor = o.owner, version = f.version + 1,
      state = CASE WHEN f.state #> '{conversation,prompt}' IS NULL THEN f.state - 'returnUrl'
                   ELSE jsonb_set(f.state - 'returnUrl', '{conversation,prompt}', '""') END
  FROM unnest(p_flows, p_owners) AS o(id, owner)
  WHERE f.id = o.id;
  UPDATE flow f
  SET state = jsonb_set(f.state, '{conversation,message}', '""')
  FROM unnest(p_flows) AS o(id)
  WHERE f.id = o.id AND f.state #> '{conversation,message}' IS NOT NULL;
  PERFORM pg_notify('flow_changed', f.id::text)
  FROM unnest(p_flows) AS o(id) JOIN flow f ON f.id = o.id
  WHERE f.kind = 'PHONE_BINDING';

  UPDATE audit_record r
  SET data_key = NULL, salt = NULL, masked_phone = NULL, actor = NULL, answer = NULL, subjects = '{}',
      erased_at = p_at, erased_by = p_erasure
  FROM unnest(p_records) AS u(id)
  WHERE r.id = u.id AND r.erased_by IS NULL;

  DELETE FROM audit_subject s USING unnest(p_records) AS u(id) WHERE s.record_id = u.id;
END
$function$;

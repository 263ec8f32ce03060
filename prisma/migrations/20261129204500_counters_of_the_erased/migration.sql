-- Erasing a person takes the counters of limits with it: what is left by then can be joined to no number.
-- Locks are taken in the order of ledger_commit: keys, counters, flows, records.
CREATE OR REPLACE FUNCTION erasure_destroy(p_erasure uuid, p_at timestamptz, p_records uuid[], p_flows uuid[], p_owners text[])
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
  FROM (
    SELECT DISTINCT substring(subject FROM 1 FOR 16) AS begin
    FROM unnest(p_records) AS u(id) JOIN audit_record r ON r.id = u.id CROSS JOIN LATERAL unnest(r.subjects) AS subject
  ) AS s
  JOIN limit_counter l ON l.key >= s.begin AND l.key <= s.begin || decode(repeat('ff', 16), 'hex')
  ORDER BY l.key
  FOR UPDATE OF l;
  PERFORM 1
  FROM unnest(p_records) AS u(id) JOIN flow f ON f.id = u.id
  ORDER BY f.id
  FOR UPDATE OF f;
  PERFORM 1
  FROM unnest(p_records) AS u(id) JOIN audit_record r ON r.id = u.id
  ORDER BY r.id
  FOR UPDATE OF r;

  DELETE FROM idempotency_key i USING unnest(p_records) AS u(id) WHERE i.record_id = u.id;

  -- Counters of everybody in these records: their keys begin like the digests.
  DELETE FROM limit_counter l
  USING unnest(p_records) AS u(id) JOIN audit_record r ON r.id = u.id CROSS JOIN LATERAL unnest(r.subjects) AS subject
  WHERE l.key >= substring(subject FROM 1 FOR 16)
    AND l.key <= substring(subject FROM 1 FOR 16) || decode(repeat('ff', 16), 'hex');

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

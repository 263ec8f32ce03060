-- What audit-rows.mjs fills a database with: row number i of so many, made from i alone, so that every run makes the
-- same rows.

CREATE FUNCTION bench_random(i bigint, seed integer) RETURNS double precision
LANGUAGE sql IMMUTABLE
RETURN (hashint8extended(i, seed) & 2147483647) / 2147483648.0::double precision;

-- From 0; the smaller the likelier: Zipf's law, but for the first few, who are alike.
CREATE FUNCTION bench_rank(u double precision, ranks double precision, alike double precision) RETURNS bigint
LANGUAGE sql IMMUTABLE
RETURN floor(alike * (power((ranks + alike) / alike, u) - 1))::bigint;

CREATE FUNCTION bench_uuid(ms bigint, i bigint) RETURNS uuid
LANGUAGE sql IMMUTABLE
RETURN (lpad(to_hex(ms), 12, '0') || '7' || substr(md5(i::text), 1, 3) || '8' || substr(md5(i::text), 4, 15))::uuid;

-- As long as those of src/limits/subject.ts, and without a key.
CREATE FUNCTION bench_digest(kind text, value text) RETURNS bytea
LANGUAGE sql IMMUTABLE
RETURN sha256(convert_to(kind || value, 'UTF8'));

-- Combinations of what is asked for and how it ends. The first so many are each as likely; those behind are rare.
CREATE TABLE bench_slot (slot integer PRIMARY KEY, kind text, provider text, operation text, purpose text, client text,
  outcome text, class bigint, about text, flows boolean);

-- Rows p_from to p_to of p_rows, which are p_step ms apart from p_began (ms) on. p_slots are likely, p_rare are rare.
CREATE FUNCTION bench_fill(p_from bigint, p_to bigint, p_rows bigint, p_began bigint, p_step double precision,
  p_slots integer, p_rare integer) RETURNS void
LANGUAGE sql
AS $function$
  WITH numbered AS (
    SELECT i, p_began + floor(i * p_step)::bigint AS ms,
           CASE WHEN i % 100003 = 77 THEN p_slots + (i / 100003 % p_rare)::integer
                ELSE floor(bench_random(i, 1) * p_slots)::integer END AS slot,
           CASE WHEN i % (p_rows / 100000) = 0 THEN '+8613900000000'
                ELSE '+8613' || lpad(bench_rank(bench_random(i, 2), p_rows / 4, 1000)::text, 9, '0') END AS phone,
           CASE WHEN bench_random(i, 3) < 0.4 THEN NULL
                WHEN bench_random(i, 3) < 0.5 THEN 'school-gateway'
                ELSE 'user-' || bench_rank(bench_random(i, 4), p_rows / 20, 100) END AS actor,
           i > p_rows - 40 AS pending,
           greatest(20, round(exp(5.3 + 1.1 * (bench_random(i, 5) + bench_random(i, 6) + bench_random(i, 7) - 1.5)))::integer) AS latency,
           md5(i::text) AS hex
    FROM generate_series(p_from, p_to) AS i
  ), made AS MATERIALIZED (
    SELECT n.*, s.kind, s.provider, s.operation, s.purpose, s.client, s.class, s.about, s.outcome AS ended,
           bench_uuid(n.ms, n.i) AS id,
           to_timestamp(n.ms / 1000.0) AS at,
           to_timestamp((n.ms + n.latency) / 1000.0) AS settled_at,
           CASE WHEN s.flows THEN bench_uuid(p_began + floor((n.i - n.i % 250) * p_step)::bigint, n.i - n.i % 250) END AS flow,
           CASE s.about
             WHEN 'phone' THEN ARRAY[bench_digest('phone', n.phone)]
             WHEN 'phone, personId' THEN ARRAY[bench_digest('phone', n.phone), bench_digest('personId', 'P' || right(n.phone, 9))]
             WHEN 'phone, memberId' THEN ARRAY[bench_digest('phone', n.phone), bench_digest('memberId', 'M' || right(n.phone, 8))]
             WHEN 'personId' THEN ARRAY[bench_digest('personId', 'P' || right(n.phone, 9))]
             ELSE '{}'::bytea[] END AS subjects,
           decode(n.hex || n.hex, 'hex') AS bytes
    FROM numbered n JOIN bench_slot s USING (slot)
  ), records AS (
    INSERT INTO audit_record (id, kind, provider, operation, purpose, outcome, masked_phone, actor, client, flow,
      provider_code, provider_reference, rule, retry_after_ms, replays, created_at, settled_at, latency_ms, class, subjects,
      salt, data_key, key_id, due_at, answer)
    SELECT id, kind, provider, operation, purpose, CASE WHEN pending THEN 'PENDING' ELSE ended END,
           CASE WHEN about LIKE 'phone%' THEN '138****' || right(phone, 4) END, actor, client, flow,
           CASE WHEN NOT pending AND ended IN ('ACCEPTED', 'REFUSED') THEN '10000' END,
           CASE WHEN NOT pending AND ended = 'ACCEPTED' AND provider IS NOT NULL THEN 'T' || i END,
           CASE WHEN NOT pending AND ended = 'DENIED' THEN 'phone per hour' END,
           CASE WHEN NOT pending AND ended = 'DENIED' THEN 60000 END, 0, at,
           CASE WHEN NOT pending THEN settled_at END, CASE WHEN NOT pending THEN latency END,
           CASE WHEN NOT pending THEN class END, subjects, substr(bytes, 1, 16), bytes || substr(bytes, 1, 28),
           '0123456789abcdef', at + interval '60 s',
           CASE WHEN NOT pending THEN jsonb_build_object('outcome', ended, 'providerCode', '10000', 'value',
             jsonb_build_object('expiresInMs', 300000, 'resendAfterMs', 60000, 'maskedPhone', '138****' || right(phone, 4))) END
    FROM made
  ), subjects AS (
    INSERT INTO audit_subject (digest, class, record_id)
    SELECT digest, class, id FROM made CROSS JOIN LATERAL unnest(subjects) AS digest WHERE NOT pending
  )
  INSERT INTO audit_entry (chain, position, record_id, kind, at, leaf, hash, previous_hash)
  -- Two processes, each with a chain a day.
  SELECT bench_uuid(ms - ms % 86400000, i % 2), (i - floor((ms - ms % 86400000 - p_began) / p_step)::bigint) / 2 * 2 + e.part,
         id, e.entry, CASE e.part WHEN 0 THEN at ELSE settled_at END,
         convert_to(CASE e.part
           WHEN 0 THEN '{"at":"2026-11-24T12:00:00.000Z","client":"' || client || '","commitment":"' || hex || hex
             || '","kind":"INTENT","operation":"' || operation || '","provider":"' || COALESCE(provider, '') || '","purpose":"'
             || COALESCE(purpose, '') || '","record":"' || id || '","requestKind":"' || kind || '","sealed":"' || repeat(hex, 7) || '"}'
           ELSE '{"at":"2026-11-24T12:00:00.000Z","kind":"OUTCOME","latencyMs":' || latency || ',"outcome":"' || ended
             || '","providerCode":"10000","providerReference":"T' || i || '","record":"' || id || '","sealed":"' || repeat(hex, 5) || '"}'
         END, 'UTF8'), bytes, bytes
  FROM made CROSS JOIN (VALUES (0, 'INTENT'), (1, 'OUTCOME')) AS e(part, entry)
  WHERE e.part = 0 OR NOT pending;
$function$;

-- Every hour of so many ms from p_began (ms) on: two processes, each begun anew ten times a day, each with eleven
-- combinations of provider, kind and outcome, and two rules that denied.
CREATE FUNCTION bench_rollups(p_began bigint, p_span bigint) RETURNS void
LANGUAGE sql
AS $function$
  INSERT INTO audit_rollup (chain, bucket, provider, kind, outcome, rule, count, histogram)
  SELECT bench_uuid(p_began + life * 8640000, process), to_timestamp((p_began + hour * 3600000) / 1000.0),
         c.provider, c.kind, c.outcome, c.rule, 300,
         CASE WHEN c.outcome <> 'DENIED' THEN ARRAY(
           SELECT CASE WHEN cell < 20 THEN 0 ELSE round(60 * exp(-1 * ((cell - 32) / 7.0) ^ 2))::integer END
           FROM generate_series(0, 52) AS cell) END
  FROM generate_series(0, p_span / 3600000) AS hour
  CROSS JOIN generate_series(0, 1) AS process
  CROSS JOIN LATERAL generate_series(hour * 3600000 / 8640000, (hour * 3600000 + 3599999) / 8640000) AS life
  CROSS JOIN (VALUES
    ('usercoin', 'VERIFICATION_CODE', 'ACCEPTED', ''), ('usercoin', 'VERIFICATION_CODE', 'REFUSED', ''),
    ('usercoin', 'VERIFICATION_CODE', 'UNKNOWN', ''), ('usercoin', 'VERIFICATION_CODE', 'DENIED', 'phone per hour'),
    ('usercoin', 'VERIFICATION_CODE', 'DENIED', 'phone per day'), ('qingsong-bank', 'VERIFICATION_CODE', 'ACCEPTED', ''),
    ('qingsong-bank', 'VERIFICATION_CODE', 'REFUSED', ''), ('juxinli', 'OPERATOR_AUTHENTICATION', 'ACCEPTED', ''),
    ('juxinli', 'OPERATOR_AUTHENTICATION', 'REFUSED', ''), ('tongqifu', 'PHONE_BINDING', 'ACCEPTED', ''),
    ('tongqifu', 'PHONE_BINDING', 'REFUSED', ''), ('qingsong-token', 'USER_TOKEN', 'ACCEPTED', ''),
    ('qingsong-token', 'USER_TOKEN', 'REFUSED', '')) AS c(provider, kind, outcome, rule);
$function$;

-- The log becomes provable: what was written before this has neither commitments nor checkpoints, and nothing
-- could be proved of it. Nothing is thrown away: a database that holds such records is left as it is.
DO $guard$
BEGIN
  IF EXISTS (SELECT FROM audit_record) THEN
    RAISE EXCEPTION 'this database holds records of a development version before the provable log; start with an empty database (or another DATA_DIR) and keep this one for reading';
  END IF;
END
$guard$;

DROP FUNCTION ledger_commit(uuid, integer, text, jsonb);
DROP TABLE audit_subject, audit_entry, audit_record, flow;

-- Records by month of their id, entries by month of their chain: both are UUIDv7, so that months are ranges.
CREATE TABLE "audit_record" (
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "provider" TEXT,
    "operation" TEXT NOT NULL,
    "purpose" TEXT,
    "outcome" TEXT NOT NULL,
    "masked_phone" TEXT,
    "actor" TEXT,
    "client" TEXT,
    "flow" UUID,
    "provider_code" TEXT,
    "provider_reference" TEXT,
    "rule" TEXT,
    "retry_after_ms" INTEGER,
    "replays" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "settled_at" TIMESTAMPTZ(3),
    "latency_ms" INTEGER,
    "erased_at" TIMESTAMPTZ(3),
    "erased_by" UUID,
    "class" BIGINT,
    "subjects" BYTEA[],
    "salt" BYTEA,
    "data_key" BYTEA,
    "key_id" TEXT,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "answer" JSONB,
    "frees_key" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "audit_record_pkey" PRIMARY KEY ("id")
) PARTITION BY RANGE ("id");

CREATE TABLE "audit_entry" (
    "chain" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "record_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "leaf" BYTEA NOT NULL,
    "hash" BYTEA NOT NULL,
    "previous_hash" BYTEA NOT NULL,

    CONSTRAINT "audit_entry_pkey" PRIMARY KEY ("chain","position")
) PARTITION BY RANGE ("chain");

CREATE TABLE "audit_subject" (
    "digest" BYTEA NOT NULL,
    "class" BIGINT NOT NULL,
    "record_id" UUID NOT NULL,

    CONSTRAINT "audit_subject_pkey" PRIMARY KEY ("digest","class","record_id")
) PARTITION BY RANGE ("record_id");

CREATE TABLE "flow" (
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "state" JSONB NOT NULL,
    "sealed" BYTEA,
    "version" INTEGER NOT NULL DEFAULT 0,
    "running" UUID,
    "running_until" TIMESTAMPTZ(3),
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "flow_pkey" PRIMARY KEY ("id")
) PARTITION BY RANGE ("id");

CREATE TABLE "audit_class" (
    "id" BIGINT NOT NULL,
    "kind" TEXT NOT NULL,
    "provider" TEXT,
    "operation" TEXT NOT NULL,
    "purpose" TEXT,
    "client" TEXT,
    "outcome" TEXT NOT NULL,

    CONSTRAINT "audit_class_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "audit_rollup" (
    "chain" UUID NOT NULL,
    "bucket" TIMESTAMPTZ(3) NOT NULL,
    "provider" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "rule" TEXT NOT NULL,
    "count" INTEGER NOT NULL,
    "histogram" INTEGER[],

    CONSTRAINT "audit_rollup_pkey" PRIMARY KEY ("bucket","chain","provider","kind","outcome","rule")
);

CREATE TABLE "audit_chain" (
    "id" UUID NOT NULL,
    "instance" TEXT NOT NULL,
    "alive_until" TIMESTAMPTZ(3) NOT NULL,
    "closed_at" TIMESTAMPTZ(3),

    CONSTRAINT "audit_chain_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "audit_checkpoint" (
    "chain" UUID NOT NULL,
    "serial" INTEGER NOT NULL,
    "statement" TEXT NOT NULL,

    CONSTRAINT "audit_checkpoint_pkey" PRIMARY KEY ("chain","serial")
);

CREATE TABLE "audit_erasure" (
    "erasure" UUID NOT NULL,
    "record_id" UUID NOT NULL,

    CONSTRAINT "audit_erasure_pkey" PRIMARY KEY ("erasure","record_id")
);

CREATE TABLE "audit_dropped_month" (
    "month" TIMESTAMPTZ(3) NOT NULL,
    "statement" TEXT NOT NULL,

    CONSTRAINT "audit_dropped_month_pkey" PRIMARY KEY ("month")
);

CREATE INDEX "audit_entry_record_id_idx" ON "audit_entry"("record_id");
CREATE INDEX "audit_subject_record_id_idx" ON "audit_subject"("record_id");
CREATE INDEX "audit_rollup_chain_idx" ON "audit_rollup"("chain");
CREATE INDEX "audit_erasure_record_id_idx" ON "audit_erasure"("record_id");
CREATE INDEX "idempotency_key_record_id_idx" ON "idempotency_key"("record_id");

-- Prisma cannot say "partial", nor "fill factor". A record is in the search's indexes once it is settled, and
-- is found among the few that are PENDING until then, so that settling is the only time they are written.
CREATE INDEX audit_record_pending ON audit_record (due_at) WHERE outcome = 'PENDING';
CREATE INDEX audit_record_class ON audit_record (class, id) WHERE class IS NOT NULL;
CREATE INDEX audit_record_actor ON audit_record (actor, class, id) WHERE class IS NOT NULL AND actor IS NOT NULL;
CREATE INDEX audit_record_flow ON audit_record (flow, id) WHERE flow IS NOT NULL;
CREATE INDEX audit_record_reference ON audit_record (provider_reference, id) WHERE provider_reference IS NOT NULL;
CREATE INDEX audit_chain_open ON audit_chain (alive_until) WHERE closed_at IS NULL;

-- What is written once stays as it was written, for everybody: superusers too, until they switch triggers off,
-- which the proof then shows.
CREATE FUNCTION refuse_change() RETURNS trigger
LANGUAGE plpgsql
AS $function$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$function$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_checkpoint FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_dropped_month FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON audit_entry EXECUTE FUNCTION refuse_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON audit_checkpoint EXECUTE FUNCTION refuse_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON audit_dropped_month EXECUTE FUNCTION refuse_change();
ALTER TABLE audit_entry ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE audit_checkpoint ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE audit_dropped_month ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE audit_entry ENABLE ALWAYS TRIGGER no_truncate;
ALTER TABLE audit_checkpoint ENABLE ALWAYS TRIGGER no_truncate;
ALTER TABLE audit_dropped_month ENABLE ALWAYS TRIGGER no_truncate;

-- The smallest UUIDv7 of a moment.
CREATE FUNCTION first_uuid_at(p_at timestamptz) RETURNS uuid
LANGUAGE sql
IMMUTABLE
RETURN rpad(lpad(to_hex((extract(epoch FROM p_at) * 1000)::bigint), 12, '0'), 32, '0')::uuid;

-- Makes the partitions of this month and of so many months after it, where they are missing; returns how many
-- were. For the owner of the tables: the application's role owns nothing.
CREATE FUNCTION make_partitions(p_months_ahead integer, p_now timestamptz DEFAULT now()) RETURNS integer
LANGUAGE plpgsql
AS $function$
DECLARE
  v_made integer := 0;
  v_table text;
  v_month timestamp;
  v_name text;
BEGIN
  PERFORM pg_advisory_xact_lock(4001);
  FOR v_offset IN 0 .. p_months_ahead LOOP
    v_month := date_trunc('month', p_now AT TIME ZONE 'UTC') + make_interval(months => v_offset);
    FOREACH v_table IN ARRAY ARRAY['audit_record', 'audit_entry', 'audit_subject', 'flow'] LOOP
      v_name := v_table || to_char(v_month, '_YYYY_MM');
      CONTINUE WHEN to_regclass(format('%I', v_name)) IS NOT NULL;
      EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)', v_name, v_table,
        first_uuid_at(v_month AT TIME ZONE 'UTC'),
        first_uuid_at((v_month + interval '1 month') AT TIME ZONE 'UTC'));
      -- Row triggers are cloned to partitions, those on TRUNCATE are not; and a clone is not ALWAYS by itself.
      IF v_table = 'audit_entry' THEN
        EXECUTE format('CREATE TRIGGER no_truncate BEFORE TRUNCATE ON %I EXECUTE FUNCTION refuse_change()', v_name);
        EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER no_truncate', v_name);
        EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER append_only', v_name);
      END IF;
      v_made := v_made + 1;
    END LOOP;
  END LOOP;
  RETURN v_made;
END
$function$;

SELECT make_partitions(2);

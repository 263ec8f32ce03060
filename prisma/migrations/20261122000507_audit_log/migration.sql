-- CreateTable
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
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "answer" JSONB,
    "frees_key" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "audit_record_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_entry" (
    "chain" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "record_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actor" TEXT,
    "leaf" BYTEA NOT NULL,
    "hash" BYTEA NOT NULL,
    "previous_hash" BYTEA NOT NULL,

    CONSTRAINT "audit_entry_pkey" PRIMARY KEY ("chain","position")
);

-- CreateTable
CREATE TABLE "audit_subject" (
    "digest" BYTEA NOT NULL,
    "record_id" UUID NOT NULL,

    CONSTRAINT "audit_subject_pkey" PRIMARY KEY ("digest","record_id")
);

-- CreateTable
CREATE TABLE "idempotency_key" (
    "digest" BYTEA NOT NULL,
    "record_id" UUID NOT NULL,
    "input_digest" BYTEA NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "idempotency_key_pkey" PRIMARY KEY ("digest")
);

-- CreateTable
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
);

-- CreateIndex
CREATE INDEX "audit_record_flow_idx" ON "audit_record"("flow");

-- CreateIndex
CREATE INDEX "audit_record_provider_reference_idx" ON "audit_record"("provider_reference");

-- CreateIndex
CREATE INDEX "audit_entry_record_id_idx" ON "audit_entry"("record_id");

-- CreateIndex
CREATE INDEX "audit_subject_record_id_idx" ON "audit_subject"("record_id");

-- CreateIndex
CREATE INDEX "idempotency_key_expires_at_idx" ON "idempotency_key"("expires_at");

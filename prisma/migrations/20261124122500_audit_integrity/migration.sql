-- What the verifier found. Not part of the proof, and not signed: whoever doubts it runs the verifier.
CREATE TABLE "audit_integrity" (
    "id" UUID NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "chains" INTEGER NOT NULL,
    "entries" BIGINT NOT NULL,
    "records" BIGINT NOT NULL,
    "intact" BOOLEAN NOT NULL,
    "faults" INTEGER NOT NULL,
    "first_broken" TEXT,

    CONSTRAINT "audit_integrity_pkey" PRIMARY KEY ("id")
);

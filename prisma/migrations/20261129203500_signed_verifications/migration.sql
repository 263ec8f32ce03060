-- What the verifier finds is signed, so that nobody can put "intact" into its mouth, and what it found stays. Runs of
-- before were not signed, and say nothing that running the verifier does not say again.
DROP TABLE audit_integrity;

CREATE TABLE "audit_integrity" (
    "serial" INTEGER NOT NULL,
    "statement" TEXT NOT NULL,

    CONSTRAINT "audit_integrity_pkey" PRIMARY KEY ("serial")
);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_integrity FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON audit_integrity EXECUTE FUNCTION refuse_change();
ALTER TABLE audit_integrity ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE audit_integrity ENABLE ALWAYS TRIGGER no_truncate;

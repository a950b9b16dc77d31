CREATE TABLE "dossier_fact" (
    "subject" TEXT NOT NULL,
    "city" TEXT NOT NULL,
    "unit" TEXT NOT NULL,
    "received_unit" TEXT,
    "beside" BOOLEAN NOT NULL DEFAULT false,
    "received_at" TIMESTAMPTZ(3),
    "channel" TEXT,
    "procedure" TEXT,
    "online_level" INTEGER,
    "due_at" TIMESTAMPTZ(3),
    "first_due_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "ended_as" TEXT,
    "ended_class" TEXT,
    "intake_refused" BOOLEAN NOT NULL DEFAULT false,
    "waiting_since" TIMESTAMPTZ(3),
    "stops" TSTZMULTIRANGE NOT NULL DEFAULT '{}',
    "supplement_requests" INTEGER NOT NULL DEFAULT 0,
    "waited_ms" BIGINT NOT NULL DEFAULT 0,
    "finding_count" INTEGER NOT NULL DEFAULT 0,
    CONSTRAINT "dossier_fact_pkey" PRIMARY KEY ("subject")
);
-- A report of a period reads the dossiers that ended or came in since its start and those that are still open: one index scan each.
CREATE INDEX "dossier_fact_city_ended_at_idx" ON "dossier_fact"("city", "ended_at");
CREATE INDEX "dossier_fact_city_received_at_idx" ON "dossier_fact"("city", "received_at");

CREATE TABLE "finding" (
    "number" BIGSERIAL NOT NULL,
    "subject" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "source" TEXT,
    "id" TEXT,
    "unit" TEXT NOT NULL,
    "month" TEXT,
    "raw" TEXT,
    CONSTRAINT "finding_pkey" PRIMARY KEY ("number")
);
CREATE INDEX "finding_subject_idx" ON "finding"("subject");
CREATE INDEX "finding_unit_month_code_idx" ON "finding"("unit", "month", "code");

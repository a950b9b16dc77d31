-- Keys are read by their prefix: byte order makes that a range of the index, whatever the database's collation.
ALTER TABLE "subject" ALTER COLUMN "key" TYPE TEXT COLLATE "C";

-- A subject may give to several units and months by one rule: declared counts of a year, ratings of several dates.
ALTER TABLE "contribution" DROP CONSTRAINT "contribution_pkey";
ALTER TABLE "contribution" ADD CONSTRAINT "contribution_pkey" PRIMARY KEY ("subject", "indicator", "rule", "unit", "month");

-- The event that decides a contribution: what "last event counted" is read from. A counter that only remembers the newest one that ever decided would
-- remember what was taken back since.
ALTER TABLE "contribution" ADD COLUMN "decided_at" TIMESTAMPTZ(3) NOT NULL DEFAULT 'epoch', ADD COLUMN "decided_source" TEXT NOT NULL DEFAULT '', ADD COLUMN "decided_id" TEXT NOT NULL DEFAULT '';
ALTER TABLE "contribution" ALTER COLUMN "decided_at" DROP DEFAULT, ALTER COLUMN "decided_source" DROP DEFAULT, ALTER COLUMN "decided_id" DROP DEFAULT;
CREATE INDEX "contribution_newest_idx" ON "contribution"("indicator", "rule", "unit", "decided_at" DESC, "decided_source" COLLATE "C" DESC, "decided_id" COLLATE "C" DESC);

-- End and verdict by Decision 766, 2.1, null while it is in process.
ALTER TABLE "dossier_fact" ADD COLUMN "end_766_at" TIMESTAMPTZ(3), ADD COLUMN "in_time_766" BOOLEAN;
-- Dossiers in process, which is what the clock moves.
CREATE INDEX "dossier_fact_open_idx" ON "dossier_fact"("unit", "due_at") WHERE "ended_at" IS NULL AND NOT "intake_refused";
CREATE INDEX "dossier_fact_procedure_idx" ON "dossier_fact"("city", "procedure");

-- What the figures rest on beside the facts. One row.
CREATE TABLE "scoring_basis" (
    "only" BOOLEAN NOT NULL DEFAULT true,
    "catalogue_version" BIGINT NOT NULL DEFAULT 0,
    "plan" JSONB,
    "plan_hash" TEXT NOT NULL DEFAULT '',
    "rebuilding" BOOLEAN NOT NULL DEFAULT false,
    "activated_at" TIMESTAMPTZ(3),
    CONSTRAINT "scoring_basis_pkey" PRIMARY KEY ("only"),
    CONSTRAINT "scoring_basis_only" CHECK ("only")
);
INSERT INTO "scoring_basis" DEFAULT VALUES;

-- Subjects whose facts stand but whose basis changed, such as the dossiers of a procedure that got another level.
CREATE TABLE "recount" (
    "subject" TEXT NOT NULL,
    CONSTRAINT "recount_pkey" PRIMARY KEY ("subject")
);

-- A rebuild beside the running figures: what it has made so far, and the subjects that were counted meanwhile.
CREATE TABLE "contribution_next" (LIKE "contribution" INCLUDING ALL);
CREATE TABLE "dossier_fact_next" (LIKE "dossier_fact" INCLUDING ALL);
CREATE TABLE "rebuild_dirty" (
    "subject" TEXT NOT NULL,
    CONSTRAINT "rebuild_dirty_pkey" PRIMARY KEY ("subject")
);

-- In which months a unit was heard on which kind of system: a set and a maximum, so it needs no memory of identities.
CREATE TABLE "traffic" (
    "unit" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "month" TEXT NOT NULL,
    "last_received_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "traffic_pkey" PRIMARY KEY ("unit", "kind", "month")
);

-- The newest heartbeat of a unit, by when it was sent out.
CREATE TABLE "heartbeat" (
    "unit" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "source" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "link" TEXT NOT NULL,
    "software" TEXT NOT NULL,
    "clock_offset_ms" BIGINT,
    CONSTRAINT "heartbeat_pkey" PRIMARY KEY ("unit")
);

ALTER TABLE "state_figure" ADD COLUMN "rule" TEXT NOT NULL DEFAULT '', ADD COLUMN "period" TEXT NOT NULL DEFAULT '';
ALTER TABLE "state_figure" DROP CONSTRAINT "state_figure_pkey";
DELETE FROM "state_figure";
ALTER TABLE "state_figure" ADD CONSTRAINT "state_figure_pkey" PRIMARY KEY ("indicator", "rule", "unit", "period");
ALTER TABLE "state_figure" ALTER COLUMN "rule" DROP DEFAULT, ALTER COLUMN "period" DROP DEFAULT;
ALTER TABLE "state_figure" ALTER COLUMN "numerator" TYPE BIGINT, ALTER COLUMN "denominator" TYPE BIGINT;

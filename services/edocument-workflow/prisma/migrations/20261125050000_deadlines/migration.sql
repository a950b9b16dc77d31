-- What is open and falls due, kept by the judge in its own transaction. Judges write here often, so a row that was not told of yet stands in
-- two indexes only.
CREATE TABLE "deadline" (
    "work_dossier" TEXT COLLATE "C" NOT NULL,
    "of" TEXT COLLATE "C" NOT NULL,
    "element" TEXT COLLATE "C" NOT NULL DEFAULT '',
    "step" TEXT,
    "unit" TEXT COLLATE "C" NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "remind_at" TIMESTAMPTZ(3) NOT NULL,
    "working_time" BOOLEAN NOT NULL,
    "reminded_at" TIMESTAMPTZ(3),
    "escalated_at" TIMESTAMPTZ(3),

    CONSTRAINT "deadline_pkey" PRIMARY KEY ("work_dossier", "of", "element", "due_at")
) WITH (fillfactor = 75);

-- When something is to be told next: the reminder, then the escalation.
CREATE INDEX "deadline_next_idx" ON "deadline" ((CASE WHEN "reminded_at" IS NULL THEN "remind_at" ELSE "due_at" END)) WHERE "escalated_at" IS NULL;
-- One page of the list, of a unit and of the whole city, is one walk along one of these.
CREATE INDEX "deadline_unit_idx" ON "deadline" ("unit", "due_at", "work_dossier", "of", "element")
    WHERE "reminded_at" IS NOT NULL OR "escalated_at" IS NOT NULL;
CREATE INDEX "deadline_list_idx" ON "deadline" ("due_at", "work_dossier", "of", "element")
    WHERE "reminded_at" IS NOT NULL OR "escalated_at" IS NOT NULL;

-- Identities of all that was ever told. A deadline that a correction opens again is a new row, and is still told of once.
CREATE TABLE "deadline_told" (
    "id" TEXT COLLATE "C" NOT NULL,

    CONSTRAINT "deadline_told_pkey" PRIMARY KEY ("id")
);

-- When each replica's last round of a timer was committed: the proof that it runs.
CREATE TABLE "scheduler_heartbeat" (
    "scheduler" TEXT COLLATE "C" NOT NULL,
    "replica" TEXT COLLATE "C" NOT NULL,
    "last_round_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "scheduler_heartbeat_pkey" PRIMARY KEY ("scheduler", "replica")
);

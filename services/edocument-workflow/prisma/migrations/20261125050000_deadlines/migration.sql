-- What falls due, kept by the judge in its own transaction. A row that was told of and is no longer open stays, so that a step which is
-- taken back and falls due at the same instant again is not told of twice.
CREATE TABLE "deadline" (
    "work_dossier" TEXT COLLATE "C" NOT NULL,
    "of" TEXT COLLATE "C" NOT NULL,
    "element" TEXT COLLATE "C" NOT NULL DEFAULT '',
    "step" TEXT,
    "unit" TEXT COLLATE "C" NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "remind_at" TIMESTAMPTZ(3) NOT NULL,
    "working_time" BOOLEAN NOT NULL,
    "open" BOOLEAN NOT NULL DEFAULT true,
    "reminded_at" TIMESTAMPTZ(3),
    "escalated_at" TIMESTAMPTZ(3),

    CONSTRAINT "deadline_pkey" PRIMARY KEY ("work_dossier", "of", "element", "due_at")
) WITH (fillfactor = 75);

-- What the timer has still to do: small, whatever the number of rows.
CREATE INDEX "deadline_remind_idx" ON "deadline" ("remind_at") WHERE "open" AND "reminded_at" IS NULL AND "escalated_at" IS NULL;
CREATE INDEX "deadline_escalate_idx" ON "deadline" ("due_at") WHERE "open" AND "escalated_at" IS NULL;
-- One page of the list, of a unit and of the whole city, is one walk along one of these.
CREATE INDEX "deadline_unit_idx" ON "deadline" ("unit", "due_at", "work_dossier", "of", "element") WHERE "open";
CREATE INDEX "deadline_list_idx" ON "deadline" ("due_at", "work_dossier", "of", "element") WHERE "open";

-- When each replica's last round of a timer was committed: the proof that it runs.
CREATE TABLE "scheduler_heartbeat" (
    "scheduler" TEXT COLLATE "C" NOT NULL,
    "replica" TEXT COLLATE "C" NOT NULL,
    "last_round_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "scheduler_heartbeat_pkey" PRIMARY KEY ("scheduler", "replica")
);

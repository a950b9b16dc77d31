-- What lists and deadlines look for, kept beside the set that it follows from.
ALTER TABLE "work_dossier"
    ADD COLUMN "unit" TEXT COLLATE "C",
    ADD COLUMN "kind" TEXT,
    ADD COLUMN "urgency" TEXT,
    ADD COLUMN "opened_at" TIMESTAMPTZ(3),
    ADD COLUMN "due_at" TIMESTAMPTZ(3),
    ADD COLUMN "closed_at" TIMESTAMPTZ(3),
    ADD COLUMN "process" TEXT,
    ADD COLUMN "process_version" INTEGER,
    -- Steps that the process expects now, as the last step.due told them, and that event's revision.
    ADD COLUMN "expected" JSONB NOT NULL DEFAULT '[]',
    ADD COLUMN "expected_revision" INTEGER NOT NULL DEFAULT 0;

-- One page of a unit's list is one walk along one of these.
CREATE INDEX "work_dossier_list_idx" ON "work_dossier" ("unit", "state", "due_at", "id");
CREATE INDEX "work_dossier_state_due_idx" ON "work_dossier" ("state", "due_at", "id");

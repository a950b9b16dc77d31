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

-- A list asks for units, states and kinds by name, and wants each combination in the order of due_at and id: then every walk begins at the page's first row and ends
-- with its last, also for a kind of which there are none. With kind outside the key, a rare kind has a walk read all others.
CREATE INDEX "work_dossier_page_idx" ON "work_dossier" ("unit", "state", "kind", "due_at", "id");

-- Versions of processes that operators stored. Those that ship are files and stand in no table.
CREATE TABLE "process_version" (
    "id" TEXT COLLATE "C" NOT NULL,
    "version" INTEGER NOT NULL,
    "valid_from" TEXT NOT NULL,
    "procedures" TEXT[] NOT NULL,
    "units" TEXT[] NOT NULL,
    "kinds" TEXT[] NOT NULL,
    "bpmn" TEXT NOT NULL,
    "content_hash" TEXT NOT NULL,
    "stored_at" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),

    CONSTRAINT "process_version_pkey" PRIMARY KEY ("id", "version")
);

ALTER TABLE "work_dossier"
    -- When the citizen's dossier came to its end at the one-stop, whatever the department still does.
    ADD COLUMN "ended_at" TIMESTAMPTZ(3),
    -- What the process was chosen by. The choice stands until this changes, so that no later version does.
    ADD COLUMN "process_basis" TEXT;

-- Where the steps of `work_dossier.expected` stand in the lists of tasks, one a row: of which unit, and in which order. What a step is, in the order of its process, only
-- `expected` says. Written with it, under the lock of its row.
CREATE TABLE "expected_step" (
    "work_dossier" TEXT COLLATE "C" NOT NULL,
    "element" TEXT COLLATE "C" NOT NULL,
    "unit" TEXT COLLATE "C" NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL DEFAULT 'infinity',

    CONSTRAINT "expected_step_pkey" PRIMARY KEY ("work_dossier", "element")
);

-- One page of a unit's tasks is one walk along this.
CREATE INDEX "expected_step_tasks_idx" ON "expected_step" ("unit", "due_at", "work_dossier", "element");

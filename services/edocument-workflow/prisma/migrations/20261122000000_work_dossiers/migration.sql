-- Byte order ("C") on the key: every consumer locks the work dossiers of its batch in the same order, whatever the locale.
CREATE TABLE "work_dossier" (
    "id" TEXT COLLATE "C" NOT NULL,
    "events" JSONB NOT NULL DEFAULT '[]',
    "state" TEXT NOT NULL DEFAULT 'unopened',
    "judgement" JSONB,
    "revision" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "work_dossier_pkey" PRIMARY KEY ("id")
) WITH (fillfactor = 75);

CREATE TABLE "judgement" (
    "subject" TEXT COLLATE "C" NOT NULL,
    "revision" INTEGER NOT NULL,
    "unit" TEXT NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "content" JSONB NOT NULL,

    CONSTRAINT "judgement_pkey" PRIMARY KEY ("subject", "revision")
);

CREATE INDEX "judgement_unit_received_at_idx" ON "judgement" ("unit", "received_at");

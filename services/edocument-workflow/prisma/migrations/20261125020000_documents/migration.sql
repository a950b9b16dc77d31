-- Byte order ("C") on the keys: every consumer locks the documents of its batch in the same order, whatever the locale.
CREATE TABLE "document" (
    "id" TEXT COLLATE "C" NOT NULL,
    "events" JSONB NOT NULL DEFAULT '[]',
    "state" TEXT NOT NULL DEFAULT 'unknown',
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "document_pkey" PRIMARY KEY ("id")
) WITH (fillfactor = 75);

-- A document between two units of the city goes out of one and comes in to the other: one row for each.
CREATE TABLE "document_of_unit" (
    "document" TEXT COLLATE "C" NOT NULL,
    "unit" TEXT COLLATE "C" NOT NULL,
    "direction" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "document_of_unit_pkey" PRIMARY KEY ("document", "unit")
) WITH (fillfactor = 75);

-- One page of a unit's list is one walk along one of these.
CREATE INDEX "document_of_unit_list_idx" ON "document_of_unit" ("unit", "direction", "document");
CREATE INDEX "document_of_unit_state_idx" ON "document_of_unit" ("unit", "state", "document");

CREATE TABLE "register" (
    "unit" TEXT COLLATE "C" NOT NULL,
    "direction" TEXT COLLATE "C" NOT NULL,
    "kind" TEXT COLLATE "C" NOT NULL,
    "year" INTEGER NOT NULL,
    "last_number" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "register_pkey" PRIMARY KEY ("unit", "direction", "kind", "year")
);

CREATE TABLE "register_entry" (
    "unit" TEXT COLLATE "C" NOT NULL,
    "direction" TEXT COLLATE "C" NOT NULL,
    "kind" TEXT COLLATE "C" NOT NULL,
    "year" INTEGER NOT NULL,
    "number" INTEGER NOT NULL,
    "document" TEXT COLLATE "C" NOT NULL,
    -- Identity of the accepted event that it was allotted to.
    "source" TEXT NOT NULL,
    "event_id" TEXT NOT NULL,
    "allotted_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "register_entry_pkey" PRIMARY KEY ("unit", "direction", "kind", "year", "number")
);

CREATE UNIQUE INDEX "register_entry_document_key" ON "register_entry" ("document", "unit", "direction");

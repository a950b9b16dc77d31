-- When a line last moved, and when it was last told to others.
ALTER TABLE "balance_line" ADD COLUMN "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;
ALTER TABLE "balance_line" ADD COLUMN "published_at" TIMESTAMPTZ(3) NOT NULL DEFAULT '-infinity';

-- Readers that begin to compare have to hear of every line once.
UPDATE "balance_line" SET "published_revision" = 0 WHERE "direction" = 'out';

CREATE TABLE "reconciliation" (
    "origin" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "unit" TEXT NOT NULL,
    "day" DATE NOT NULL,
    "sent_count" BIGINT NOT NULL DEFAULT 0,
    "sent_hash" BIGINT NOT NULL DEFAULT 0,
    "sent_revision" BIGINT NOT NULL DEFAULT 0,
    "sent_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "open" BOOLEAN NOT NULL DEFAULT true,
    "due_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "differs_since" TIMESTAMPTZ(3),
    "drained_at" TIMESTAMPTZ(3),
    "round" INTEGER NOT NULL DEFAULT 0,
    CONSTRAINT "reconciliation_pkey" PRIMARY KEY ("origin", "type", "unit", "day")
);
CREATE INDEX "reconciliation_due_at_idx" ON "reconciliation"("due_at") WHERE "open";

CREATE TABLE "healing" (
    "origin" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "unit" TEXT NOT NULL,
    "day" DATE NOT NULL,
    "source" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "asked_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "healed_at" TIMESTAMPTZ(3),
    CONSTRAINT "healing_pkey" PRIMARY KEY ("origin", "type", "unit", "day", "source", "id")
);

CREATE TABLE "surplus" (
    "origin" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "unit" TEXT NOT NULL,
    "day" DATE NOT NULL,
    "source" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "found_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "surplus_pkey" PRIMARY KEY ("origin", "type", "unit", "day", "source", "id")
);

CREATE TABLE "idle_consumer" (
    "replica" TEXT NOT NULL,
    "queue" TEXT NOT NULL,
    "idle_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "idle_consumer_pkey" PRIMARY KEY ("replica", "queue")
);

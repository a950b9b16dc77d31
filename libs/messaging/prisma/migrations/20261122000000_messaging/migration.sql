CREATE TABLE "outbox" (
    "id" BIGSERIAL NOT NULL,
    "exchange" TEXT NOT NULL,
    "routing_key" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "lease_until" TIMESTAMPTZ(3) NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "last_error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "outbox_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "outbox_lease_until_idx" ON "outbox"("lease_until");

CREATE TABLE "balance_line" (
    "direction" TEXT NOT NULL,
    "origin" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "unit" TEXT NOT NULL,
    "day" DATE NOT NULL,
    "count" BIGINT NOT NULL,
    "hash" BIGINT NOT NULL,
    "revision" BIGINT NOT NULL DEFAULT 1,
    "published_revision" BIGINT NOT NULL DEFAULT 0,
    CONSTRAINT "balance_line_pkey" PRIMARY KEY ("direction", "origin", "type", "unit", "day")
);

CREATE TABLE "retry" (
    "id" BIGSERIAL NOT NULL,
    "queue" TEXT NOT NULL,
    "fingerprint" BYTEA NOT NULL,
    "origin" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "unit" TEXT NOT NULL,
    "day" DATE NOT NULL,
    "body" TEXT NOT NULL,
    "attempt" INTEGER NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "cause_code" TEXT NOT NULL,
    "cause" TEXT NOT NULL,
    "first_failed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "retry_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "retry_queue_fingerprint_key" ON "retry"("queue", "fingerprint");
CREATE INDEX "retry_queue_due_at_idx" ON "retry"("queue", "due_at");

CREATE TABLE "dead_letter" (
    "id" BIGSERIAL NOT NULL,
    "queue" TEXT NOT NULL,
    "fingerprint" BYTEA NOT NULL,
    "origin" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "unit" TEXT NOT NULL,
    "day" DATE NOT NULL,
    "body" TEXT NOT NULL,
    "attempt" INTEGER NOT NULL,
    "cause_code" TEXT NOT NULL,
    "cause" TEXT NOT NULL,
    "dead_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "dead_letter_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "dead_letter_queue_fingerprint_key" ON "dead_letter"("queue", "fingerprint");

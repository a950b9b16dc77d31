CREATE TABLE "accepted_event" (
    "source" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "content_hash" BYTEA NOT NULL,
    "type" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "unit" TEXT NOT NULL,
    "time" TIMESTAMPTZ(3) NOT NULL,
    "sent" TIMESTAMPTZ(3),
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "received_day" DATE NOT NULL,
    "network" TEXT NOT NULL,
    "producer" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    CONSTRAINT "accepted_event_pkey" PRIMARY KEY ("source", "id")
);
CREATE INDEX "accepted_event_subject_time_idx" ON "accepted_event"("subject", "time");
CREATE INDEX "accepted_event_received_day_unit_type_idx" ON "accepted_event"("received_day", "unit", "type");

CREATE TABLE "identity_conflict" (
    "source" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "times" INTEGER NOT NULL DEFAULT 1,
    CONSTRAINT "identity_conflict_pkey" PRIMARY KEY ("source", "id")
);

CREATE TABLE "producer_key" (
    "key_hash" BYTEA NOT NULL,
    "name" TEXT NOT NULL,
    "sources" TEXT[],
    "units" TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "revoked_at" TIMESTAMPTZ(3),
    CONSTRAINT "producer_key_pkey" PRIMARY KEY ("key_hash")
);

CREATE TABLE "tally" (
    "day" DATE NOT NULL,
    "source" TEXT NOT NULL,
    "unit" TEXT NOT NULL,
    "posted" BIGINT NOT NULL DEFAULT 0,
    "accepted" BIGINT NOT NULL DEFAULT 0,
    "duplicate" BIGINT NOT NULL DEFAULT 0,
    "conflict" BIGINT NOT NULL DEFAULT 0,
    CONSTRAINT "tally_pkey" PRIMARY KEY ("day", "source", "unit")
);

CREATE TABLE "tally_refusal" (
    "day" DATE NOT NULL,
    "source" TEXT NOT NULL,
    "unit" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "count" BIGINT NOT NULL DEFAULT 0,
    CONSTRAINT "tally_refusal_pkey" PRIMARY KEY ("day", "source", "unit", "code")
);

-- The read model of the reporting service: what others published, nothing of its own.
CREATE TABLE "figure_counter" (
    "indicator" TEXT NOT NULL,
    "rule" TEXT NOT NULL,
    "rule_version" INTEGER NOT NULL DEFAULT 1,
    "unit" TEXT NOT NULL,
    "period" TEXT NOT NULL,
    "numerator" BIGINT NOT NULL DEFAULT 0,
    "denominator" BIGINT NOT NULL DEFAULT 0,
    "revision" BIGINT NOT NULL DEFAULT 0,
    "seen" int8multirange NOT NULL DEFAULT '{}'::int8multirange,
    "counted_at" TIMESTAMPTZ(3),
    "last_event_source" TEXT,
    "last_event_id" TEXT,
    "last_event_at" TIMESTAMPTZ(3),

    CONSTRAINT "figure_counter_pkey" PRIMARY KEY ("indicator", "rule", "unit", "period")
);
CREATE INDEX "figure_counter_period_idx" ON "figure_counter" ("period");

CREATE TABLE "balance_line" (
    "service" TEXT NOT NULL,
    "direction" TEXT NOT NULL,
    "origin" TEXT NOT NULL,
    "event_type" TEXT NOT NULL,
    "unit" TEXT NOT NULL,
    "day" DATE NOT NULL,
    "count" BIGINT NOT NULL DEFAULT 0,
    "hash" TEXT NOT NULL DEFAULT '0000000000000000',
    "revision" BIGINT NOT NULL DEFAULT 0,
    "advanced_at" TIMESTAMPTZ(3),

    CONSTRAINT "balance_line_pkey" PRIMARY KEY ("service", "direction", "origin", "event_type", "unit", "day")
);
CREATE INDEX "balance_line_day_idx" ON "balance_line" ("day");

-- Insert order is not commit order: the writing transaction is kept so that readers stay below the oldest one still running.
CREATE TABLE "change_log" (
    "position" BIGSERIAL NOT NULL,
    "recorded_xid" BIGINT NOT NULL DEFAULT ((pg_current_xact_id())::text)::bigint,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "kind" TEXT NOT NULL,
    "body" JSONB NOT NULL,

    CONSTRAINT "change_log_pkey" PRIMARY KEY ("position")
);
CREATE INDEX "change_log_recorded_xid_position_idx" ON "change_log" ("recorded_xid", "position");

CREATE TABLE "change_feed" (
    "only" BOOLEAN NOT NULL DEFAULT true,
    "epoch" TEXT NOT NULL DEFAULT substr(replace((gen_random_uuid())::text, '-'::text, ''::text), 1, 12),
    "pruned_xid" BIGINT NOT NULL DEFAULT 0,
    "pruned_position" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "change_feed_pkey" PRIMARY KEY ("only")
);
ALTER TABLE "change_feed" ADD CONSTRAINT "change_feed_only_check" CHECK ("only");
INSERT INTO "change_feed" DEFAULT VALUES;

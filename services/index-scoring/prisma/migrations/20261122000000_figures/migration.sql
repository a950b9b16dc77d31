CREATE TABLE "subject" (
    "key" TEXT NOT NULL,
    "events" JSON NOT NULL,
    CONSTRAINT "subject_pkey" PRIMARY KEY ("key")
);

CREATE TABLE "contribution" (
    "subject" TEXT NOT NULL,
    "indicator" TEXT NOT NULL,
    "rule" TEXT NOT NULL,
    "rule_version" INTEGER NOT NULL,
    "unit" TEXT NOT NULL,
    "month" TEXT NOT NULL,
    "numerator" INTEGER NOT NULL,
    "denominator" INTEGER NOT NULL,
    "reasons" TEXT[],
    CONSTRAINT "contribution_pkey" PRIMARY KEY ("subject", "indicator", "rule")
);
CREATE INDEX "contribution_indicator_rule_numerator_subject_idx" ON "contribution"("indicator", "rule", "numerator", "subject");

CREATE TABLE "counter" (
    "indicator" TEXT NOT NULL,
    "rule" TEXT NOT NULL,
    "unit" TEXT NOT NULL,
    "month" TEXT NOT NULL,
    "rule_version" INTEGER NOT NULL,
    "numerator" BIGINT NOT NULL,
    "denominator" BIGINT NOT NULL,
    "revision" BIGINT NOT NULL,
    "last_source" TEXT NOT NULL,
    "last_id" TEXT NOT NULL,
    "last_time" TIMESTAMPTZ(3) NOT NULL,
    "counted_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "counter_pkey" PRIMARY KEY ("indicator", "rule", "unit", "month")
);

CREATE TABLE "ledger" (
    "id" BIGSERIAL NOT NULL,
    "indicator" TEXT NOT NULL,
    "rule" TEXT NOT NULL,
    "unit" TEXT NOT NULL,
    "month" TEXT NOT NULL,
    "rule_version" INTEGER NOT NULL,
    "numerator_delta" BIGINT NOT NULL,
    "denominator_delta" BIGINT NOT NULL,
    "revision" BIGINT NOT NULL,
    "counted_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "ledger_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "ledger_indicator_rule_unit_month_revision_key" ON "ledger"("indicator", "rule", "unit", "month", "revision");

CREATE TABLE "heard" (
    "unit" TEXT NOT NULL,
    "network" TEXT NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "heard_pkey" PRIMARY KEY ("unit", "network")
);

CREATE TABLE "state_figure" (
    "indicator" TEXT NOT NULL,
    "unit" TEXT NOT NULL,
    "numerator" INTEGER NOT NULL,
    "denominator" INTEGER NOT NULL,
    "revision" INTEGER NOT NULL,
    CONSTRAINT "state_figure_pkey" PRIMARY KEY ("indicator", "unit")
);

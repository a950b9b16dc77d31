-- Every published change of a state figure, as `ledger` has it for counters: to name it and to publish it again.
CREATE TABLE "state_ledger" (
    "indicator" TEXT NOT NULL,
    "rule" TEXT NOT NULL,
    "unit" TEXT NOT NULL,
    "period" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "rule_version" INTEGER NOT NULL,
    "numerator" BIGINT NOT NULL,
    "denominator" BIGINT NOT NULL,
    "published_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "state_ledger_pkey" PRIMARY KEY ("indicator", "rule", "unit", "period", "revision")
);
CREATE INDEX "state_ledger_unit_published_at_idx" ON "state_ledger"("unit", "published_at");

-- The ledger is written in order of time, so block ranges are enough to find a day, and cost next to nothing when counting.
CREATE INDEX "ledger_counted_at_idx" ON "ledger" USING brin ("counted_at") WITH (pages_per_range = 16, autosummarize = on);

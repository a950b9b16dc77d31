CREATE TABLE "manifest_receipt" (
    "id" BIGSERIAL NOT NULL,
    "source" TEXT NOT NULL,
    "day" DATE NOT NULL,
    "as_of" TIMESTAMPTZ(3) NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "producer" TEXT NOT NULL,
    "units" TEXT[],
    "equal" BOOLEAN NOT NULL,
    "dossiers_theirs" INTEGER NOT NULL,
    "dossiers_ours" INTEGER NOT NULL,
    "events_theirs" INTEGER NOT NULL,
    "events_ours" INTEGER NOT NULL,
    "lines_different" INTEGER NOT NULL,
    CONSTRAINT "manifest_receipt_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "manifest_receipt_source_day_idx" ON "manifest_receipt"("source", "day");
CREATE INDEX "manifest_receipt_day_idx" ON "manifest_receipt"("day");

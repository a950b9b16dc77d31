-- Every revision that arrived, as ranges and per day of the balance sheet: duplicates are known for ever, and the events of a day can be named.
CREATE TABLE "figure_seen" (
    "indicator" TEXT NOT NULL,
    "rule" TEXT NOT NULL,
    "unit" TEXT NOT NULL,
    "period" TEXT NOT NULL,
    "day" DATE NOT NULL,
    "source" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "seen" int8multirange NOT NULL DEFAULT '{}'::int8multirange,

    CONSTRAINT "figure_seen_pkey" PRIMARY KEY ("unit", "day", "indicator", "rule", "period")
);

-- What a counter remembered without the day goes to the day on which it was counted last.
INSERT INTO "figure_seen" ("indicator", "rule", "unit", "period", "day", "source", "subject", "seen")
SELECT "indicator", "rule", "unit", "period", ("counted_at" AT TIME ZONE 'UTC')::date, 'urn:par:index-scoring',
       concat_ws('.', "indicator", "rule", "unit", "period"), "seen"
FROM "figure_counter" WHERE "counted_at" IS NOT NULL;

ALTER TABLE "figure_counter" DROP COLUMN "seen";

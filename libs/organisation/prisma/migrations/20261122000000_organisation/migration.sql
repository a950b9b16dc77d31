CREATE TABLE "unit_event" (
    "source" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "unit" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "taken_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "unit_event_pkey" PRIMARY KEY ("source", "id")
);

CREATE TABLE "received_event" (
    "source" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "unit" TEXT NOT NULL,
    "time" TEXT NOT NULL,
    "data" JSONB NOT NULL,
    "received_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "received_event_pkey" PRIMARY KEY ("source", "id")
);

CREATE TABLE "inbox_event" (
    "source" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    CONSTRAINT "inbox_event_pkey" PRIMARY KEY ("source", "id")
);

CREATE TABLE "work_dossier" (
    "subject" TEXT NOT NULL,
    "events" INTEGER NOT NULL,
    CONSTRAINT "work_dossier_pkey" PRIMARY KEY ("subject")
);

CREATE TABLE "counter" (
    "type" TEXT NOT NULL,
    "unit" TEXT NOT NULL,
    "month" TEXT NOT NULL,
    "count" INTEGER NOT NULL,
    CONSTRAINT "counter_pkey" PRIMARY KEY ("type", "unit", "month")
);

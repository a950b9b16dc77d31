-- edXML messages on their way out. A message is delivered only once the event that it belongs to is among the accepted ones with the very content that it was written from,
-- so a crash between the two leaves nothing half done.
CREATE TABLE "edxml_message" (
    "id" BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    "event_source" TEXT COLLATE "C" NOT NULL,
    "event_id" TEXT COLLATE "C" NOT NULL,
    "content_hash" BYTEA NOT NULL,
    "document" TEXT COLLATE "C" NOT NULL,
    "says" TEXT NOT NULL,
    "sender" TEXT NOT NULL,
    "unit" TEXT COLLATE "C" NOT NULL,
    "bytes" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX "edxml_message_event_key" ON "edxml_message" ("event_source", "event_id", "content_hash", "says");
CREATE INDEX "edxml_message_created_idx" ON "edxml_message" ("created_at");

-- The text of a message in pieces, so that neither writing nor sending has the whole of it in memory. Gone once no delivery of the message is open.
CREATE TABLE "edxml_piece" (
    "message" BIGINT NOT NULL REFERENCES "edxml_message" ("id") ON DELETE CASCADE,
    "position" INTEGER NOT NULL,
    "content" BYTEA NOT NULL,
    PRIMARY KEY ("message", "position")
);
-- What is compressed already, or encoded, gains nothing from being compressed again.
ALTER TABLE "edxml_piece" ALTER COLUMN "content" SET STORAGE EXTERNAL;

CREATE TABLE "edxml_delivery" (
    "id" BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    "message" BIGINT NOT NULL REFERENCES "edxml_message" ("id") ON DELETE CASCADE,
    "document" TEXT COLLATE "C" NOT NULL,
    "destination" TEXT COLLATE "C" NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "since" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
    "next_at" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
    "delivered_at" TIMESTAMPTZ(3),
    "gave_up_at" TIMESTAMPTZ(3),
    "error" TEXT
);
CREATE UNIQUE INDEX "edxml_delivery_message_key" ON "edxml_delivery" ("message", "destination");
CREATE INDEX "edxml_delivery_open_idx" ON "edxml_delivery" ("next_at", "id") WHERE "delivered_at" IS NULL AND "gave_up_at" IS NULL;
CREATE INDEX "edxml_delivery_gave_up_idx" ON "edxml_delivery" ("gave_up_at") WHERE "gave_up_at" IS NOT NULL;
CREATE INDEX "edxml_delivery_document_idx" ON "edxml_delivery" ("document", "destination", "id");

ALTER TABLE "producer_key" ADD COLUMN "declares" BOOLEAN NOT NULL DEFAULT false;

-- A message may hold several events of one commit: how many, so that nobody reads the body to know. "routing_key" then has several keys, space between.
ALTER TABLE "outbox" ADD COLUMN "events" INTEGER NOT NULL DEFAULT 1;

-- What a service says of a line that it reads: given up, come once more after it was lost, and unknown to the sender.
ALTER TABLE "balance_line" ADD COLUMN "dead" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "balance_line" ADD COLUMN "healed" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "balance_line" ADD COLUMN "surplus" INTEGER NOT NULL DEFAULT 0;

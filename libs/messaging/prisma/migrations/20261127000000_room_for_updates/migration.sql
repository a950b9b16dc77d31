-- Rows that every batch changes: with room on their page a change needs no new index entries (HOT).
ALTER TABLE "balance_line" SET (fillfactor = 50);
ALTER TABLE "reconciliation" SET (fillfactor = 50);

-- Rows that every batch changes: with room on their page a change needs no new index entries (HOT).
ALTER TABLE "tally" SET (fillfactor = 50);

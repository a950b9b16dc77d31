-- Rows that every batch changes: with room on their page a change needs no new index entries (HOT).
ALTER TABLE "counter" SET (fillfactor = 50);
ALTER TABLE "traffic" SET (fillfactor = 50);
ALTER TABLE "heard" SET (fillfactor = 50);

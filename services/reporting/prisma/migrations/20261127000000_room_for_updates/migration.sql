-- Rows that every batch changes: with room on their page a change needs no new index entries (HOT).
ALTER TABLE "figure_counter" SET (fillfactor = 50);
ALTER TABLE "figure_seen" SET (fillfactor = 50);
ALTER TABLE "balance_line" SET (fillfactor = 50);

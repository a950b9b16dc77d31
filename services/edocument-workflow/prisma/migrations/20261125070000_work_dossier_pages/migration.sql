-- A list asks for units, states and kinds by name, and wants each combination in the order of due_at and id: then every walk begins at the page's first row and ends
-- with its last, also for a kind of which there are none. With kind outside the key, a rare kind has a walk read all others.
CREATE INDEX "work_dossier_page_idx" ON "work_dossier" ("unit", "state", "kind", "due_at", "id");
DROP INDEX "work_dossier_list_idx";

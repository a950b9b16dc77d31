-- The history that the save-list learns from: the work dossiers of a unit, and those of all units, that were closed last.
CREATE INDEX "work_dossier_unit_closed_idx" ON "work_dossier" ("unit", "closed_at" DESC) WHERE "closed_at" IS NOT NULL;
CREATE INDEX "work_dossier_closed_idx" ON "work_dossier" ("closed_at" DESC) WHERE "closed_at" IS NOT NULL;

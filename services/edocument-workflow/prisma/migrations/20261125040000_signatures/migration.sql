-- What was found of the signatures of a file, each time that it changed. The file itself is never kept.
CREATE TABLE "signature_verdict" (
    "work_dossier" TEXT COLLATE "C" NOT NULL,
    -- SHA-256 of the file, lower-case hex.
    "file" TEXT COLLATE "C" NOT NULL,
    -- 1, 2, 3 and on per work dossier and file: the number in the identity of the event.
    "revision" INTEGER NOT NULL,
    "unit" TEXT NOT NULL,
    "format" TEXT NOT NULL,
    "verdict" TEXT NOT NULL,
    "reason" TEXT,
    -- Serial number of the signer's certificate, lower-case hex.
    "certificate" TEXT,
    "signed_at" TIMESTAMPTZ(3),
    "revocation" TEXT NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "signature_verdict_pkey" PRIMARY KEY ("work_dossier", "file", "revision")
);

-- The lines of the balance sheet: what was published of a unit on a day.
CREATE INDEX "signature_verdict_unit_received_at_idx" ON "signature_verdict" ("unit", "received_at");

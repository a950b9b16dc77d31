import { type ManifestReceipt } from '@par/contracts';
import { type Database } from '@par/service-kit';
import { type ManifestTotals } from './answer-manifest.ts';
import { type ReadManifest } from './read-manifest.ts';

/** An answer to a manifest as it is kept: counts only, no code and no id. */
export interface KeptAnswer extends ManifestTotals {
  manifest: ReadManifest;
  at: Date;
  producer: string;
  equal: boolean;
}

const MOST_SHOWN = 1_000;

export async function keepReceipt(database: Database, kept: KeptAnswer): Promise<void> {
  const { manifest, dossiers, events } = kept;
  await database.query(
    `INSERT INTO ingress.manifest_receipt (source, day, as_of, at, producer, units, equal,
       dossiers_theirs, dossiers_ours, events_theirs, events_ours, lines_different)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      ...[manifest.source, manifest.day, manifest.asOf, kept.at, kept.producer, manifest.units ?? [], kept.equal],
      ...[dossiers.theirs, dossiers.ours, events.theirs, events.ours, kept.linesDifferent],
    ],
  );
}

/** Kept answers, the newest first, at most a thousand. */
export async function readReceipts(database: Database, { source, day }: { source?: string; day?: string }): Promise<ManifestReceipt[]> {
  const rows = await database.query<ManifestReceipt & { as_of: Date; at_time: Date; counts: number[]; lines_different: number }>(
    `SELECT source, day::text AS day, as_of, at AS at_time, producer, units, equal, lines_different,
            ARRAY[dossiers_theirs, dossiers_ours, events_theirs, events_ours] AS counts
     FROM ingress.manifest_receipt WHERE ($1::text IS NULL OR source = $1) AND ($2::date IS NULL OR day = $2)
     ORDER BY id DESC LIMIT ${MOST_SHOWN}`,
    [source ?? null, day ?? null],
  );
  return rows.map(({ as_of, at_time, counts, lines_different, source: of, day: on, producer, units, equal }) => ({
    source: of,
    day: on,
    asOf: as_of.toISOString(),
    at: at_time.toISOString(),
    producer,
    units,
    equal,
    dossiers: { theirs: counts[0]!, ours: counts[1]! },
    events: { theirs: counts[2]!, ours: counts[3]! },
    linesDifferent: lines_different,
  }));
}

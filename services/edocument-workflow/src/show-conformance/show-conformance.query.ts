import { Injectable } from '@nestjs/common';
import { type Ratio } from '@par/administration';
import { Database } from '@par/service-kit';

/** Kinds of deviation, as `work-dossier.closed` counts them. */
export const DEVIATION_KINDS = ['skipped', 'outOfOrder', 'repeated', 'unknown', 'wrongRole', 'overTime'] as const;
export type DeviationKind = (typeof DEVIATION_KINDS)[number];

/** How the work dossiers of one unit went beside one version of a process. */
export interface ConformanceCounts {
  process: string;
  version: number;
  unit: string;
  /** Closed without any deviation ÷ closed. */
  asProcess: Ratio;
  /** The same whatever the time that steps took. */
  inOrder: Ratio;
  /** Of each kind: work dossiers that have it, and steps. */
  deviations: Record<DeviationKind, { dossiers: number; steps: number }>;
}

interface Row extends Record<`${DeviationKind}Dossiers` | `${DeviationKind}Steps`, number> {
  process: string;
  version: number;
  unit: string;
  closed: number;
  asProcess: number;
  inOrder: number;
}

const countOf = (kind: DeviationKind): string => `(c ->> '${kind}')::int`;
const COLUMNS = DEVIATION_KINDS.map(
  (kind) =>
    `(count(*) FILTER (WHERE ${countOf(kind)} > 0))::int AS "${kind}Dossiers", coalesce(sum(${countOf(kind)}), 0)::int AS "${kind}Steps"`,
).join(', ');
const NONE = (kinds: readonly DeviationKind[]): string => kinds.map((kind) => `${countOf(kind)} = 0`).join(' AND ');

@Injectable()
export class ConformanceQuery {
  constructor(private readonly database: Database) {}

  /**
   * Of the work dossiers closed in a span of time, by process, version and unit.
   * @param units null for all
   */
  async of({ from, to }: { from?: Date; to?: Date }, units: readonly string[] | null, process?: string): Promise<ConformanceCounts[]> {
    const rows = await this.database.query<Row>(
      `SELECT c ->> 'process' AS process, (c ->> 'processVersion')::int AS version, judged.unit, count(*)::int AS closed,
              (count(*) FILTER (WHERE ${NONE(DEVIATION_KINDS)}))::int AS "asProcess",
              (count(*) FILTER (WHERE ${NONE(DEVIATION_KINDS.filter((kind) => kind !== 'overTime'))}))::int AS "inOrder", ${COLUMNS}
         FROM (SELECT judgement -> 'conformance' AS c, judgement ->> 'unit' AS unit FROM work_dossier
                WHERE state = 'closed' AND judgement ? 'conformance'
                  AND ($1::timestamptz IS NULL OR closed_at >= $1) AND ($2::timestamptz IS NULL OR closed_at <= $2)) AS judged
        WHERE ($3::text[] IS NULL OR judged.unit = ANY($3)) AND ($4::text IS NULL OR c ->> 'process' = $4)
        GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
      [from?.toISOString() ?? null, to?.toISOString() ?? null, units, process ?? null],
    );
    return rows.map((row) => ({
      process: row.process,
      version: row.version,
      unit: row.unit,
      asProcess: { numerator: row.asProcess, denominator: row.closed },
      inOrder: { numerator: row.inOrder, denominator: row.closed },
      deviations: Object.fromEntries(
        DEVIATION_KINDS.map((kind) => [kind, { dossiers: row[`${kind}Dossiers`], steps: row[`${kind}Steps`] }]),
      ) as ConformanceCounts['deviations'],
    }));
  }
}

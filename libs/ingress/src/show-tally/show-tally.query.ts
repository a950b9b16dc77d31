import { Injectable } from '@nestjs/common';
import { type DoorTally, type TallyRow } from '@par/contracts';
import { Database } from '@par/service-kit';

@Injectable()
export class ShowTally {
  constructor(private readonly database: Database) {}

  /** Both halves as of one moment, so that they can be compared. `day` narrows to one UTC date. */
  async show(day?: string): Promise<DoorTally> {
    return this.database.transaction(async (tx) => {
      await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
      const rows = await tx.query<TallyRow>(
        `SELECT t.day::text AS day, t.source, t.unit, t.posted, t.accepted, t.duplicate, t.conflict,
                coalesce(jsonb_object_agg(r.code, r.count) FILTER (WHERE r.code IS NOT NULL), '{}') AS refused
         FROM ingress.tally t LEFT JOIN ingress.tally_refusal r USING (day, source, unit)
         WHERE $1::date IS NULL OR t.day = $1::date
         GROUP BY t.day, t.source, t.unit ORDER BY t.day, t.source, t.unit`,
        [day ?? null],
      );
      const stored = await tx.query<DoorTally['stored'][number]>(
        `SELECT received_day::text AS day, source, unit, count(*) AS count FROM ingress.accepted_event
         WHERE $1::date IS NULL OR received_day = $1::date
         GROUP BY received_day, source, unit ORDER BY received_day, source, unit`,
        [day ?? null],
      );
      return { rows, stored };
    });
  }
}

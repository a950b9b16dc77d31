import { Injectable } from '@nestjs/common';
import { Database, ScrapedGauges } from '@par/service-kit';

/**
 * Ledger rows get their number before their commit, so a row may show up with a number below one that was already seen. This far back is
 * looked again.
 */
const LOOKED_AGAIN = 10_000;

interface LastChange {
  indicator: string;
  countedAt: Date;
}

/**
 * How long ago a figure of each indicator last moved, for Prometheus: one label, the indicator. The counters are read once; from then on only what was added to the
 * ledger since the last look.
 */
@Injectable()
export class Freshness {
  readonly #last = new Map<string, number>();
  #seen: number | undefined;

  constructor(
    private readonly database: Database,
    gauges: ScrapedGauges,
  ) {
    gauges.add({
      name: 'par_figure_last_change_timestamp_seconds',
      help: 'When a figure of the indicator last moved (Unix time)',
      labelNames: ['indicator'],
      read: async () => [...(await this.lastChanges())].map(([indicator, atMs]) => ({ labels: { indicator }, value: atMs / 1_000 })),
    });
  }

  /** Unix milliseconds of the last counted change, by indicator. */
  async lastChanges(): Promise<ReadonlyMap<string, number>> {
    const newest = await this.#newestRow();
    const rows =
      this.#seen === undefined
        ? await this.database.query<LastChange>('SELECT indicator, max(counted_at) AS "countedAt" FROM counter GROUP BY indicator')
        : await this.database.query<LastChange>(
            'SELECT indicator, max(counted_at) AS "countedAt" FROM ledger WHERE id > $1 AND id <= $2 GROUP BY indicator',
            [this.#seen - LOOKED_AGAIN, newest],
          );
    for (const { indicator, countedAt } of rows) {
      this.#last.set(indicator, Math.max(this.#last.get(indicator) ?? 0, countedAt.getTime()));
    }
    this.#seen = newest;
    return this.#last;
  }

  async #newestRow(): Promise<number> {
    const [row] = await this.database.query<{ id: number | null }>('SELECT max(id) AS id FROM ledger');
    return row?.id ?? 0;
  }
}

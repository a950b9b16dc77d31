import { Injectable } from '@nestjs/common';
import { Database } from '@par/service-kit';
import { Counter, Gauge, Registry } from 'prom-client';
import { DIFFERS } from './line-store.ts';

/** What reconciliation found, for alarms. The numbers are the service's: each replica tells the same ones. */
@Injectable()
export class ReconciliationMetrics {
  constructor(database: Database, registry: Registry) {
    const numberOf = async (text: string): Promise<number> => (await database.query<{ n: number }>(text))[0]?.n ?? 0;
    new Gauge({
      name: 'par_reconciliation_differences',
      help: 'Lines of the balance sheet that differ from their sender although nothing of them is on its way',
      registers: [registry],
      async collect() {
        this.set(await numberOf(`SELECT count(*)::int AS n FROM messaging.reconciliation WHERE ${DIFFERS}`));
      },
    });
    new Gauge({
      name: 'par_reconciliation_surplus_events',
      help: 'Events taken in that their sender does not know',
      registers: [registry],
      async collect() {
        this.set(await numberOf('SELECT count(*)::int AS n FROM messaging.surplus'));
      },
    });
    new Counter({
      name: 'par_reconciliation_healed_total',
      help: 'Events that were lost on the way and came once more',
      registers: [registry],
      async collect() {
        const healed = await numberOf('SELECT count(*)::int AS n FROM messaging.healing WHERE healed_at IS NOT NULL');
        this.reset();
        this.inc(healed);
      },
    });
  }
}

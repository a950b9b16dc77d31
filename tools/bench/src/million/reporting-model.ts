import { join } from 'node:path';
import { type CloudEvent } from '@par/contracts';
import { type ScoringPlace } from '../drain/scoring.ts';
import { type QueuedMessage, QueueFiller } from '../drain/fill-queue.ts';
import { type BenchContext, type Database } from '../row.ts';
import { buildServices } from '../ways/built-services.ts';
import { WayProcess } from '../ways/way-process.ts';
import { type City, withClient } from './city.ts';

const REPORTING_QUEUE = 'reporting.record-metrics';
const PATIENCE_MS = 120_000;

interface CounterRow {
  indicator: string;
  rule: string;
  unit: string;
  month: string;
  ruleVersion: number;
  numerator: number;
  denominator: number;
  revision: number;
}

/** Starts reporting beside a running index-scoring and tells it the units, as intake did, and how every counter stands, as index-scoring told it when it last moved. */
export async function startReporting(
  ctx: BenchContext,
  city: City,
  place: ScoringPlace,
  scoringUrl: string,
  database: Database,
): Promise<WayProcess> {
  const folder = join(await buildServices(ctx), 'reporting');
  const reporting = await WayProcess.start('reporting', [join(folder, 'main.js')], {
    cwd: folder,
    mark: ctx.directory,
    readyPath: '/health/ready',
    env: { DATABASE_URL: database.url, AMQP_URL: place.amqpUrl, SCORING_URL: scoringUrl },
  });
  const counters = await countersOf(city);
  const filler = await QueueFiller.open(place.amqpUrl);
  try {
    await filler.lay(
      REPORTING_QUEUE,
      city.units.map(({ body, origin }) => ({ body, options: { appId: origin } })),
    );
    await filler.lay(REPORTING_QUEUE, told(counters));
  } finally {
    await filler.close();
  }
  await untilKnown(database, counters.length);
  return reporting;
}

async function countersOf(city: City): Promise<CounterRow[]> {
  return withClient(city.database, async (client) => {
    const { rows } = await client.query<CounterRow>(
      `SELECT indicator, rule, unit, month, rule_version AS "ruleVersion", numerator::int, denominator::int, revision::int FROM counter`,
    );
    return rows;
  });
}

function* told(counters: readonly CounterRow[]): Generator<QueuedMessage> {
  const now = new Date().toISOString();
  for (const { indicator, rule, unit, month, ...counter } of counters) {
    const subject = [indicator, rule, unit, month].join('.');
    const event: CloudEvent<'vn.par.figure.changed.v1'> = {
      specversion: '1.0',
      id: `${subject}:${counter.revision}`,
      source: 'urn:par:index-scoring',
      type: 'vn.par.figure.changed.v1',
      subject,
      time: now,
      datacontenttype: 'application/json',
      unit,
      received: now,
      data: { indicator, rule, period: month, ...counter },
    };
    yield { body: JSON.stringify(event), options: { appId: 'index-scoring', type: event.type } };
  }
}

async function untilKnown(database: Database, counters: number): Promise<void> {
  await withClient(database, async (client) => {
    for (const since = performance.now(); performance.now() - since < PATIENCE_MS;) {
      const { rows } = await client.query<{ known: number }>('SELECT count(*)::int AS known FROM figure_counter WHERE length(period) = 7');
      if (rows[0]!.known >= counters) return;
      await new Promise((next) => setTimeout(next, 100));
    }
    throw new Error(`reporting does not know the ${counters} counters that it was told`);
  });
}

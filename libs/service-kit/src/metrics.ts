import { Injectable } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { Database } from './database.ts';

/** Waiting longer for one value would cost the scrape all others. */
const PATIENCE_MS = 2_000;

export interface Sample {
  labels?: Record<string, string>;
  value: number;
}

export interface ScrapedGauge {
  name: string;
  help: string;
  labelNames?: readonly string[];
  read: () => readonly Sample[] | Promise<readonly Sample[]>;
}

/** Gauges whose values are looked up when they are asked for. */
@Injectable()
export class ScrapedGauges {
  constructor(private readonly registry: Registry) {}

  add({ name, help, labelNames = [], read }: ScrapedGauge): void {
    new Gauge({
      name,
      help,
      labelNames: [...labelNames],
      registers: [this.registry],
      collect: async function () {
        const samples = await read();
        this.reset();
        for (const { labels = {}, value } of samples) this.set(labels, value);
      },
    });
  }
}

/**
 * What `/metrics` answers. A metric whose values cannot be had now (database or broker away) is left out and counted in `par_scrape_failures_total`,
 * since the others are never more wanted than then.
 */
@Injectable()
export class MetricsText {
  readonly #failures: Counter;

  constructor(private readonly registry: Registry) {
    this.#failures = new Counter({
      name: 'par_scrape_failures_total',
      help: 'Metrics that were left out because their values could not be looked up',
      registers: [registry],
    });
  }

  async text(): Promise<string> {
    const names = this.registry.getMetricsAsArray().map(({ name }) => name);
    const texts = await Promise.allSettled(names.map((name) => inTime(this.registry.getSingleMetricAsString(name))));
    const shown = texts.flatMap((settled) => (settled.status === 'fulfilled' ? [settled.value] : []));
    this.#failures.inc(texts.length - shown.length);
    return `${shown.join('\n\n')}\n`;
  }
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(new Error('no answer in time')), PATIENCE_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Metrics of what every service has: its connections to the database, and its answers over HTTP. */
@Injectable()
export class ServiceMetrics {
  readonly #answers: Histogram;
  readonly #problems: Counter;

  constructor(registry: Registry, gauges: ScrapedGauges, database: Database) {
    this.#answers = new Histogram({
      name: 'par_http_request_duration_seconds',
      help: 'Time from request to answer, by route and status',
      labelNames: ['route', 'status'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
      registers: [registry],
    });
    this.#problems = new Counter({
      name: 'par_http_problems_total',
      help: 'Refused or failed calls, by the stable code of the problem',
      labelNames: ['code'],
      registers: [registry],
    });
    gauges.add({
      name: 'par_database_pool_connections',
      help: 'Connections of the pool (total, of them idle) and callers waiting for one',
      labelNames: ['state'],
      read: () => [
        { labels: { state: 'total' }, value: database.pool.totalCount },
        { labels: { state: 'idle' }, value: database.pool.idleCount },
        { labels: { state: 'waiting' }, value: database.pool.waitingCount },
      ],
    });
  }

  problem(code: string): void {
    this.#problems.inc({ code });
  }

  /** Times every answer. A path that is no route is counted as one, whatever was asked for. */
  watch(fastify: FastifyInstance): void {
    fastify.addHook('onResponse', (request, reply, done) => {
      this.#answers.observe({ route: request.routeOptions.url ?? 'none', status: String(reply.statusCode) }, reply.elapsedTime / 1_000);
      done();
    });
  }
}

import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { localDate } from '@par/administration';
import { type CloudEvent } from '@par/contracts';
import { Outbox } from '@par/messaging';
import { Clock, Database, Recurring, type Transaction } from '@par/service-kit';
import { type Basis } from '../basis.ts';
import { BasisRegister } from '../basis-register.ts';
import { HeardUnits } from '../heard-units.ts';
import { StateReader } from '../state-reader.ts';
import { type StateFacts } from '../state-world.ts';

const EVERY_MS = 2_000;
/** Where nobody was heard, only the clock moves a state. */
const AT_REST_EVERY_MS = 10_000;
/** A year that is over moves when something late is told of it: looked at now and then. */
const PAST_YEARS_EVERY_MS = 10_000;
/** However large a city is, looking takes no more than a twentieth of the time. */
const REST_AFTER_WORK = 20;
const MOST_PAST_YEARS = 10;

/** The period of what holds at this moment. */
const PERIOD_NOW = 'now';

interface StateRow {
  indicator: string;
  rule: string;
  ruleVersion: number;
  unit: string;
  period: string;
  numerator: number;
  denominator: number;
}

/**
 * Publishes the figures that are a state (connected, heard from lately) when one of them is no longer what was last published: they move
 * with the clock, so no event of a dossier would tell their readers. One replica at a time does it, whichever gets the lock.
 */
@Injectable()
export class PublishStateFigures implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #logger = new Logger('PublishStateFigures');
  readonly #publishing = new Recurring(
    EVERY_MS,
    async () => {
      if (!this.#isDue()) return EVERY_MS;
      await this.publishChanged();
      return this.#restMs;
    },
    (error) => this.#logger.warn(`not published: ${String(error)}`),
  );
  #pastYearsDueAt = 0;
  #restMs = EVERY_MS;
  #lookedAt = -Infinity;
  #heard = -1;

  constructor(
    private readonly database: Database,
    private readonly states: StateReader,
    private readonly basis: BasisRegister,
    private readonly outbox: Outbox,
    private readonly heard: HeardUnits,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.#publishing.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.#publishing.stop();
  }

  /** Another replica that heard somebody looks by itself. */
  #isDue(): boolean {
    const now = performance.now();
    if (this.heard.times === this.#heard && now - this.#lookedAt < AT_REST_EVERY_MS) return false;
    this.#heard = this.heard.times;
    this.#lookedAt = now;
    return true;
  }

  /** Publishes what changed; returns how many figures did. */
  async publishChanged(): Promise<number> {
    const now = this.clock.now();
    const startedAt = performance.now();
    const withPast = startedAt >= this.#pastYearsDueAt;
    const basis = await this.basis.latest();
    const facts = await this.states.facts();
    const periods = [PERIOD_NOW, ...(withPast ? await this.#pastYears(now) : [])];
    const states: StateRow[] = [];
    for (const period of periods) states.push(...(await this.#statesOf(period, basis, facts, now)));
    const published = await this.database.transaction(async (tx) => {
      const [lock] = await tx.query<{ got: boolean }>(
        `SELECT pg_try_advisory_xact_lock(hashtext('index-scoring.publish-state-figures')) AS got`,
      );
      if (!lock?.got) return 0;
      const changed = await this.#save(tx, states, periods, now);
      this.outbox.put(
        tx,
        changed.map((row) => this.#event(row, now)),
      );
      return changed.length;
    });
    const workMs = performance.now() - startedAt;
    if (withPast) this.#pastYearsDueAt = performance.now() + Math.max(PAST_YEARS_EVERY_MS, REST_AFTER_WORK * workMs);
    else this.#restMs = Math.max(EVERY_MS, REST_AFTER_WORK * workMs);
    return published;
  }

  /** Years before this one in which something happened, newest first. */
  async #pastYears(now: Date): Promise<string[]> {
    const rows = await this.database.query<{ year: string }>(
      `SELECT DISTINCT left(month, 4) AS year FROM (SELECT month FROM counter UNION SELECT month FROM traffic) AS m ORDER BY year DESC LIMIT $1`,
      [MOST_PAST_YEARS + 1],
    );
    // Whether a year is over is a matter of each city's own clock.
    return rows.map(({ year }) => year).filter((year) => Number(year) <= now.getUTCFullYear());
  }

  /** What holds now, or held at the end of a year, per unit. Of figures that look at a period, "now" is this year so far. */
  async #statesOf(period: string, basis: Basis, facts: StateFacts, now: Date): Promise<StateRow[]> {
    const rows = new Map<string, StateRow>();
    for (const city of basis.organisation.roots()) {
      const asked = period === PERIOD_NOW ? localDate(now, city.timeZone).slice(0, 4) : period;
      const world = this.states.world(city, basis, facts, asked, now);
      if (period !== PERIOD_NOW && !world.isOver) continue;
      for (const indicator of basis.plan.indicators.filter(({ kind }) => kind === 'state')) {
        for (const { rule, version } of indicator.rules) {
          for (const { unit, numerator, denominator } of await this.states.items(indicator, rule, world, 'anew')) {
            const key = `${indicator.id} ${rule} ${unit}`;
            const row = rows.get(key) ?? {
              indicator: indicator.id,
              rule,
              ruleVersion: version,
              unit,
              period,
              numerator: 0,
              denominator: 0,
            };
            row.numerator += numerator;
            row.denominator += denominator;
            rows.set(key, row);
          }
        }
      }
    }
    return [...rows.values()];
  }

  /** Writes the rows that differ, and empties those of the same periods that are no more: their unit is not in force, say. */
  async #save(
    tx: Transaction,
    states: readonly StateRow[],
    periods: readonly string[],
    now: Date,
  ): Promise<(StateRow & { revision: number })[]> {
    return tx.query<StateRow & { revision: number }>(
      `WITH now AS (
         SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::int[])
           AS n(indicator, rule, unit, period, numerator, denominator, rule_version)
       ), wanted AS (
         SELECT indicator, rule, unit, period, numerator, denominator FROM now
         UNION ALL
         SELECT s.indicator, s.rule, s.unit, s.period, 0, 0 FROM state_figure AS s
         WHERE s.period = ANY($8::text[])
           AND NOT EXISTS (SELECT FROM now WHERE (now.indicator, now.rule, now.unit, now.period) = (s.indicator, s.rule, s.unit, s.period))
       ), moved AS (
         INSERT INTO state_figure AS s (indicator, rule, unit, period, numerator, denominator, revision)
         SELECT indicator, rule, unit, period, numerator, denominator, 1 FROM wanted
         ON CONFLICT (indicator, rule, unit, period) DO UPDATE SET numerator = excluded.numerator, denominator = excluded.denominator, revision = s.revision + 1
           WHERE (s.numerator, s.denominator) IS DISTINCT FROM (excluded.numerator, excluded.denominator)
         RETURNING indicator, rule, unit, period, numerator, denominator, revision
       ), told AS (
         SELECT moved.*, coalesce(now.rule_version, 1) AS rule_version FROM moved LEFT JOIN now USING (indicator, rule, unit, period)
       ), written AS (
         INSERT INTO state_ledger (indicator, rule, unit, period, revision, rule_version, numerator, denominator, published_at)
         SELECT indicator, rule, unit, period, revision, rule_version, numerator, denominator, $9 FROM told
       )
       SELECT indicator, rule, unit, period, numerator, denominator, revision, rule_version AS "ruleVersion" FROM told`,
      [
        states.map((s) => s.indicator),
        states.map((s) => s.rule),
        states.map((s) => s.unit),
        states.map((s) => s.period),
        states.map((s) => s.numerator),
        states.map((s) => s.denominator),
        states.map((s) => s.ruleVersion),
        [...periods],
        now,
      ],
    );
  }

  #event(row: StateRow & { revision: number }, now: Date): CloudEvent<'vn.par.figure.changed.v1'> {
    const subject = [row.indicator, row.rule, row.unit, row.period].join('.');
    const at = now.toISOString();
    return {
      specversion: '1.0',
      id: `${subject}:${row.revision}`,
      source: 'urn:par:index-scoring',
      type: 'vn.par.figure.changed.v1',
      subject,
      time: at,
      datacontenttype: 'application/json',
      unit: row.unit,
      received: at,
      data: {
        indicator: row.indicator,
        rule: row.rule,
        ruleVersion: row.ruleVersion,
        period: row.period,
        numerator: row.numerator,
        denominator: row.denominator,
        revision: row.revision,
      },
    };
  }
}

import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { localDate } from '@par/administration';
import { type CloudEvent } from '@par/contracts';
import { Outbox } from '@par/messaging';
import { Clock, Database, type Transaction } from '@par/service-kit';
import { BasisRegister } from '../basis-register.ts';
import { StateReader } from '../state-reader.ts';

const EVERY_MS = 2_000;

interface StateRow {
  indicator: string;
  rule: string;
  ruleVersion: number;
  unit: string;
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
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #stopped = false;

  constructor(
    private readonly database: Database,
    private readonly states: StateReader,
    private readonly basis: BasisRegister,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.#schedule();
  }

  async onModuleDestroy(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  #schedule(): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#running = this.publishChanged()
        .then(() => undefined)
        .catch((error: unknown) => this.#logger.warn(`not published: ${String(error)}`))
        .finally(() => this.#schedule());
    }, EVERY_MS);
  }

  /** Publishes what changed; returns how many figures did. */
  async publishChanged(): Promise<number> {
    const now = this.clock.now();
    const states = await this.#statesAt(now);
    return this.database.transaction(async (tx) => {
      const [lock] = await tx.query<{ got: boolean }>(
        `SELECT pg_try_advisory_xact_lock(hashtext('index-scoring.publish-state-figures')) AS got`,
      );
      if (!lock?.got) return 0;
      const changed = await this.#save(tx, states);
      await this.outbox.put(
        tx,
        changed.map((row) => this.#event(row, now)),
      );
      return changed.length;
    });
  }

  /** What holds now, per unit: of figures that look at a period, this year's. */
  async #statesAt(now: Date): Promise<StateRow[]> {
    const basis = await this.basis.latest();
    const facts = await this.states.facts();
    const rows = new Map<string, StateRow>();
    for (const city of basis.organisation.roots()) {
      const world = this.states.world(city, basis, facts, localDate(now, city.timeZone).slice(0, 4), now);
      for (const indicator of basis.plan.indicators.filter(({ kind }) => kind === 'state')) {
        for (const { rule, version } of indicator.rules) {
          for (const { unit, numerator, denominator } of await this.states.items(indicator, rule, world)) {
            const key = `${indicator.id} ${rule} ${unit}`;
            const row = rows.get(key) ?? { indicator: indicator.id, rule, ruleVersion: version, unit, numerator: 0, denominator: 0 };
            row.numerator += numerator;
            row.denominator += denominator;
            rows.set(key, row);
          }
        }
      }
    }
    return [...rows.values()];
  }

  /** Writes the rows that differ, and empties those whose unit is no longer in force. */
  async #save(tx: Transaction, states: readonly StateRow[]): Promise<(StateRow & { revision: number })[]> {
    return tx.query<StateRow & { revision: number }>(
      `WITH now AS (
         SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::int[]) AS n(indicator, rule, unit, numerator, denominator, rule_version)
       ), wanted AS (
         SELECT indicator, rule, unit, numerator, denominator FROM now
         UNION ALL
         SELECT s.indicator, s.rule, s.unit, 0, 0 FROM state_figure AS s
         WHERE NOT EXISTS (SELECT FROM now WHERE now.indicator = s.indicator AND now.rule = s.rule AND now.unit = s.unit)
       ), moved AS (
         INSERT INTO state_figure AS s (indicator, rule, unit, numerator, denominator, revision)
         SELECT indicator, rule, unit, numerator, denominator, 1 FROM wanted
         ON CONFLICT (indicator, rule, unit) DO UPDATE SET numerator = excluded.numerator, denominator = excluded.denominator, revision = s.revision + 1
           WHERE (s.numerator, s.denominator) IS DISTINCT FROM (excluded.numerator, excluded.denominator)
         RETURNING indicator, rule, unit, numerator, denominator, revision
       )
       SELECT moved.*, coalesce(now.rule_version, 1) AS "ruleVersion" FROM moved LEFT JOIN now USING (indicator, rule, unit)`,
      [
        states.map((s) => s.indicator),
        states.map((s) => s.rule),
        states.map((s) => s.unit),
        states.map((s) => s.numerator),
        states.map((s) => s.denominator),
        states.map((s) => s.ruleVersion),
      ],
    );
  }

  #event(row: StateRow & { revision: number }, now: Date): CloudEvent<'vn.par.figure.changed.v1'> {
    const subject = [row.indicator, row.rule, row.unit, 'now'].join('.');
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
        period: 'now',
        numerator: row.numerator,
        denominator: row.denominator,
        revision: row.revision,
      },
    };
  }
}

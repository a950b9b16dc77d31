import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { type CloudEvent } from '@par/contracts';
import { Outbox } from '@par/messaging';
import { OrganisationRegister } from '@par/organisation';
import { Clock, Database, type Transaction } from '@par/service-kit';
import { FigureReader } from '../figure-reader.ts';
import { PLAN, type Plan } from '../plan.ts';
import { unitStates } from '../state-figures.ts';

const EVERY_MS = 2_000;

interface StateRow {
  indicator: string;
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
    private readonly reader: FigureReader,
    private readonly register: OrganisationRegister,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    @Inject(PLAN) private readonly plan: Plan,
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

  async #statesAt(now: Date): Promise<StateRow[]> {
    const organisation = await this.register.latest();
    const facts = await this.reader.networkFacts();
    return this.plan.indicators
      .filter(({ kind }) => kind === 'state')
      .flatMap((indicator) =>
        indicator.rules.flatMap(({ rule }) =>
          unitStates(indicator, rule, organisation, facts, now).map(({ unit, numerator }) => ({
            indicator: indicator.id,
            unit,
            numerator,
            denominator: 1,
          })),
        ),
      );
  }

  /** Writes the rows that differ, and empties those whose unit is no longer in force. */
  async #save(tx: Transaction, states: readonly StateRow[]): Promise<(StateRow & { revision: number })[]> {
    return tx.query<StateRow & { revision: number }>(
      `WITH now AS (
         SELECT * FROM unnest($1::text[], $2::text[], $3::int[], $4::int[]) AS n(indicator, unit, numerator, denominator)
       ), wanted AS (
         SELECT indicator, unit, numerator, denominator FROM now
         UNION ALL
         SELECT s.indicator, s.unit, 0, 0 FROM state_figure AS s WHERE NOT EXISTS (SELECT FROM now WHERE now.indicator = s.indicator AND now.unit = s.unit)
       )
       INSERT INTO state_figure AS s (indicator, unit, numerator, denominator, revision)
       SELECT indicator, unit, numerator, denominator, 1 FROM wanted
       ON CONFLICT (indicator, unit) DO UPDATE SET numerator = excluded.numerator, denominator = excluded.denominator, revision = s.revision + 1
         WHERE (s.numerator, s.denominator) IS DISTINCT FROM (excluded.numerator, excluded.denominator)
       RETURNING indicator, unit, numerator, denominator, revision`,
      [states.map((s) => s.indicator), states.map((s) => s.unit), states.map((s) => s.numerator), states.map((s) => s.denominator)],
    );
  }

  #event(row: StateRow & { revision: number }, now: Date): CloudEvent<'vn.par.figure.changed.v1'> {
    const choice = this.plan.indicators.find(({ id }) => id === row.indicator)!.rules[0]!;
    const subject = [row.indicator, choice.rule, row.unit, 'now'].join('.');
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
        rule: choice.rule,
        ruleVersion: choice.version,
        period: 'now',
        numerator: row.numerator,
        denominator: row.denominator,
        revision: row.revision,
      },
    };
  }
}

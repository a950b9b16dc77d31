import { Injectable } from '@nestjs/common';
import { Clock, Database, Environment, Health, type HealthResult, ScrapedGauges } from '@par/service-kit';
import { Counter, Registry } from 'prom-client';

/** A larger backlog shows as this. */
const MOST_COUNTED = 100_000;
const ANSWER_WITHIN_MS = 1_000;

/** When something is to be told of a deadline next, as its index has it. */
export const TELL_NEXT_AT = '(CASE WHEN reminded_at IS NULL THEN remind_at ELSE due_at END)';

/** Shows that deadlines are looked at: health, metrics, and with them the alarm. A timer that stands still makes no noise of its own. */
@Injectable()
export class DeadlineWatch {
  readonly #told: Counter;
  readonly #staleMs: number;
  #lastRound: Date | undefined;
  readonly #startedAt: Date;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    health: Health,
    gauges: ScrapedGauges,
    registry: Registry,
  ) {
    const environment = new Environment();
    this.#staleMs = 1_000 * environment.integer('REMIND_STALE_AFTER_SECONDS', 300, { min: 10, max: 86_400 });
    environment.finish();
    this.#startedAt = clock.now();
    this.#told = new Counter({
      name: 'par_deadlines_told_total',
      help: 'Deadlines that were reminded of or escalated',
      labelNames: ['kind'],
      registers: [registry],
    });
    for (const kind of ['reminded', 'escalated']) this.#told.inc({ kind }, 0);
    gauges.add({
      name: 'par_deadlines_last_round_timestamp_seconds',
      help: 'When the last round over the deadlines was committed, by any replica',
      read: () => this.#lastOfAll(),
    });
    gauges.add({
      name: 'par_deadlines_waiting',
      help: `Deadlines that are to be told now and are not yet; counted up to ${MOST_COUNTED}`,
      labelNames: ['kind'],
      read: () => this.#waiting(),
    });
    health.register({ name: 'deadlines', kind: 'live', check: () => this.#state() });
  }

  /** A round of this process was committed. */
  ran(at: Date, told: { reminded: number; escalated: number }): void {
    this.#lastRound = at;
    this.#told.inc({ kind: 'reminded' }, told.reminded);
    this.#told.inc({ kind: 'escalated' }, told.escalated);
  }

  /** While the database is away a restart would mend nothing; that it is away, its own check says. */
  async #state(): Promise<HealthResult> {
    const last = this.#lastRound?.toISOString() ?? 'none yet';
    const ageMs = this.clock.now().getTime() - (this.#lastRound ?? this.#startedAt).getTime();
    if (ageMs <= this.#staleMs) return { ok: true, detail: `last round: ${last}` };
    const isAway = !(await this.database.answers(ANSWER_WITHIN_MS));
    return { ok: isAway, detail: `stale, last round: ${last}${isAway ? '; the database does not answer' : ''}` };
  }

  async #lastOfAll(): Promise<{ value: number }[]> {
    const [row] = await this.database.query<{ last: Date | null }>(
      `SELECT max(last_round_at) AS last FROM scheduler_heartbeat WHERE scheduler = 'deadlines'`,
    );
    return row?.last ? [{ value: row.last.getTime() / 1_000 }] : [];
  }

  async #waiting(): Promise<{ labels: { kind: string }; value: number }[]> {
    const [row] = await this.database.query<{ reminded: number; escalated: number }>(
      `SELECT count(*) FILTER (WHERE due_at > $1) AS reminded, count(*) FILTER (WHERE due_at <= $1) AS escalated
         FROM (SELECT due_at FROM deadline WHERE escalated_at IS NULL AND ${TELL_NEXT_AT} <= $1 LIMIT ${MOST_COUNTED}) AS waiting`,
      [this.clock.now().toISOString()],
    );
    return Object.entries(row!).map(([kind, value]) => ({ labels: { kind }, value }));
  }
}

import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { type CloudEvent, type DeadlineOf } from '@par/contracts';
import { Outbox } from '@par/messaging';
import { Clock, Database, Environment, errorText, Recurring, type Transaction } from '@par/service-kit';
import { v7 } from 'uuid';
import { deadlineRule } from '../deadlines.ts';
import { JUDGEMENT_SOURCE } from '../judgement-event.ts';
import { DeadlineWatch } from './deadline-watch.ts';

/** The first round after a start, the next after one that failed, and after one that left something: so a backlog is told at a limited rate. */
const SOON_MS = 1_000;
/** Two deadlines a moment apart are told in one round. */
const SHORTEST_MS = 50;

export type Telling = 'reminded' | 'escalated';

interface DueRow {
  work_dossier: string;
  of: DeadlineOf;
  element: string;
  step: string | null;
  unit: string;
  due_at: Date;
}

export interface Round {
  reminded: number;
  escalated: number;
  /** When the next deadline comes near or passes; null where none is known. */
  next: Date | null;
}

/**
 * Reminds of deadlines that come near and escalates those that have passed, each once. Any replica takes the next ones by row locks; the event and the mark on the row
 * are one transaction, so whatever is killed, what was told is marked and what is not marked was not told. After an outage what has passed is escalated without a late
 * reminder, at most so many a round and the latest first.
 */
@Injectable()
export class RemindDeadlines implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #logger = new Logger('RemindDeadlines');
  readonly #replica = v7();
  readonly #everyMs: number;
  readonly #atOnce: number;
  readonly #rounds = new Recurring(
    SOON_MS,
    () => this.#roundAndDelay(),
    (error) => this.#logger.warn(`no round: ${errorText(error)}`),
  );

  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    private readonly watch: DeadlineWatch,
  ) {
    const environment = new Environment();
    this.#everyMs = 1_000 * environment.integer('REMIND_EVERY_SECONDS', 30, { min: 1, max: 3_600 });
    this.#atOnce = environment.integer('REMIND_AT_ONCE', 500, { min: 1, max: 10_000 });
    environment.finish();
    // A mistake in what the judge works with stops the start, not the first judgement.
    deadlineRule();
  }

  onApplicationBootstrap(): void {
    this.#rounds.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.#rounds.stop();
  }

  /** One round: tells at most so many reminders and so many escalations, and leaves the proof that it ran. */
  async tellDue(): Promise<Round> {
    const now = this.clock.now();
    return this.database.transaction(async (tx) => {
      const reminders = await takeReminders(tx, now, this.#atOnce);
      const escalations = await takeEscalations(tx, now, this.#atOnce);
      this.outbox.put(tx, [
        ...reminders.sort((a, b) => byDue(a, b)).map((row) => event('reminded', row, now)),
        ...escalations.sort((a, b) => byDue(b, a)).map((row) => event('escalated', row, now)),
      ]);
      const next = await nextInstant(tx, now);
      beat(tx, this.#replica, now);
      const told = { reminded: reminders.length, escalated: escalations.length };
      tx.afterCommit(() => this.watch.ran(now, told));
      return { ...told, next };
    });
  }

  async #roundAndDelay(): Promise<number> {
    const { reminded, escalated, next } = await this.tellDue();
    if (Math.max(reminded, escalated) >= this.#atOnce) return SOON_MS;
    const untilNext = next ? next.getTime() - this.clock.now().getTime() : this.#everyMs;
    return Math.min(Math.max(untilNext, SHORTEST_MS), this.#everyMs);
  }
}

/** Marks what comes near, the most urgent first; what has passed already gets no reminder any more. */
function takeReminders(tx: Transaction, now: Date, atMost: number): Promise<DueRow[]> {
  return tx.query<DueRow>(
    `WITH near AS MATERIALIZED (
       SELECT work_dossier, "of", element, due_at FROM deadline
        WHERE open AND reminded_at IS NULL AND escalated_at IS NULL AND remind_at <= $1 AND due_at > $1
        ORDER BY due_at, work_dossier, "of", element LIMIT $2 FOR UPDATE SKIP LOCKED
     )
     UPDATE deadline AS d SET reminded_at = $1 FROM near
      WHERE (d.work_dossier, d."of", d.element, d.due_at) = (near.work_dossier, near."of", near.element, near.due_at)
     RETURNING d.work_dossier, d."of", d.element, d.step, d.unit, d.due_at`,
    [now.toISOString(), atMost],
  );
}

/** Marks what has passed, the latest first: it can still be mended, and what is long late is known. */
function takeEscalations(tx: Transaction, now: Date, atMost: number): Promise<DueRow[]> {
  return tx.query<DueRow>(
    `WITH past AS MATERIALIZED (
       SELECT work_dossier, "of", element, due_at FROM deadline
        WHERE open AND escalated_at IS NULL AND due_at <= $1
        ORDER BY due_at DESC, work_dossier, "of", element LIMIT $2 FOR UPDATE SKIP LOCKED
     )
     UPDATE deadline AS d SET escalated_at = $1 FROM past
      WHERE (d.work_dossier, d."of", d.element, d.due_at) = (past.work_dossier, past."of", past.element, past.due_at)
     RETURNING d.work_dossier, d."of", d.element, d.step, d.unit, d.due_at`,
    [now.toISOString(), atMost],
  );
}

async function nextInstant(tx: Transaction, now: Date): Promise<Date | null> {
  const [row] = await tx.query<{ next: Date | null }>(
    `SELECT least(
       (SELECT min(remind_at) FROM deadline WHERE open AND reminded_at IS NULL AND escalated_at IS NULL AND remind_at > $1),
       (SELECT min(due_at) FROM deadline WHERE open AND escalated_at IS NULL AND due_at > $1)) AS next`,
    [now.toISOString()],
  );
  return row?.next ?? null;
}

/** Each replica has a row of its own, so none waits for another; those of replicas that are gone are cleared away. */
function beat(tx: Transaction, replica: string, now: Date): void {
  tx.send(
    `INSERT INTO scheduler_heartbeat (scheduler, replica, last_round_at) VALUES ('deadlines', $1, $2)
     ON CONFLICT (scheduler, replica) DO UPDATE SET last_round_at = excluded.last_round_at`,
    [replica, now.toISOString()],
  );
  tx.send(
    `DELETE FROM scheduler_heartbeat WHERE (scheduler, replica) IN (
       SELECT scheduler, replica FROM scheduler_heartbeat
        WHERE scheduler = 'deadlines' AND last_round_at < $1::timestamptz - interval '1 day' ORDER BY replica FOR UPDATE SKIP LOCKED)`,
    [now.toISOString()],
  );
}

function byDue(a: DueRow, b: DueRow): number {
  return a.due_at.getTime() - b.due_at.getTime();
}

/** The identity follows from the deadline alone, so a reader that gets it again knows it. */
function event(
  telling: Telling,
  row: DueRow,
  now: Date,
): CloudEvent<'vn.par.deadline.reminded.v1'> | CloudEvent<'vn.par.deadline.escalated.v1'> {
  const due = row.due_at.toISOString();
  return {
    specversion: '1.0',
    source: JUDGEMENT_SOURCE,
    id: `${row.work_dossier}:${telling}:${row.of}:${row.element}:${due}`,
    type: `vn.par.deadline.${telling}.v1`,
    subject: row.work_dossier,
    time: now.toISOString(),
    datacontenttype: 'application/json',
    unit: row.unit,
    received: now.toISOString(),
    data: { of: row.of, ...(row.step === null ? {} : { step: row.step }), due },
  };
}

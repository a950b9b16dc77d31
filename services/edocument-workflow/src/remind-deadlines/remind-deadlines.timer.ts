import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { type CloudEvent, type DeadlineOf } from '@par/contracts';
import { Outbox } from '@par/messaging';
import { Clock, Database, Environment, errorText, Recurring, type Transaction } from '@par/service-kit';
import { v7 } from 'uuid';
import { JUDGEMENT_SOURCE } from '../judgement-event.ts';
import { DeadlineWatch, TELL_NEXT_AT } from './deadline-watch.ts';

/** The first round after a start, the next after one that failed, and after one that left something: so a backlog is told at a limited rate. */
const SOON_MS = 1_000;
/** Two deadlines a moment apart are told in one round. */
const SHORTEST_MS = 50;

type DeadlineEvent = CloudEvent<'vn.par.deadline.reminded.v1'> | CloudEvent<'vn.par.deadline.escalated.v1'>;

interface DueRow {
  work_dossier: string;
  of: DeadlineOf;
  element: string;
  step: string | null;
  unit: string;
  due_at: Date;
}

export interface Round {
  /** Deadlines looked at: those told, and those told before and opened again since. */
  taken: number;
  reminded: number;
  escalated: number;
  /** When the next deadline comes near or passes; null where none is known. */
  next: Date | null;
}

/**
 * Reminds of deadlines that come near and escalates those that have passed, each once. Any replica takes the next ones by row locks; the event and the mark on the row
 * are one transaction, so whatever is killed, what was told is marked and what is not marked was not told. After an outage what has passed is escalated without a late
 * reminder, at most so many a round: first what came up last, which can still be mended.
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
  }

  onApplicationBootstrap(): void {
    this.#rounds.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.#rounds.stop();
  }

  /** One round: tells at most so many, and leaves the proof that it ran. */
  async tellDue(): Promise<Round> {
    const now = this.clock.now();
    return this.database.transaction(async (tx) => {
      const taken = (await takeDue(tx, now, this.#atOnce)).map((row) => eventOf(row, now));
      const events = await onlyUntold(tx, taken);
      this.outbox.put(tx, events);
      const next = await nextInstant(tx, now);
      beat(tx, this.#replica, now);
      const reminded = events.filter(({ type }) => type === 'vn.par.deadline.reminded.v1').length;
      const told = { reminded, escalated: events.length - reminded };
      tx.afterCommit(() => this.watch.ran(now, told));
      return { ...told, taken: taken.length, next };
    });
  }

  async #roundAndDelay(): Promise<number> {
    const { taken, next } = await this.tellDue();
    if (taken === this.#atOnce) return SOON_MS;
    const untilNext = next ? next.getTime() - this.clock.now().getTime() : this.#everyMs;
    return Math.min(Math.max(untilNext, SHORTEST_MS), this.#everyMs);
  }
}

/** Marks what is to be told: as escalated what has passed, whether it was reminded of or not, else as reminded. */
async function takeDue(tx: Transaction, now: Date, atMost: number): Promise<DueRow[]> {
  const rows = await tx.query<DueRow>(
    `WITH due AS MATERIALIZED (
       SELECT work_dossier, "of", element, due_at FROM deadline
        WHERE escalated_at IS NULL AND ${TELL_NEXT_AT} <= $1
        ORDER BY ${TELL_NEXT_AT} DESC, work_dossier, "of", element LIMIT $2 FOR UPDATE SKIP LOCKED
     )
     UPDATE deadline AS d
        SET reminded_at = CASE WHEN d.due_at > $1 THEN $1 ELSE d.reminded_at END, escalated_at = CASE WHEN d.due_at <= $1 THEN $1 END
       FROM due
      WHERE (d.work_dossier, d."of", d.element, d.due_at) = (due.work_dossier, due."of", due.element, due.due_at)
     RETURNING d.work_dossier, d."of", d.element, d.step, d.unit, d.due_at`,
    [now.toISOString(), atMost],
  );
  // What is still to come first, the most urgent of it at the head; then what has passed, the latest at the head.
  const urgency = ({ due_at }: DueRow): number => (due_at > now ? due_at.getTime() : Number.MAX_SAFE_INTEGER - due_at.getTime());
  return rows.sort((a, b) => urgency(a) - urgency(b));
}

/** Leaves out what was told before: of a step that was taken and taken back, the row is new and the deadline is not. */
async function onlyUntold(tx: Transaction, events: readonly DeadlineEvent[]): Promise<DeadlineEvent[]> {
  if (events.length === 0) return [];
  const fresh = await tx.query<{ id: string }>(
    'INSERT INTO deadline_told (id) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING RETURNING id',
    [events.map(({ id }) => id).sort()],
  );
  const ids = new Set(fresh.map(({ id }) => id));
  return events.filter(({ id }) => ids.has(id));
}

async function nextInstant(tx: Transaction, now: Date): Promise<Date | null> {
  const [row] = await tx.query<{ next: Date | null }>(
    `SELECT min(${TELL_NEXT_AT}) AS next FROM deadline WHERE escalated_at IS NULL AND ${TELL_NEXT_AT} > $1`,
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

/** The identity follows from the deadline alone, so a reader that gets it again knows it. */
function eventOf(row: DueRow, now: Date): DeadlineEvent {
  const telling = row.due_at > now ? 'reminded' : 'escalated';
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

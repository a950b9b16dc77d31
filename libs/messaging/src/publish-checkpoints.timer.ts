import { Inject, Injectable, Logger } from '@nestjs/common';
import { type BalanceLine, type CloudEvent, type ServiceName } from '@par/contracts';
import { Clock, Database, Recurring } from '@par/service-kit';
import { describe, SERVICE_NAME } from './broker.ts';
import { BalanceSheet, hashToHex } from './balance-sheet.ts';
import { Outbox } from './outbox.ts';
import { lineText, type LineTail, tailedLines } from './reconcile/line-tail.ts';

const EVERY_MS = 1_000;
const AT_ONCE = 500;
/** A line that goes on moving is told of at most this often; one that stands still for a second at once. */
const MOVING_EVERY_SECONDS = 5;
/** So long after the last move of this process there may be something to tell. */
const AFTER_MOVE_MS = (MOVING_EVERY_SECONDS + 2) * 1_000;
/** Without a move of its own a process looks this often for what one that died has left. */
const LOOK_EVERY_MS = 30_000;
/** Lines of these days, today's included, are told again now and then: a checkpoint may be lost like any message. */
const REPEATED_DAYS = 2;
const REPEAT_EVERY_SECONDS = 600;

/** A line as the table has it: its hash is a signed 64-bit integer in decimal. */
interface ChangedLine extends BalanceLine {
  revision: number;
}

/** Publishes the lines of the balance sheet that changed, so that readers can compare sheets. */
@Injectable()
export class CheckpointPublisher {
  readonly #logger = new Logger('Checkpoints');
  readonly #publishing = new Recurring(
    EVERY_MS,
    () => this.#publishIfDue(),
    (error) => this.#logger.warn(`not published: ${describe(error)}`),
  );
  #lookUntil = 0;
  #lookedAt = 0;

  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly sheet: BalanceSheet,
    private readonly clock: Clock,
    @Inject(SERVICE_NAME) private readonly service: ServiceName,
  ) {}

  start(): void {
    // Reporting is an outside reader: it shows its own sheet and publishes nothing.
    if (this.service === 'reporting') return;
    this.#publishing.start();
  }

  async stop(): Promise<void> {
    await this.#publishing.stop();
  }

  /** At rest the table, which may be large, is let alone. */
  async #publishIfDue(): Promise<void> {
    const now = Date.now();
    if (this.sheet.hasMoved()) this.#lookUntil = now + AFTER_MOVE_MS;
    if (now > this.#lookUntil && now < this.#lookedAt + LOOK_EVERY_MS) return;
    this.#lookedAt = now;
    await this.publishChanged();
  }

  /** Puts one event per changed line into the outbox; returns how many. Replicas share the work by row locks. */
  async publishChanged(): Promise<number> {
    return this.database.transaction(async (tx) => {
      const lines = await tx.query<ChangedLine>(
        `UPDATE messaging.balance_line AS line SET published_revision = line.revision, published_at = now()
         FROM (SELECT direction, origin, type, unit, day FROM messaging.balance_line
               WHERE (revision > published_revision AND (changed_at < now() - interval '1 second' OR published_at < now() - make_interval(secs => $2)))
                  OR (direction = 'out' AND day > current_date - $3::int AND published_at < now() - make_interval(secs => $4))
               ORDER BY direction, origin, type, unit, day LIMIT $1 FOR UPDATE SKIP LOCKED) AS changed
         WHERE (line.direction, line.origin, line.type, line.unit, line.day) = (changed.direction, changed.origin, changed.type, changed.unit, changed.day)
         RETURNING line.direction, line.origin, line.type, line.unit, line.day::text AS day, line.count, line.hash::text AS hash, line.revision`,
        [AT_ONCE, MOVING_EVERY_SECONDS, REPEATED_DAYS, REPEAT_EVERY_SECONDS],
      );
      if (lines.length === 0) return 0;
      const tails = new Map(
        (await tailedLines(tx)).map(({ dead, healed, surplus, ...line }) => [lineText(line), { dead, healed, surplus }]),
      );
      const now = this.clock.now().toISOString();
      this.outbox.put(
        tx,
        lines.map((line) => this.#event(line, line.direction === 'in' ? tails.get(lineText(line)) : undefined, now)),
      );
      return lines.length;
    });
  }

  #event(line: ChangedLine, tail: LineTail | undefined, now: string): CloudEvent<'vn.par.checkpoint.advanced.v1'> {
    const subject = [this.service, line.direction, line.origin, line.type, line.unit, line.day].join(':');
    return {
      specversion: '1.0',
      id: `${subject}:${line.revision}`,
      source: `urn:par:${this.service}`,
      type: 'vn.par.checkpoint.advanced.v1',
      subject,
      time: now,
      datacontenttype: 'application/json',
      unit: line.unit,
      received: now,
      data: {
        service: this.service,
        direction: line.direction,
        origin: line.origin,
        eventType: line.type,
        day: line.day,
        count: line.count,
        hash: hashToHex(BigInt(line.hash)),
        revision: line.revision,
        ...Object.fromEntries(Object.entries(tail ?? {}).filter(([, count]) => count > 0)),
      },
    };
  }
}

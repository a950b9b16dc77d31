import { Inject, Injectable, Logger } from '@nestjs/common';
import { type BalanceLine, type CloudEvent, type ServiceName } from '@par/contracts';
import { Clock, Database } from '@par/service-kit';
import { describe, SERVICE_NAME } from './broker.ts';
import { hashToHex } from './balance-sheet.ts';
import { Outbox } from './outbox.ts';

const EVERY_MS = 1_000;
const AT_ONCE = 500;

/** A line as the table has it: its hash is a signed 64-bit integer in decimal. */
interface ChangedLine extends BalanceLine {
  revision: number;
}

/** Publishes the lines of the balance sheet that changed, at most once a second each, so that readers can compare sheets. */
@Injectable()
export class CheckpointPublisher {
  readonly #logger = new Logger('Checkpoints');
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    @Inject(SERVICE_NAME) private readonly service: ServiceName,
  ) {}

  start(): void {
    // Reporting is an outside reader: it shows its own sheet and publishes nothing.
    if (this.service === 'reporting') return;
    this.#schedule();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.publishChanged()
        .catch((error: unknown) => this.#logger.warn(`not published: ${describe(error)}`))
        .finally(() => this.#schedule());
    }, EVERY_MS);
  }

  /** Puts one event per changed line into the outbox; returns how many. Replicas share the work by row locks. */
  async publishChanged(): Promise<number> {
    return this.database.transaction(async (tx) => {
      const lines = await tx.query<ChangedLine>(
        `UPDATE messaging.balance_line AS line SET published_revision = line.revision
         FROM (SELECT direction, origin, type, unit, day FROM messaging.balance_line WHERE revision > published_revision
               ORDER BY direction, origin, type, unit, day LIMIT $1 FOR UPDATE SKIP LOCKED) AS changed
         WHERE (line.direction, line.origin, line.type, line.unit, line.day) = (changed.direction, changed.origin, changed.type, changed.unit, changed.day)
         RETURNING line.direction, line.origin, line.type, line.unit, line.day::text AS day, line.count, line.hash::text AS hash, line.revision`,
        [AT_ONCE],
      );
      const now = this.clock.now().toISOString();
      await this.outbox.put(
        tx,
        lines.map((line) => this.#event(line, now)),
      );
      return lines.length;
    });
  }

  #event(line: ChangedLine, now: string): CloudEvent<'vn.par.checkpoint.advanced.v1'> {
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
      },
    };
  }
}

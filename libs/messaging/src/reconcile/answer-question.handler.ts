import { Inject, Injectable, Logger, Optional } from '@nestjs/common';
import { type BalanceKey, type CloudEvent, type EventType, routingKeyOf, type ServiceName } from '@par/contracts';
import { Clock, type Transaction } from '@par/service-kit';
import { BalanceSheet } from '../balance-sheet.ts';
import { SERVICE_NAME } from '../broker.ts';
import { IdentitySource } from '../identity-source.ts';
import { Outbox } from '../outbox.ts';
import { controlEvent, lineOf } from './control-event.ts';
import { answerTo, inAnswers } from './identity-ranges.ts';
import { OwnEvents } from './own-events.ts';

type Question = CloudEvent<'vn.par.reconciliation.asked.v1'>;

/**
 * The sender's side: answers what a reader asks of a line, and publishes again what the reader lacks. It keeps nothing of its own between
 * two questions, so any replica may answer the next one, and a question that comes twice does no harm.
 */
@Injectable()
export class AnswerQuestion {
  readonly #logger = new Logger('Reconciliation');

  constructor(
    private readonly own: OwnEvents,
    private readonly sheet: BalanceSheet,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    @Inject(SERVICE_NAME) private readonly service: ServiceName,
    @Optional() private readonly source?: IdentitySource,
  ) {}

  async answer(tx: Transaction, question: Question): Promise<void> {
    const line = lineOf(question);
    const { wanted, ranges } = question.data;
    if (wanted.length > 0) await this.#publishAgain(tx, question, line);
    if (ranges.length > 0) await this.#tellRanges(tx, question, line);
  }

  async #publishAgain(tx: Transaction, { data: { wanted, asker } }: Question, line: BalanceKey): Promise<void> {
    const events = (await this.source?.sent(line, wanted)) ?? [];
    this.#logger.warn(`${asker} lacks ${wanted.length} of ${line.type} ${line.unit} ${line.day}: ${events.length} published again`);
    this.outbox.putAgain(tx, events);
  }

  async #tellRanges(tx: Transaction, { data }: Question, line: BalanceKey): Promise<void> {
    const revision = await this.#revisionOf(tx, line);
    if (revision !== data.sentRevision) {
      await this.#tellLineAgain(tx, line);
      return;
    }
    if (await this.#isUnsent(tx, line)) return;
    const events = await this.own.sent(line, revision);
    // What was sent meanwhile may not have arrived there: the reader asks again when the line stands still.
    if ((await this.#revisionOf(tx, line)) !== revision) return;
    const { asker, origin, eventType, day, sentRevision, takenRevision } = data;
    const answers = inAnswers(answerTo(events, data.ranges)).map((piece) =>
      controlEvent('vn.par.reconciliation.answered.v1', this.service, line, this.clock.now(), {
        ...{ asker, origin, eventType, day, sentRevision, takenRevision },
        ...piece,
      }),
    );
    this.outbox.put(tx, answers);
  }

  async #revisionOf(tx: Transaction, line: BalanceKey): Promise<number> {
    const [row] = await tx.query<{ revision: number }>(
      `SELECT revision FROM messaging.balance_line WHERE direction = 'out' AND (origin, type, unit, day) = ($1, $2, $3, $4::date)`,
      [line.origin, line.type, line.unit, line.day],
    );
    return row?.revision ?? 0;
  }

  /** The reader has not heard how the line stands: its checkpoint goes out once more. */
  async #tellLineAgain(tx: Transaction, line: BalanceKey): Promise<void> {
    await tx.query(
      `UPDATE messaging.balance_line SET published_revision = 0 WHERE direction = 'out' AND (origin, type, unit, day) = ($1, $2, $3, $4::date)`,
      [line.origin, line.type, line.unit, line.day],
    );
    this.sheet.markMoved();
  }

  /** Whether something of the line may still wait in the outbox: rows as old as its last change or older. */
  async #isUnsent(tx: Transaction, line: BalanceKey): Promise<boolean> {
    const [row] = await tx.query<{ unsent: boolean }>(
      `SELECT EXISTS (SELECT FROM messaging.outbox WHERE $5 = ANY(string_to_array(routing_key, ' ')) AND created_at <= (SELECT changed_at FROM messaging.balance_line
         WHERE direction = 'out' AND (origin, type, unit, day) = ($1, $2, $3, $4::date))) AS unsent`,
      [line.origin, line.type, line.unit, line.day, routingKeyOf({ type: line.type as EventType, unit: line.unit })],
    );
    return row?.unsent === true;
  }
}

import { Inject, Injectable, Logger } from '@nestjs/common';
import { type BalanceKey, type CloudEvent, type ServiceName } from '@par/contracts';
import { Clock, type Transaction } from '@par/service-kit';
import { SERVICE_NAME } from '../broker.ts';
import { Outbox } from '../outbox.ts';
import { controlEvent, lineOf } from './control-event.ts';
import { compareHeld, firstRanges, inQuestions } from './identity-ranges.ts';
import { type UnequalLine, LineStore } from './line-store.ts';
import { OwnEvents } from './own-events.ts';

type Answer = CloudEvent<'vn.par.reconciliation.answered.v1'>;

/**
 * The reader's side: asks about a line that differs, goes on into the ranges that the sender says differ, and asks for what is missing. All
 * that it needs to know stands in the answer and in the database, so any replica may take the next step.
 */
@Injectable()
export class TakeAnswer {
  readonly #logger = new Logger('Reconciliation');

  constructor(
    private readonly own: OwnEvents,
    private readonly store: LineStore,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    @Inject(SERVICE_NAME) private readonly service: ServiceName,
  ) {}

  /** The first question about a line. */
  async ask(tx: Transaction, line: UnequalLine): Promise<void> {
    const events = await this.own.has(line, line.takenRevision);
    const { sentRevision, takenRevision } = line;
    this.#put(tx, line, { sentRevision, takenRevision }, [{ ranges: firstRanges(events, line.sentCount), wanted: [] }]);
  }

  /** Looks up what several answers are about, at once. */
  async prepare(tx: Transaction, answers: readonly Answer[]): Promise<void> {
    if (answers.length < 2) return;
    const lines = new Map(answers.map((answer) => [answer.subject, lineOf(answer)]));
    const known: (BalanceKey & { revision: number })[] = [];
    for (const line of lines.values()) known.push({ ...line, revision: (await this.store.revisions(tx, line)).taken });
    await this.own.lookUp(known);
  }

  async take(tx: Transaction, answer: Answer): Promise<void> {
    const line = lineOf(answer);
    const { data } = answer;
    const { sent, taken } = await this.store.revisions(tx, line);
    // The sender has sent more since: what it named may be on its way, and the line is looked at anew when it stands still.
    if (sent !== data.sentRevision) return;
    const events = await this.own.has(line, taken);
    const { missing, surplus } = compareHeld(events, data.held);
    if (missing.length > 0) await this.store.noteMissing(tx, line, missing);
    // What came here after we asked may have been sent after the answer was made.
    if (surplus.length > 0 && taken === data.takenRevision) {
      const found = await this.store.noteSurplus(tx, line, surplus);
      if (found > 0)
        this.#logger.error(`${found} events of ${line.type} ${line.unit} ${line.day} were taken in that ${line.origin} does not know`);
    }
    this.#put(tx, line, { sentRevision: sent, takenRevision: taken }, inQuestions(events, data.differing, missing));
  }

  #put(
    tx: Transaction,
    line: BalanceKey,
    revisions: { sentRevision: number; takenRevision: number },
    questions: ReturnType<typeof inQuestions>,
  ): void {
    const { origin, type: eventType, day } = line;
    const now = this.clock.now();
    this.outbox.put(
      tx,
      questions.map((question) =>
        controlEvent('vn.par.reconciliation.asked.v1', this.service, line, now, {
          ...{ asker: this.service, origin, eventType, day },
          ...revisions,
          ...question,
        }),
      ),
    );
  }
}

import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { EVENT_TYPES, isEventType, readingQueueOf, type EventIdentity, SERVICES, type ServiceName } from '@par/contracts';
import { Database, Environment, Recurring, type Transaction } from '@par/service-kit';
import { BalanceSheet, identityHash } from '../balance-sheet.ts';
import { describe, SERVICE_NAME } from '../broker.ts';
import { LineStore, type UnequalLine } from './line-store.ts';
import { OwnEvents } from './own-events.ts';
import { QuietQueues } from './quiet-queues.ts';
import { TakeAnswer } from './take-answer.handler.ts';

const EVERY_MS = 1_000;
const AT_ONCE = 50;
const LOOK_AGAIN_SECONDS = 1;
const MOST_SECONDS_BETWEEN_ROUNDS = 600;
/** After so many questions the line is reported as one that does not heal by itself. */
const ROUNDS_BEFORE_ALARM = 5;

/** How long both sides of a line have to stand still before a difference counts as one. */
export function stillSecondsOf(environment: Environment): number {
  return environment.integer('RECONCILE_AFTER_SECONDS', 15, { min: 1, max: 86_400 });
}

/**
 * Compares the lines that others sent to this service with its own: only those that moved, once they stand still, and all of them rarely. A
 * line that differs by more than what waits or was given up is asked about when nothing of it can be on its way any more.
 */
@Injectable()
export class CompareLines implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #logger = new Logger('Reconciliation');
  readonly #stillSeconds: number;
  readonly #sweepMs: number;
  readonly #comparing = new Recurring(
    EVERY_MS,
    () => this.compare(),
    (error) => this.#logger.warn(`not compared: ${describe(error)}`),
  );
  #sweepAt = Date.now();

  constructor(
    private readonly database: Database,
    private readonly sheet: BalanceSheet,
    private readonly store: LineStore,
    private readonly own: OwnEvents,
    private readonly quiet: QuietQueues,
    private readonly questions: TakeAnswer,
    @Inject(SERVICE_NAME) private readonly service: ServiceName,
    environment: Environment,
  ) {
    this.#stillSeconds = stillSecondsOf(environment);
    this.#sweepMs = 1_000 * environment.integer('RECONCILE_SWEEP_SECONDS', 600, { min: 5, max: 86_400 });
  }

  onApplicationBootstrap(): void {
    if (EVENT_TYPES.some((type) => readingQueueOf(this.service, type))) this.#comparing.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.#comparing.stop();
  }

  /** Looks at what is due. */
  async compare(): Promise<void> {
    await this.#openLines();
    await this.quiet.report();
    if (!(await this.store.hasDue())) return;
    const asking: UnequalLine[] = [];
    await this.database.transaction(async (tx) => {
      for (const line of await this.store.takeDue(tx, this.#stillSeconds, AT_ONCE)) {
        if (await this.#isToBeAsked(tx, line)) asking.push(line);
      }
    });
    // Naming one's own events may take a while: not while the lines are locked. A line that is not asked about after all is due again later.
    await this.own.lookUp(asking.map((line) => ({ ...line, revision: line.takenRevision })));
    for (const line of asking) {
      if (this.#comparing.isStopped) return;
      await this.database.transaction((tx) => this.questions.ask(tx, line));
    }
  }

  async #openLines(): Promise<void> {
    const moved = this.sheet.takeStillLines(this.#stillSeconds * 1_000);
    if (moved.length > 0) await this.store.openUnequal(moved);
    if (Date.now() < this.#sweepAt) return;
    this.#sweepAt = Date.now() + this.#sweepMs;
    await this.store.openUnequal();
  }

  async #isToBeAsked(tx: Transaction, line: UnequalLine): Promise<boolean> {
    if (!line.still) {
      await this.store.goOn(tx, line, { kind: 'wait', seconds: LOOK_AGAIN_SECONDS });
      return false;
    }
    const waiting = await this.own.waiting(line);
    const surplus = await this.store.surplusOf(tx, line);
    if (isExplained(line, waiting, surplus.map(identityHash))) {
      await this.store.closeExplained(
        tx,
        line,
        waiting.map(({ identity }) => identity),
      );
      return false;
    }
    const queue = isEventType(line.type) ? readingQueueOf(this.service, line.type) : undefined;
    const state = queue === undefined ? 'settled' : await this.quiet.stateOf(queue, line.drainedAt);
    if (state !== 'settled') {
      await this.store.goOn(tx, line, { kind: 'differs', drained: state === 'drained', seconds: LOOK_AGAIN_SECONDS });
      return false;
    }
    await this.#alarm(tx, line);
    return isKnown(line.origin);
  }

  /** Notes one question more; the next one comes later each time, so that nothing is asked for ever without rest. */
  async #alarm(tx: Transaction, line: UnequalLine): Promise<void> {
    const seconds = Math.min(this.#stillSeconds * 2 ** Math.min(line.round, 10), MOST_SECONDS_BETWEEN_ROUNDS);
    await this.store.goOn(tx, line, { kind: 'ask', seconds });
    const text = `${line.origin} sent ${line.sentCount}, here ${line.takenCount}: ${line.type} ${line.unit} ${line.day}`;
    if (line.round >= ROUNDS_BEFORE_ALARM) this.#logger.error(`does not heal by itself after ${line.round} questions: ${text}`);
    else this.#logger.warn(`differs: ${text}`);
    if (isKnown(line.origin)) return;
    // Nobody can be asked: all of it is surplus.
    const all: EventIdentity[] = (await this.own.has(line, line.takenRevision)).map(({ identity }) => identity);
    await this.store.noteSurplus(tx, line, all);
  }
}

/** Whether sent = taken in + waiting or given up − surplus, by count and by hash. Hashes wrap around as 64-bit integers do. */
function isExplained(line: UnequalLine, waiting: readonly { hash: bigint }[], surplus: readonly bigint[]): boolean {
  if (waiting.length + surplus.length === 0) return false;
  const rest = [...waiting.map(({ hash }) => hash), ...surplus].reduce((sum, hash) => sum ^ hash, 0n);
  return line.sentCount === line.takenCount + waiting.length - surplus.length && line.sentHash === (line.takenHash ^ rest);
}

function isKnown(origin: string): boolean {
  return (SERVICES as readonly string[]).includes(origin);
}

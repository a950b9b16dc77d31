import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Environment, Recurring } from '@par/service-kit';
import { EdxmlDestinations } from '../edxml-destinations.ts';
import { DeliverEdxml } from './deliver-edxml.handler.ts';

const FORGET_EVERY_MS = 600_000;

/** Looks for messages to deliver again and again, at once where the last look found some. Does nothing where no destinations are set. */
@Injectable()
export class DeliverEdxmlTimer implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #logger = new Logger('DeliverEdxml');
  readonly #delivering: Recurring;
  readonly #forgetting: Recurring;

  constructor(
    private readonly deliveries: DeliverEdxml,
    private readonly destinations: EdxmlDestinations,
    environment: Environment,
  ) {
    const failed = (error: unknown): void =>
      this.#logger.warn(`edXML messages wait, trying again later: ${error instanceof Error ? error.message : 'unknown'}`);
    const pollMs = environment.integer('EDXML_POLL_MS', 1_000, { min: 10, max: 60_000 });
    this.#delivering = new Recurring(pollMs, async () => ((await this.deliveries.deliverDue()) > 0 ? 0 : pollMs), failed);
    this.#forgetting = new Recurring(FORGET_EVERY_MS, () => this.deliveries.forgetLeftBehind(), failed);
  }

  onApplicationBootstrap(): void {
    if (!this.destinations.isOn) return;
    this.#delivering.start();
    this.#forgetting.start();
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all([this.#delivering.stop(), this.#forgetting.stop()]);
  }
}

import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Environment, Recurring } from '@par/service-kit';
import { ChangeFeed } from '../change-feed.ts';

const EVERY_MS = 30_000;
const AT_ONCE = 5_000;

/** Keeps the change log short, in small deletes. A reader that comes back later than this gets `reset`, never a silent gap. */
@Injectable()
export class PruneChangesTimer implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #logger = new Logger('PruneChanges');
  readonly #keep: number;
  readonly #pruning = new Recurring(
    EVERY_MS,
    () => this.#prune(),
    (error) => this.#logger.warn(`old changes not deleted, trying again later: ${error instanceof Error ? error.message : 'unknown'}`),
  );

  constructor(
    private readonly feed: ChangeFeed,
    environment: Environment,
  ) {
    this.#keep = environment.integer('CHANGE_LOG_KEEP', 50_000, { min: 1_000 });
  }

  onApplicationBootstrap(): void {
    this.#pruning.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.#pruning.stop();
  }

  async #prune(): Promise<void> {
    while ((await this.feed.prune(this.#keep, AT_ONCE)) === AT_ONCE) this.#logger.debug(`${AT_ONCE} old changes deleted`);
  }
}

import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { OrganisationRegister } from '@par/organisation';
import { Database, Recurring } from '@par/service-kit';
import { BasisRegister } from '../basis-register.ts';
import { FigureMover } from '../figure-mover.ts';
import { FigureStore } from '../figure-store.ts';

const EVERY_MS = 500;
const AT_ONCE = 500;

/**
 * Counts subjects again whose facts stand but whose basis changed: a procedure got another level or term, so the dossiers of it may count otherwise.
 * Any replica takes the next ones; what it has not committed is still in the table when it dies.
 */
@Injectable()
export class RecountSubjects implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #logger = new Logger('RecountSubjects');
  readonly #recounting = new Recurring(
    EVERY_MS,
    async () => ((await this.recountSome()) === AT_ONCE ? 0 : EVERY_MS),
    (error) => this.#logger.warn(`not counted again: ${String(error)}`),
  );

  constructor(
    private readonly database: Database,
    private readonly register: OrganisationRegister,
    private readonly basis: BasisRegister,
    private readonly store: FigureStore,
    private readonly mover: FigureMover,
  ) {}

  onApplicationBootstrap(): void {
    this.#recounting.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.#recounting.stop();
  }

  /** Counts some of the waiting subjects again; returns how many. */
  async recountSome(): Promise<number> {
    return this.database.transaction(async (tx) => {
      const waiting = await tx.query<{ subject: string }>('SELECT subject FROM recount LIMIT 1');
      if (waiting.length === 0) return 0;
      this.basis.hold(tx, 'shared');
      const taken = await tx.query<{ subject: string }>(
        'DELETE FROM recount WHERE subject IN (SELECT subject FROM recount ORDER BY subject LIMIT $1 FOR UPDATE SKIP LOCKED) RETURNING subject',
        [AT_ONCE],
      );
      if (taken.length === 0) return 0;
      const subjects = await this.store.lockSubjects(tx, taken.map(({ subject }) => subject).sort());
      const basis = await this.basis.inTransaction(tx, await this.register.latest());
      if (basis.rebuilding) this.store.noteDirty(tx, [...subjects.keys()]);
      await this.mover.move(tx, subjects, basis);
      return taken.length;
    });
  }
}

import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Outbox } from '@par/messaging';
import { OrganisationRegister } from '@par/organisation';
import { Clock, Database, Problem, type Transaction } from '@par/service-kit';
import { type Basis } from '../basis.ts';
import { BasisRegister, hashOfPlan } from '../basis-register.ts';
import { DossierFacts } from '../dossier-facts.ts';
import { figureChanged, judgeSubject } from '../figure-mover.ts';
import { addNextContributions, FigureStore } from '../figure-store.ts';
import { type KeptEvent } from '../kept-event.ts';
import { PLAN, type Plan } from '../plan.ts';
import { type MovedFigure, movedFigures } from './moved-figures.ts';

const SUBJECTS_AT_ONCE = 1_000;
/** Below this many subjects counted meanwhile, the rest is done while counting waits. */
const FEW_DIRTY = 500;
const ONE_AT_A_TIME = `hashtextextended('index-scoring.rebuild', 0)`;

/** SQLSTATE lock_not_available. */
const LOCK_NOT_AVAILABLE = '55P03';
const MOST_SWAPS = 300;
const PAUSE_BETWEEN_SWAPS_MS = 1_000;

export interface RebuildReport {
  state: 'running' | 'done' | 'failed';
  plan: string;
  startedAt: string;
  finishedAt?: string;
  subjects: number;
  done: number;
  /** Figures (leaf unit and month) that are not what they were, with both. */
  moved: MovedFigure[];
  error?: string;
}

/**
 * Recomputes all figures from the facts by the plan of the files, beside the running ones: fill tables of its own while counting goes on, catch up with what
 * was counted meanwhile, then, in one transaction, compare, move counters with their ledger rows, swap the tables and put the plan into force. Nothing is
 * deleted first, and a rebuild that dies leaves the running figures as they are.
 */
@Injectable()
export class RebuildFigures implements OnApplicationBootstrap {
  readonly #logger = new Logger('RebuildFigures');
  #report: RebuildReport | undefined;

  constructor(
    private readonly database: Database,
    private readonly register: OrganisationRegister,
    private readonly basis: BasisRegister,
    private readonly store: FigureStore,
    private readonly facts: DossierFacts,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    @Inject(PLAN) private readonly plan: Plan,
  ) {}

  get report(): RebuildReport | undefined {
    return this.#report;
  }

  onApplicationBootstrap(): void {
    void this.#clearAbandoned().catch((error: unknown) => this.#logger.warn(`not looked after: ${String(error)}`));
  }

  /** Starts a rebuild in this process; answers at once. @throws Problem 409 where one is running, here or in another replica */
  async start(): Promise<RebuildReport> {
    const client = await this.database.pool.connect();
    try {
      const { rows } = await client.query<{ got: boolean }>(`SELECT pg_try_advisory_lock(${ONE_AT_A_TIME}) AS got`);
      if (!rows[0]?.got) throw alreadyRunning();
    } catch (error) {
      client.release();
      throw error;
    }
    const report: RebuildReport = {
      state: 'running',
      plan: this.plan.plan,
      startedAt: this.clock.now().toISOString(),
      subjects: 0,
      done: 0,
      moved: [],
    };
    this.#report = report;
    void this.run(report)
      .catch((error: unknown) => {
        report.state = 'failed';
        report.error = error instanceof Error ? error.message : String(error);
        this.#logger.error(`rebuild failed: ${report.error}`);
      })
      .finally(() => {
        report.finishedAt = this.clock.now().toISOString();
        client
          .query(`SELECT pg_advisory_unlock(${ONE_AT_A_TIME})`)
          .catch((error: unknown) => this.#logger.warn(`lock not given back: ${String(error)}`))
          .finally(() => client.release());
      });
    return report;
  }

  async run(report: RebuildReport): Promise<void> {
    await this.#begin(report);
    for (let after = ''; ;) {
      const last = await this.#buildSome(after, report);
      if (last === undefined) break;
      after = last;
    }
    while ((await this.#catchUp(SUBJECTS_AT_ONCE)) > FEW_DIRTY);
    report.moved = await this.#swapWhenNobodyReads();
    report.state = 'done';
  }

  /** A long read of the tables, an audit say, holds the swap up; counting must not wait for it, so the swap steps back and tries again. */
  async #swapWhenNobodyReads(): Promise<MovedFigure[]> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#swap();
      } catch (error) {
        const isHeldUp = error instanceof Error && 'code' in error && error.code === LOCK_NOT_AVAILABLE;
        if (!isHeldUp || attempt === MOST_SWAPS) throw error;
        await pause(PAUSE_BETWEEN_SWAPS_MS);
      }
    }
  }

  /** From the commit of this on, every transaction that counts notes its subjects. */
  async #begin(report: RebuildReport): Promise<void> {
    await this.database.transaction(async (tx) => {
      await this.basis.hold(tx, 'alone');
      await tx.query('TRUNCATE contribution_next, dossier_fact_next, rebuild_dirty');
      await tx.query('UPDATE scoring_basis SET rebuilding = true');
      const [row] = await tx.query<{ subjects: number }>(
        `SELECT count(*)::int AS subjects FROM subject WHERE key >= 'case:' AND key < 'declared;'`,
      );
      report.subjects = row?.subjects ?? 0;
    });
  }

  async #nextBasis(tx: Transaction): Promise<Basis> {
    return { ...(await this.basis.catalogueIn(tx, await this.register.latest())), plan: this.plan };
  }

  async #buildSome(after: string, report: RebuildReport): Promise<string | undefined> {
    return this.database.transaction(async (tx) => {
      const rows = await tx.query<{ key: string; events: KeptEvent[] }>(
        `SELECT key, events FROM subject WHERE key > $1 AND key >= 'case:' AND key < 'declared;' ORDER BY key LIMIT $2`,
        [after, SUBJECTS_AT_ONCE],
      );
      await this.#build(tx, rows);
      report.done += rows.length;
      return rows.at(-1)?.key;
    });
  }

  async #build(tx: Transaction, rows: readonly { key: string; events: KeptEvent[] }[]): Promise<void> {
    if (rows.length === 0) return;
    const basis = await this.#nextBasis(tx);
    const judged = rows.map(({ key, events }) => judgeSubject(key, events, basis));
    await addNextContributions(
      tx,
      judged.flatMap(({ key, contributions }) => contributions.map((contribution) => ({ subject: key, ...contribution }))),
    );
    await this.facts.save(
      tx,
      judged.flatMap(({ dossier }) => dossier ?? []),
      'dossier_fact_next',
    );
  }

  /** Builds again what was counted meanwhile; returns how many subjects. */
  async #catchUp(limit: number): Promise<number> {
    return this.database.transaction((tx) => this.#catchUpIn(tx, limit));
  }

  async #catchUpIn(tx: Transaction, limit: number | null): Promise<number> {
    const dirty = await tx.query<{ subject: string }>(
      'DELETE FROM rebuild_dirty WHERE subject IN (SELECT subject FROM rebuild_dirty LIMIT $1) RETURNING subject',
      [limit],
    );
    const keys = dirty.map(({ subject }) => subject);
    if (keys.length === 0) return 0;
    await tx.query('DELETE FROM contribution_next WHERE subject = ANY($1::text[])', [keys]);
    const rows = await tx.query<{ key: string; events: KeptEvent[] }>(
      `SELECT key, events FROM subject WHERE key = ANY($1::text[]) AND key >= 'case:' AND key < 'declared;'`,
      [keys],
    );
    await this.#build(tx, rows);
    return keys.length;
  }

  /** The one step: nobody counts while it lasts. */
  async #swap(): Promise<MovedFigure[]> {
    return this.database.transaction(async (tx) => {
      await this.basis.hold(tx, 'alone');
      await tx.query(`SET LOCAL lock_timeout = '1s'`);
      await this.#catchUpIn(tx, null);
      // What waits to be counted again goes on waiting: it may have been built before its procedure changed.
      const moved = await movedFigures(tx);
      const now = this.clock.now();
      const counters = await this.store.moveCounters(
        tx,
        moved.map(({ indicator, rule, ruleVersion, unit, month, before, after }) => ({
          ...{ indicator, rule, ruleVersion, unit, month },
          numerator: after.numerator - before.numerator,
          denominator: after.denominator - before.denominator,
          last: { source: '', id: '', time: '' },
        })),
        now,
      );
      for (const table of ['contribution', 'dossier_fact']) {
        await tx.query(`ALTER TABLE ${table} RENAME TO ${table}_before`);
        await tx.query(`ALTER TABLE ${table}_next RENAME TO ${table}`);
        await tx.query(`ALTER TABLE ${table}_before RENAME TO ${table}_next`);
      }
      await tx.query('TRUNCATE contribution_next, dossier_fact_next, rebuild_dirty');
      await tx.query('UPDATE scoring_basis SET plan = $1::jsonb, plan_hash = $2, rebuilding = false, activated_at = $3', [
        JSON.stringify(this.plan),
        hashOfPlan(this.plan),
        now,
      ]);
      await this.outbox.put(
        tx,
        counters.map((counter) => figureChanged(counter, now)),
      );
      return moved;
    });
  }

  /** After a rebuild that died, counting need not note its subjects any more. */
  async #clearAbandoned(): Promise<void> {
    await this.database.transaction(async (tx) => {
      const [row] = await tx.query<{ rebuilding: boolean }>('SELECT rebuilding FROM scoring_basis');
      if (!row?.rebuilding) return;
      const [lock] = await tx.query<{ got: boolean }>(`SELECT pg_try_advisory_xact_lock(${ONE_AT_A_TIME}) AS got`);
      if (!lock?.got) return;
      await this.basis.hold(tx, 'alone');
      await tx.query('UPDATE scoring_basis SET rebuilding = false');
      await tx.query('TRUNCATE contribution_next, dossier_fact_next, rebuild_dirty');
    });
  }
}

function alreadyRunning(): Problem {
  return new Problem({
    status: 409,
    code: 'rebuild.running',
    title: { en: 'A rebuild is running already', vi: 'Đang có một lần tính lại khác chạy' },
  });
}

import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Outbox } from '@par/messaging';
import { OrganisationRegister } from '@par/organisation';
import { Clock, Database, Problem, type Transaction } from '@par/service-kit';
import { BasisRegister, hashOfPlan } from '../basis-register.ts';
import { figureChanged, judgedPartsOf, judgeSubject } from '../figure-mover.ts';
import { FigureSlots } from '../figure-slots.ts';
import { FigureStore, placeOf } from '../figure-store.ts';
import { type KeptEvent } from '../kept-event.ts';
import { PLAN, type Plan } from '../plan.ts';
import { applyRebuilt } from './apply-rebuilt.ts';
import { type MovedFigure, movedFigures } from './moved-figures.ts';

const SUBJECTS_AT_ONCE = 1_000;
/** Below this many subjects counted meanwhile, the rest is done while counting waits. */
const FEW_DIRTY = 500;
const ONE_AT_A_TIME = `hashtextextended('index-scoring.rebuild', 0)`;

interface SubjectRead {
  key: string;
  events: KeptEvent[];
  judged: string;
}

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
 * Recomputes all figures from the facts by the plan of the files, beside the running ones: judge every subject while counting goes on and keep what comes out
 * otherwise, catch up with what was counted meanwhile, then, in one transaction, write what is kept, hold every counter against the sum of its contributions,
 * and put the plan into force. Nothing is deleted first, and a rebuild that dies leaves the running figures as they are.
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
    private readonly slots: FigureSlots,
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
    // The next subjects are on their way while these are judged.
    let coming = this.#read('');
    for (let rows = await coming; rows.length > 0; rows = await coming) {
      coming = this.#read(rows.at(-1)!.key);
      await this.#keep(rows);
      report.done += rows.length;
    }
    while ((await this.#catchUp(SUBJECTS_AT_ONCE)) > FEW_DIRTY);
    report.moved = await this.#putIntoForce();
    report.state = 'done';
  }

  /** From the commit of this on, every transaction that counts notes its subjects. */
  async #begin(report: RebuildReport): Promise<void> {
    await this.database.transaction(async (tx) => {
      this.basis.hold(tx, 'alone');
      await tx.query('TRUNCATE rebuilt, rebuild_dirty');
      await tx.query('UPDATE scoring_basis SET rebuilding = true');
      const [row] = await tx.query<{ subjects: number }>(
        `SELECT count(*)::int AS subjects FROM subject WHERE key >= 'case:' AND key < 'declared;'`,
      );
      report.subjects = row?.subjects ?? 0;
    });
  }

  async #read(after: string): Promise<SubjectRead[]> {
    return this.database.query<SubjectRead>(
      `SELECT key, events, judged FROM subject WHERE key > $1 AND key >= 'case:' AND key < 'declared;' ORDER BY key LIMIT $2`,
      [after, SUBJECTS_AT_ONCE],
    );
  }

  /** Judges subjects by the plan of the files and keeps beside what comes out otherwise than it stands. */
  async #keep(rows: readonly SubjectRead[], tx?: Transaction): Promise<void> {
    const db = tx ?? this.database;
    const basis = await this.basis.catalogueIn(db, await this.register.latest());
    const slots = await this.slots.ofPlan(this.plan);
    const changed = rows
      .map(({ key, events, judged }) => ({ judged, now: judgedPartsOf(judgeSubject(key, events, { ...basis, plan: this.plan }), slots) }))
      .filter(({ judged, now }) => judged !== now.fingerprint)
      .map(({ now }) => now);
    if (changed.length === 0) return;
    await db.query(
      `INSERT INTO rebuilt (subject, judged, parts, dossier, findings)
       SELECT subject, judged, parts::json, dossier::json, findings::json
       FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) AS r(subject, judged, parts, dossier, findings)
       ON CONFLICT (subject) DO UPDATE SET judged = excluded.judged, parts = excluded.parts, dossier = excluded.dossier, findings = excluded.findings`,
      [
        changed.map(({ key }) => key),
        changed.map(({ fingerprint }) => fingerprint),
        changed.map(({ parts }) => JSON.stringify(parts.map(({ part }) => part))),
        changed.map(({ dossier }) => (dossier ? JSON.stringify(dossier) : null)),
        changed.map(({ findings }) =>
          JSON.stringify(findings?.list.map((finding) => ({ ...findings, ...finding, ...finding.event })) ?? []),
        ),
      ],
    );
  }

  /** Judges again what was counted meanwhile; returns how many subjects. */
  async #catchUp(limit: number): Promise<number> {
    return this.database.transaction((tx) => this.#catchUpIn(tx, limit));
  }

  async #catchUpIn(tx: Transaction, limit: number | null): Promise<number> {
    const keys = await this.store.takeDirty(tx, limit);
    if (keys.length === 0) return 0;
    await tx.query('DELETE FROM rebuilt WHERE subject = ANY($1::text[])', [keys]);
    const rows = await tx.query<SubjectRead>(
      `SELECT key, events, judged FROM subject WHERE key = ANY($1::text[]) AND key >= 'case:' AND key < 'declared;'`,
      [keys],
    );
    await this.#keep(rows, tx);
    return keys.length;
  }

  /** The one step: nobody counts while it lasts. Readers go on. */
  async #putIntoForce(): Promise<MovedFigure[]> {
    return this.database.transaction(async (tx) => {
      this.basis.hold(tx, 'alone');
      await this.#catchUpIn(tx, null);
      // What waits to be counted again goes on waiting: it may have been judged before its procedure changed.
      const touched = await applyRebuilt(tx);
      const slots = await this.slots.all();
      const moved = await movedFigures(tx, slots);
      const now = this.clock.now();
      const counters = await this.store.moveCounters(
        tx,
        moved.map(({ indicator, rule, ruleVersion, unit, month, before, after }) => ({
          ...{ indicator, rule, ruleVersion, unit, month },
          numerator: after.numerator - before.numerator,
          denominator: after.denominator - before.denominator,
          last: { source: '', id: '', time: '' },
          lost: { source: '', id: '', time: '' },
        })),
        slots,
        now,
      );
      const last = await this.store.findLast(tx, [...touched, ...moved], slots);
      await tx.query('TRUNCATE rebuilt, rebuild_dirty');
      await tx.query('UPDATE scoring_basis SET plan = $1::jsonb, plan_hash = $2, rebuilding = false, activated_at = $3', [
        JSON.stringify(this.plan),
        hashOfPlan(this.plan),
        now,
      ]);
      this.outbox.put(
        tx,
        counters.map((counter) => figureChanged({ ...counter, ...last.get(placeOf(counter)) }, now)),
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
      this.basis.hold(tx, 'alone');
      await tx.query('UPDATE scoring_basis SET rebuilding = false');
      await tx.query('TRUNCATE rebuilt, rebuild_dirty');
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

import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import {
  type Procedure,
  type ProcedureEvent,
  ProcedureCatalogue,
  foldProcedure,
  type Organisation,
  loadCalendar,
  type WorkingCalendar,
} from '@par/administration';
import { OrganisationRegister } from '@par/organisation';
import { Database, Environment, OperationalError, type Transaction } from '@par/service-kit';
import { type Basis, type ScoringBasis } from './basis.ts';
import { FigureSlots } from './figure-slots.ts';
import { type KeptEvent } from './kept-event.ts';
import { PLAN, type Plan } from './plan.ts';
import { isKnownRule } from './rules.ts';
import { procedureIdentity } from './subject-key.ts';

/** Every transaction that counts holds this lock shared; one that changes the basis holds it alone. */
const BASIS_LOCK = `hashtextextended('index-scoring.basis', 0)`;

/** Fingerprint of a plan: two plans that say the same have the same. */
export function hashOfPlan(plan: Plan): string {
  return createHash('sha256').update(JSON.stringify(plan)).digest('hex');
}

interface BasisRow {
  catalogueVersion: number;
  planHash: string;
  rebuilding: boolean;
}

/** A database, or a transaction of it. */
export interface Querying {
  query<R>(text: string, values?: unknown[]): Promise<R[]>;
}

/** What the figures rest on, as the database has it: the plan in force and the catalogue of procedures, kept in memory by their versions. */
@Injectable()
export class BasisRegister {
  readonly calendar: WorkingCalendar;
  #catalogue: { version: number; catalogue: ProcedureCatalogue } | undefined;
  #plan: { hash: string; plan: Plan } | undefined;

  constructor(
    private readonly database: Database,
    private readonly register: OrganisationRegister,
    private readonly slots: FigureSlots,
    @Inject(PLAN) private readonly planOfFiles: Plan,
    environment: Environment,
  ) {
    const file = environment.text('CALENDAR_FILE', '');
    this.calendar = file === '' ? loadCalendar() : loadCalendar(file);
  }

  /** First statement of a transaction that counts: until its end nobody changes what it counts by. */
  hold(tx: Transaction, how: 'shared' | 'alone'): void {
    tx.send(`SELECT pg_advisory_xact_lock${how === 'shared' ? '_shared' : ''}(${BASIS_LOCK})`);
  }

  /** The basis inside a transaction that holds it. `changed`: this transaction wrote procedures, so the copy in memory does not count. */
  async inTransaction(tx: Transaction, organisation: Organisation, changed = false): Promise<ScoringBasis> {
    const row = await rowOf(tx);
    const catalogue = changed ? await readCatalogue(tx) : await this.#catalogueOf(tx, row);
    const plan = await this.#planOf(tx, row);
    return { plan, catalogue, calendar: this.calendar, organisation, rebuilding: row.rebuilding, slots: await this.slots.ofPlan(plan) };
  }

  /** Catalogue, calendar and organisation, whatever plan is in force. */
  async catalogueIn(tx: Querying, organisation: Organisation): Promise<Omit<Basis, 'plan'>> {
    return { catalogue: await this.#catalogueOf(tx, await rowOf(tx)), calendar: this.calendar, organisation };
  }

  /** The basis for a reader. */
  async latest(): Promise<Basis> {
    const row = await rowOf(this.database);
    return {
      plan: await this.#planOf(this.database, row),
      catalogue: await this.#catalogueOf(this.database, row),
      calendar: this.calendar,
      organisation: await this.register.latest(),
    };
  }

  /** Whether figures go on by another plan than that of the files. */
  async isPlanOfFilesInForce(): Promise<boolean> {
    const row = await rowOf(this.database);
    return row.planHash === '' || row.planHash === hashOfPlan(this.planOfFiles);
  }

  /**
   * Notes that procedures changed: a new version of the catalogue, and every dossier of them to be counted again. The caller holds the basis alone.
   */
  async proceduresChanged(tx: Transaction, keys: readonly string[]): Promise<void> {
    await tx.query('UPDATE scoring_basis SET catalogue_version = catalogue_version + 1');
    await tx.query(
      `INSERT INTO recount (subject) SELECT f.subject FROM dossier_fact AS f JOIN unnest($1::text[]) AS k(key) ON k.key = 'procedure:' || f.city || '/' || f.procedure
       ON CONFLICT DO NOTHING`,
      [keys],
    );
  }

  async #catalogueOf(db: Querying, { catalogueVersion }: BasisRow): Promise<ProcedureCatalogue> {
    if (this.#catalogue?.version !== catalogueVersion) {
      this.#catalogue = { version: catalogueVersion, catalogue: await readCatalogue(db) };
    }
    return this.#catalogue.catalogue;
  }

  async #planOf(db: Querying, { planHash }: BasisRow): Promise<Plan> {
    if (this.#plan?.hash !== planHash || planHash === '') {
      const { plan, hash } = (await planIn(db)) ?? (await this.#putIntoForce(db));
      if (!plan.indicators.every(({ rules }) => rules.every(({ rule, version }) => isKnownRule(rule, version)))) {
        // A newer or older program than the one that put the plan into force: nothing is counted by guess, messages wait.
        throw new OperationalError(
          'plan.rule-not-known',
          'the plan in force names a rule or version that this program does not have: run par rebuild',
        );
      }
      this.#plan = { hash, plan };
    }
    return this.#plan.plan;
  }

  /**
   * The first plan of a city: that of the files. Whoever is first puts it, all others find it. Dossiers that were counted before plans were kept in the database
   * are counted again by it.
   */
  async #putIntoForce(db: Querying): Promise<{ plan: Plan; hash: string }> {
    const put = await db.query(
      'UPDATE scoring_basis SET plan = $1::jsonb, plan_hash = $2, activated_at = now() WHERE plan IS NULL RETURNING plan_hash',
      [JSON.stringify(this.planOfFiles), hashOfPlan(this.planOfFiles)],
    );
    if (put.length > 0)
      await db.query(`INSERT INTO recount (subject) SELECT key FROM subject WHERE key >= 'case:' AND key < 'case;' ON CONFLICT DO NOTHING`);
    const inForce = await planIn(db);
    if (!inForce) throw new Error('scoring_basis has no plan');
    return inForce;
  }
}

async function planIn(db: Querying): Promise<{ plan: Plan; hash: string } | undefined> {
  const [row] = await db.query<{ plan: Plan | null; hash: string }>('SELECT plan, plan_hash AS hash FROM scoring_basis');
  return row?.plan ? { plan: row.plan, hash: row.hash } : undefined;
}

async function rowOf(db: Querying): Promise<BasisRow> {
  const [row] = await db.query<BasisRow>(
    'SELECT catalogue_version AS "catalogueVersion", plan_hash AS "planHash", rebuilding FROM scoring_basis',
  );
  if (!row) throw new Error('scoring_basis has no row');
  return row;
}

async function readCatalogue(db: Querying): Promise<ProcedureCatalogue> {
  const rows = await db.query<{ key: string; events: KeptEvent[] }>(
    `SELECT key, events FROM subject WHERE key >= 'procedure:' AND key < 'procedure;'`,
  );
  const procedures = rows.flatMap(({ key, events }): Procedure | [] => {
    return foldProcedure(events as ProcedureEvent[], procedureIdentity(key)) ?? [];
  });
  return ProcedureCatalogue.of(procedures);
}

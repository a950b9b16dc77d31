import { Controller, Get } from '@nestjs/common';
import { OrganisationRegister } from '@par/organisation';
import { Database, type Transaction } from '@par/service-kit';
import { BasisRegister } from '../basis-register.ts';
import { contributionSums } from '../contribution-sums.ts';
import { FigureSlots } from '../figure-slots.ts';
import { type KeptEvent } from '../kept-event.ts';
import { counterKey, differences, type FourCounts, type Pair, Recount } from './recount.ts';

const SUBJECTS_AT_ONCE = 2_000;

export interface FigureAudit {
  ok: boolean;
  recountedSubjects: number;
  figures: number;
  /** Subjects that wait to be counted again because their basis changed; until they are, their figures may differ. */
  waiting: number;
  differences: FourCounts[];
}

/** Proves the figures: counters = Σ ledger = Σ contributions = recount from the facts, all read from one snapshot while counting goes on. */
@Controller('v1/audit')
export class AuditFiguresController {
  constructor(
    private readonly database: Database,
    private readonly register: OrganisationRegister,
    private readonly basis: BasisRegister,
    private readonly slots: FigureSlots,
  ) {}

  @Get()
  async audit(): Promise<FigureAudit> {
    return this.database.transaction(async (tx) => {
      await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
      // The snapshot begins with the first row read; the organisation read after it knows every unit that the snapshot has.
      const counter = await sums(tx, 'SELECT indicator, rule, unit, month, numerator, denominator FROM counter');
      const organisation = await this.register.latest();
      const ledger = await sums(
        tx,
        `SELECT indicator, rule, unit, month, sum(numerator_delta)::bigint AS numerator, sum(denominator_delta)::bigint AS denominator FROM ledger GROUP BY 1, 2, 3, 4`,
      );
      const contributions = await contributionSums(tx, await this.slots.all());
      const [waiting] = await tx.query<{ subjects: number }>('SELECT count(*)::int AS subjects FROM recount');
      // Read in the snapshot: what is in memory may be newer.
      const recount = new Recount(await this.basis.inTransaction(tx, organisation, true));
      await eachCounted(tx, (key, events) => recount.add(key, events));
      const found = differences({ counter, ledger, contributions, recount: recount.figures });
      return {
        ok: found.length === 0,
        recountedSubjects: recount.subjects,
        figures: counter.size,
        waiting: waiting?.subjects ?? 0,
        differences: found,
      };
    });
  }
}

async function sums(tx: Transaction, query: string): Promise<Map<string, Pair>> {
  const rows = await tx.query<{ indicator: string; rule: string; unit: string; month: string } & Pair>(query);
  // A counter that went back to zero is the same as none.
  return new Map(rows.map((row) => [counterKey(row), { numerator: row.numerator, denominator: row.denominator }]));
}

/** Dossiers and declared records: every subject that counters are made of. */
async function eachCounted(tx: Transaction, visit: (key: string, events: readonly KeptEvent[]) => void): Promise<void> {
  for (let after = 'case:'; ;) {
    const rows = await tx.query<{ key: string; events: KeptEvent[] }>(
      `SELECT key, events FROM subject WHERE key > $1 AND key < 'declared;' ORDER BY key LIMIT $2`,
      [after, SUBJECTS_AT_ONCE],
    );
    for (const { key, events } of rows) visit(key, events);
    const last = rows.at(-1);
    if (!last || rows.length < SUBJECTS_AT_ONCE) return;
    after = last.key;
  }
}

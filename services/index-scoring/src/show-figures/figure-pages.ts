import { Injectable } from '@nestjs/common';
import { Database, Environment, keptFromMs, KeptPages } from '@par/service-kit';
import { type Basis } from '../basis.ts';
import { BasisRegister } from '../basis-register.ts';

/** Changes of counters that transactions may have begun before the newest and not committed. */
const IN_HAND = 5_000;

/**
 * Answers made from counters and states, kept until a counter or the basis moves. That a state has moved (somebody was heard, a term has run out) may show twenty seconds
 * later, as states are published every few seconds only; an answer that is quickly made is not kept and shows it at once.
 */
@Injectable()
export class FigurePages extends KeptPages<{ counters: string } & Basis> {
  constructor(database: Database, basis: BasisRegister, environment: Environment) {
    super(async () => {
      const [counters, latest] = await Promise.all([countersOf(database), basis.latest()]);
      return { counters, ...latest };
    }, keptFromMs(environment));
  }
}

/** The newest change, and how many of the last ones can be seen: one that was written before the newest and commits after it makes it one more. */
async function countersOf(database: Database): Promise<string> {
  const [row] = await database.query<{ newest: number | null; seen: number }>(
    `SELECT max(id) AS newest, count(*) AS seen FROM ledger WHERE id > (SELECT max(id) FROM ledger) - ${IN_HAND}`,
  );
  return `${row?.newest ?? 0} ${row?.seen ?? 0}`;
}

import { Injectable } from '@nestjs/common';
import type { ExpectedStep, Urgency, WorkDossierKind } from '@par/contracts';
import { type Bilingual, Database, type Transaction } from '@par/service-kit';
import type { AskedPage, ListedState } from '../work-dossier-page.ts';

export interface ListedWorkDossier {
  id: string;
  /** The unit that leads it; null where none is known, see `finding`. */
  unit: string | null;
  /** Null where nobody has told it yet: it began with a step. */
  kind: WorkDossierKind | null;
  urgency: Urgency | null;
  state: ListedState;
  /** ISO instants. */
  openedAt: string | null;
  dueAt: string | null;
  closedAt: string | null;
  /** The process that it follows, in the version with which it began. */
  process: { id: string; version: number } | null;
  /** Steps that the process expects now. */
  expected: ExpectedStep[];
  /** Open, and its term has passed; null where nobody told one: no data. */
  overdue: boolean | null;
  /** What is wrong with it; null for nothing. */
  finding: ({ code: 'work-dossier.no-unit' } & Bilingual) | null;
}

/** A row of a release that kept no unit beside the events. */
const NO_UNIT = {
  code: 'work-dossier.no-unit',
  en: 'No unit is known that leads this work dossier, so no key is shown it. The next event about it mends that.',
  vi: 'Chưa biết đơn vị chủ trì hồ sơ công việc này nên không khóa nào xem được. Sự kiện tiếp theo của hồ sơ sẽ bổ sung.',
} as const;

export interface AskedRows extends Omit<AskedPage, 'unit'> {
  /** Ids of the units that are asked for and may be seen; `all` for every one. */
  units: readonly string[] | 'all';
  /** Those too of which no unit is known. */
  withoutUnit?: boolean;
}

interface ListRow extends Omit<ListedWorkDossier, 'openedAt' | 'dueAt' | 'closedAt' | 'process' | 'overdue' | 'finding'> {
  opened_at: Date | null;
  due_at: Date | null;
  closed_at: Date | null;
  process: string | null;
  process_version: number | null;
}

/**
 * Every unit, state and kind is one stretch of `work_dossier_page_idx`, in the order of the list. The first row of each stretch is looked up; the stretches whose first
 * rows come first give the page, and none is read beyond the last of those first rows, where there are enough of them. So a page costs a look per stretch and about as
 * many keys as it has rows, however many rows a unit has; the rows themselves are fetched for the page alone.
 * @param first which rows of a stretch belong to the page or after it
 * @param rest the same from a stretch's first row `h` on
 * @param limit number of the parameter that holds it
 * @param withoutUnit whether null among the units means the rows without one
 */
function pageSql(first: string, rest: string, limit: string, withoutUnit: boolean): string {
  const stretch = withoutUnit ? stretchOfAnyUnit : stretchSql;
  return `
    WITH head AS MATERIALIZED (
      SELECT s.unit, s.state, s.kind, f.due_at, f.id
        FROM (SELECT * FROM unnest($1::text[]) AS u(unit), unnest($2::text[]) AS t(state), unnest($3::text[]) AS k(kind)) AS s
       CROSS JOIN LATERAL (${stretch('s', first, '1')}) AS f
       ORDER BY f.due_at, f.id LIMIT ${limit}
    ), page AS MATERIALIZED (
      SELECT p.due_at, p.id FROM head AS h CROSS JOIN LATERAL (${stretch('h', rest, limit)}) AS p ORDER BY p.due_at, p.id LIMIT ${limit}
    )
    SELECT w.id, w.unit, w.kind, w.urgency, w.state, w.opened_at, w.due_at, w.closed_at, w.process, w.process_version, w.expected
      FROM page JOIN work_dossier AS w USING (id) ORDER BY page.due_at, page.id`;
}

/**
 * Rows of the stretch of `of`, in order. Of most work dossiers the kind is told; of others, which began with a step, it is null, and no walk finds both. The order names all
 * columns of the index: only so does a walk give those without a kind or a unit in the order of their terms, and needs no sorting.
 */
function stretchSql(of: string, which: string, limit: string, unit = `w.unit = ${of}.unit`): string {
  const rows = (kind: string): string => `
    (SELECT w.due_at, w.id FROM work_dossier AS w
      WHERE ${unit} AND w.state = ${of}.state AND ${kind} AND ${which} ORDER BY w.unit, w.state, w.kind, w.due_at, w.id LIMIT ${limit})`;
  return `${rows(`w.kind = ${of}.kind`)} UNION ALL ${rows(`${of}.kind IS NULL AND w.kind IS NULL`)}`;
}

function stretchOfAnyUnit(of: string, which: string, limit: string): string {
  return `${stretchSql(of, which, limit)} UNION ALL ${stretchSql(of, which, limit, `${of}.unit IS NULL AND w.unit IS NULL`)}`;
}

const dueSql = (withoutUnit: boolean): string =>
  pageSql(
    `(w.due_at, w.id) > ($4::timestamptz, $5::text) AND w.due_at < $6::timestamptz`,
    `(w.due_at, w.id) >= (h.due_at, h.id) AND w.due_at < $6::timestamptz
     AND w.due_at <= (SELECT CASE WHEN count(*) = $7::int THEN max(due_at) ELSE 'infinity' END FROM head)`,
    '$7::int',
    withoutUnit,
  );
// A walk along the index gives rows without a term in the order of their ids only where both columns are named in ORDER BY.
const withoutTermSql = (withoutUnit: boolean): string =>
  pageSql('w.due_at IS NULL AND w.id > $4::text', 'w.due_at IS NULL AND w.id >= h.id', '$5::int', withoutUnit);

export const DUE_ROWS = dueSql(false);
export const ROWS_WITHOUT_TERM = withoutTermSql(false);
/** The same where null among the units means the rows without one: twice the walks, which only an operator's list of everything needs. */
export const DUE_ROWS_OF_ANY_UNIT = dueSql(true);
export const ROWS_WITHOUT_TERM_OF_ANY_UNIT = withoutTermSql(true);

/** A plan is kept for as long as its connection; one that gathers a stretch and sorts it, as is best for the few rows of a new database, would go on doing so. */
export const PLAN_BY_INDEX = 'SET LOCAL enable_bitmapscan = off';

/** One look at the index per unit, where DISTINCT would read all of it. */
const ALL_UNITS = `
  WITH RECURSIVE named AS (
    (SELECT unit FROM work_dossier WHERE unit IS NOT NULL ORDER BY unit LIMIT 1)
    UNION ALL
    SELECT (SELECT w.unit FROM work_dossier AS w WHERE w.unit > n.unit ORDER BY w.unit LIMIT 1) FROM named AS n WHERE n.unit IS NOT NULL
  ) SELECT unit FROM named WHERE unit IS NOT NULL`;

@Injectable()
export class ListWorkDossiersQuery {
  constructor(private readonly database: Database) {}

  /** So many rows from a place on, in the order of the list. What has no term comes last, and is never due before any instant. */
  async page(asked: AskedRows, now: Date): Promise<ListedWorkDossier[]> {
    const rows = await this.database.transaction(async (tx) => {
      // Of one moment: a row that gets a term meanwhile is neither left out nor shown twice.
      tx.send('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
      tx.send(PLAN_BY_INDEX);
      const known = asked.units === 'all' ? (await tx.query<{ unit: string }>(ALL_UNITS)).map(({ unit }) => unit) : asked.units;
      const units = asked.withoutUnit ? [...known, null] : known;
      const due = asked.after?.dueAt === null ? [] : await dueRows(tx, asked, units);
      if (due.length === asked.limit || asked.dueBefore !== undefined) return due;
      const from = asked.after?.dueAt === null ? asked.after.id : '';
      const text = asked.withoutUnit ? ROWS_WITHOUT_TERM_OF_ANY_UNIT : ROWS_WITHOUT_TERM;
      return [...due, ...(await tx.query<ListRow>(text, [units, asked.states, asked.kinds, from, asked.limit - due.length]))];
    }, 'key');
    return rows.map((row) => listedOf(row, now));
  }
}

async function dueRows(
  tx: Transaction,
  { states, kinds, after, dueBefore, limit, withoutUnit }: AskedRows,
  units: readonly (string | null)[],
): Promise<ListRow[]> {
  const text = withoutUnit ? DUE_ROWS_OF_ANY_UNIT : DUE_ROWS;
  return tx.query<ListRow>(text, [units, states, kinds, after?.dueAt ?? '-infinity', after?.id ?? '', dueBefore ?? 'infinity', limit]);
}

function listedOf({ opened_at, due_at, closed_at, process, process_version, ...row }: ListRow, now: Date): ListedWorkDossier {
  return {
    ...row,
    openedAt: opened_at?.toISOString() ?? null,
    dueAt: due_at?.toISOString() ?? null,
    closedAt: closed_at?.toISOString() ?? null,
    process: process === null || process_version === null ? null : { id: process, version: process_version },
    overdue: due_at === null ? null : row.state === 'open' && due_at < now,
    finding: row.unit === null ? NO_UNIT : null,
  };
}

import { Injectable } from '@nestjs/common';
import { monthsIn, type Period } from '@par/administration';
import { Database } from '@par/service-kit';
import { entriesOf, patternsOf } from '../contribution-parts.ts';
import { FigureSlots } from '../figure-slots.ts';

export interface BehindItem {
  subject: string;
  unit: string;
  month: string;
  reasons: string[];
  /** Where the subject gives more than one. */
  numerator?: number;
  denominator?: number;
}

export interface AskedItems {
  indicator: string;
  rule: string;
  period: Period;
  units: readonly string[];
  part: 'numerator' | 'rest';
  /** Cursor of the last item of the page before; '' for the first page. */
  after: string;
  limit: number;
}

interface Cell {
  unit: string;
  month: string;
  /** Subjects that are asked for: at most this many. */
  most: number;
}

const CELLS_AT_ONCE = 64;

/** Where an item stands in the order of month, unit and subject. */
export function cursorOf({ month, unit, subject }: BehindItem): string {
  return `${month} ${unit} ${subject}`;
}

/**
 * The dossiers and declared records behind a counted figure, by month, unit and subject. The counters say in which unit and month there are any, so a page reads
 * these cells only, however large the city.
 */
@Injectable()
export class BehindFigure {
  constructor(
    private readonly database: Database,
    private readonly slots: FigureSlots,
  ) {}

  async items(asked: AskedItems): Promise<BehindItem[]> {
    const slots = new Set((await this.slots.all()).numbersOf(asked.indicator, asked.rule));
    const [month = '', unit = '', ...subject] = asked.after.split(' ');
    const from = { month, unit, subject: keyOf(subject.join(' ')) };
    const cells = (await this.#cells(asked)).filter((cell) => cell.month > month || (cell.month === month && cell.unit >= unit));
    const items: BehindItem[] = [];
    for (let next = 0; next < cells.length && items.length < asked.limit;) {
      const some: Cell[] = [];
      for (let most = 0; next < cells.length && some.length < CELLS_AT_ONCE && most < asked.limit - items.length; next += 1) {
        some.push(cells[next]!);
        most += cells[next]!.most;
      }
      items.push(...(await this.#read(some, from, slots, asked.part, asked.limit - items.length)));
    }
    return items;
  }

  async #cells({ indicator, rule, period, units, part }: AskedItems): Promise<Cell[]> {
    const months = monthsIn(period) ?? { from: '0000-00', to: '9999-99' };
    return this.database.query<Cell>(
      `SELECT unit, month, CASE WHEN $6 = 'numerator' THEN numerator ELSE denominator - numerator END AS most FROM counter
       WHERE indicator = $1 AND rule = $2 AND unit = ANY($3::text[]) AND month BETWEEN $4 AND $5
         AND CASE WHEN $6 = 'numerator' THEN numerator > 0 ELSE numerator < denominator END
       ORDER BY month, unit COLLATE "C"`,
      [indicator, rule, units, months.from, months.to, part],
    );
  }

  async #read(
    cells: readonly Cell[],
    from: { month: string; unit: string; subject: string },
    slots: ReadonlySet<number>,
    part: AskedItems['part'],
    limit: number,
  ): Promise<BehindItem[]> {
    const rows = await this.database.query<{ subject: string; unit: string; month: string; verdicts: string }>(
      `SELECT p.subject, p.unit, p.month, p.verdicts
       FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS cell(unit, month, place)
       CROSS JOIN LATERAL (
         SELECT subject, unit, month, verdicts FROM contribution AS c
         WHERE c.unit = cell.unit AND c.month = cell.month AND c.verdicts LIKE ANY ($3::text[])
           AND (c.month > $4 OR c.unit > $5 COLLATE "C" OR c.subject > $6)
         ORDER BY c.subject LIMIT $7
       ) AS p
       ORDER BY cell.place, p.subject LIMIT $7`,
      [
        cells.map(({ unit }) => unit),
        cells.map(({ month }) => month),
        patternsOf([...slots], part),
        from.month,
        from.unit,
        from.subject,
        limit,
      ],
    );
    return rows.map(({ subject, unit, month, verdicts }) => {
      const entry = entriesOf(verdicts).find(({ slot }) => slots.has(slot));
      const { numerator = 0, denominator = 0, reasons = [] } = entry ?? {};
      return { subject: codeOf(subject), unit, month, reasons, ...(denominator === 1 ? {} : { numerator, denominator }) };
    });
  }
}

/** A dossier is shown by its code, a declared record by its key. */
function codeOf(subject: string): string {
  return subject.startsWith('case:') ? subject.slice('case:'.length) : subject;
}

function keyOf(shown: string): string {
  return shown === '' || shown.startsWith('declared:') ? shown : `case:${shown}`;
}

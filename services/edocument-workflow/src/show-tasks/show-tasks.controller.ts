import { Controller, Get, Query } from '@nestjs/common';
import { UNIT_ID } from '@par/contracts';
import { Database, Problem } from '@par/service-kit';
import { type ExpectedStep } from '../expected-steps.ts';

const MOST_AT_ONCE = 1_000;
const USUAL = 100;
/** Where a page ends: due date (or `infinity`), work dossier, element. */
const CURSOR = /^(infinity|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)~([^~\0]{1,200})~([^\0]{1,200})$/u;

interface Task extends ExpectedStep {
  workDossier: string;
}

/** `GET /v1/tasks?unit=&limit=&after=`: the steps that processes expect of a unit now, those that fall due first in front, and last those that may take any time. */
@Controller('v1/tasks')
export class ShowTasksController {
  constructor(private readonly database: Database) {}

  /** `after` is the `next` of the page before. */
  @Get()
  async show(@Query() query: Record<string, unknown>): Promise<{ tasks: Task[]; next: string | null }> {
    const { unit, limit, after } = asked(query);
    const [due, dossier, element] = after;
    const rows = await this.database.query<{ due: string; workDossier: string; element: string; step: ExpectedStep }>(
      `WITH page AS MATERIALIZED (
         SELECT due_at, work_dossier, element FROM expected_step
          WHERE unit = $1 AND (due_at, work_dossier, element) > ($2::timestamptz, $3::text, $4::text)
          ORDER BY unit, due_at, work_dossier, element LIMIT $5
       )
       SELECT CASE WHEN page.due_at = 'infinity' THEN 'infinity' ELSE to_char(page.due_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') END AS due,
              page.work_dossier AS "workDossier", page.element, expected.step
         FROM page JOIN work_dossier AS w ON w.id = page.work_dossier
        CROSS JOIN LATERAL jsonb_array_elements(w.expected) AS expected(step)
        WHERE expected.step ->> 'element' = page.element
        ORDER BY page.due_at, page.work_dossier, page.element`,
      [unit, due, dossier, element, limit + 1],
    );
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      tasks: page.map(({ workDossier, step }) => ({ workDossier, ...step })),
      next: rows.length > limit && last ? `${last.due}~${last.workDossier}~${last.element}` : null,
    };
  }
}

function asked(query: Record<string, unknown>): { unit: string; limit: number; after: [string, string, string] } {
  const { unit, limit = String(USUAL), after } = query;
  if (typeof unit !== 'string' || !UNIT_ID.test(unit)) throw bad('request.no-unit', 'unit', 'Say of which unit', 'Hãy ghi đơn vị cần xem');
  if (typeof limit !== 'string' || !/^[1-9]\d{0,3}$/.test(limit) || Number(limit) > MOST_AT_ONCE)
    throw bad('request.bad-limit', 'limit', `A page has 1 to ${MOST_AT_ONCE} entries`, `Mỗi trang có từ 1 đến ${MOST_AT_ONCE} mục`);
  if (after === undefined) return { unit, limit: Number(limit), after: ['-infinity', '', ''] };
  const cursor = typeof after === 'string' ? CURSOR.exec(after) : null;
  const [, due, dossier, element] = cursor ?? [];
  if (due === undefined || dossier === undefined || element === undefined || !isInstant(due))
    throw bad('request.bad-cursor', 'after', 'Give the "next" of the page before', 'Hãy ghi giá trị "next" của trang trước');
  return { unit, limit: Number(limit), after: [due, dossier, element] };
}

function isInstant(due: string): boolean {
  if (due === 'infinity') return true;
  const at = new Date(due);
  return due >= '0001' && !Number.isNaN(at.getTime()) && at.toISOString() === due;
}

function bad(code: string, field: string, en: string, vi: string): Problem {
  return new Problem({ status: 400, code, field, title: { en, vi } });
}

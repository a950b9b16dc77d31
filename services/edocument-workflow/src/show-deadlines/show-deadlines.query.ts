import { Injectable } from '@nestjs/common';
import { DEADLINES, isInstant, type DeadlineOf } from '@par/contracts';
import { Clock, Database, type Bilingual } from '@par/service-kit';

/** `near`: reminded of, not yet due. `past`: due, and not done. */
export const DEADLINE_STATES = ['near', 'past'] as const;
export type DeadlineState = (typeof DEADLINE_STATES)[number];

const OF_LABELS: Record<DeadlineOf, Bilingual> = {
  step: { en: 'Step', vi: 'Bước xử lý' },
  'work-dossier': { en: 'Whole work dossier', vi: 'Toàn bộ hồ sơ công việc' },
  apology: { en: 'Apology slip, a day before the term ends', vi: 'Phiếu xin lỗi, trước khi hết hạn 01 ngày' },
};
const STATE_LABELS: Record<DeadlineState, Bilingual> = {
  near: { en: 'Falls due soon', vi: 'Sắp đến hạn' },
  past: { en: 'Overdue', vi: 'Quá hạn' },
};

export interface DeadlineView {
  workDossier: string;
  unit: string;
  of: DeadlineOf;
  label: Bilingual;
  /** Name and BPMN element of the step, where one falls due. */
  step: string | null;
  element: string | null;
  due: string;
  state: DeadlineState;
  stateLabel: Bilingual;
  /** From when it is near. */
  remindAt: string;
  /** Whether that is in working time; false where the calendar has no data for the year. */
  workingTime: boolean;
  /** When it was told; null while it was not. */
  remindedAt: string | null;
  escalatedAt: string | null;
}

export interface DeadlinePage {
  items: DeadlineView[];
  /** `after` of the next page; null on the last. */
  next: string | null;
}

/** The last deadline of a page: due date, work dossier, kind and element. */
export type DeadlineCursor = [due: string, workDossier: string, of: string, element: string];

interface DeadlineRow {
  work_dossier: string;
  unit: string;
  of: DeadlineOf;
  step: string | null;
  element: string;
  due_at: Date;
  remind_at: Date;
  working_time: boolean;
  reminded_at: Date | null;
  escalated_at: Date | null;
}

@Injectable()
export class ShowDeadlinesQuery {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Open deadlines that were told of, in the order of their due dates: the longest overdue first. */
  async page(asked: {
    unit: string | undefined;
    of: DeadlineOf | undefined;
    state: DeadlineState | undefined;
    cursor: DeadlineCursor | undefined;
    limit: number;
  }): Promise<DeadlinePage> {
    const now = this.clock.now();
    const values: unknown[] = [];
    const given = (value: unknown): string => `$${values.push(value)}`;
    const conditions = ['(reminded_at IS NOT NULL OR escalated_at IS NOT NULL)'];
    if (asked.state === 'near') conditions.push(`due_at > ${given(now.toISOString())}`);
    if (asked.state === 'past') conditions.push(`due_at <= ${given(now.toISOString())}`);
    if (asked.unit !== undefined) conditions.push(`unit = ${given(asked.unit)}`);
    if (asked.of !== undefined) conditions.push(`"of" = ${given(asked.of)}`);
    if (asked.cursor) conditions.push(`(due_at, work_dossier, "of", element) > (${asked.cursor.map(given).join(', ')})`);
    const rows = await this.database.query<DeadlineRow>(
      `SELECT work_dossier, unit, "of", step, element, due_at, remind_at, working_time, reminded_at, escalated_at
         FROM deadline WHERE ${conditions.join(' AND ')}
        ORDER BY due_at, work_dossier, "of", element LIMIT ${given(asked.limit + 1)}`,
      values,
    );
    const shown = rows.slice(0, asked.limit);
    const last = shown.at(-1);
    return { items: shown.map((row) => viewOf(row, now)), next: rows.length > asked.limit && last ? cursorAfter(last) : null };
  }
}

/** Undefined where it is none of ours. */
export function readCursor(text: string): DeadlineCursor | undefined {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
  if (!Array.isArray(parts) || parts.length !== 4 || !parts.every((part) => typeof part === 'string' && !part.includes('\0')))
    return undefined;
  const [due, workDossier, of, element] = parts as DeadlineCursor;
  return isInstant(due) && (DEADLINES as readonly string[]).includes(of) ? [due, workDossier, of, element] : undefined;
}

function cursorAfter(row: DeadlineRow): string {
  const cursor: DeadlineCursor = [row.due_at.toISOString(), row.work_dossier, row.of, row.element];
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

function viewOf(row: DeadlineRow, now: Date): DeadlineView {
  const state = row.due_at <= now ? 'past' : 'near';
  return {
    workDossier: row.work_dossier,
    unit: row.unit,
    of: row.of,
    label: OF_LABELS[row.of],
    step: row.step,
    element: row.element === '' ? null : row.element,
    due: row.due_at.toISOString(),
    state,
    stateLabel: STATE_LABELS[state],
    remindAt: row.remind_at.toISOString(),
    workingTime: row.working_time,
    remindedAt: row.reminded_at?.toISOString() ?? null,
    escalatedAt: row.escalated_at?.toISOString() ?? null,
  };
}

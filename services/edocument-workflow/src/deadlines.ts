import { Injectable } from '@nestjs/common';
import { WorkingCalendar } from '@par/administration';
import { type DeadlineOf } from '@par/contracts';
import { Environment, type Transaction } from '@par/service-kit';
import { apologyDue, reminderTime, type ReminderLeads, type Running } from './deadline-times.ts';

const HOUR = 3_600_000;

/** What is open of a work dossier now, and until when. Instants are RFC 3339. */
export interface OpenDeadlines {
  workDossier: string;
  unit: string;
  /** Until when the whole matter has to be settled. */
  due?: string;
  /** Since when the term of the whole matter runs. */
  since?: string;
  /** Whether an apology slip may still be given: for a procedure's dossier that was not extended before (re-appointment at most once). Absent: yes. */
  apology?: boolean;
  /** Steps with a deadline; `since` is from when each could be taken. */
  steps: { step: string; element: string; due: string; since?: string }[];
}

/** How deadlines are worked out: one for the process, read at its start. */
@Injectable()
export class DeadlineRule {
  readonly leads: ReminderLeads;

  /** @throws one error that names every mistake of the configuration */
  constructor(readonly calendar: WorkingCalendar) {
    const environment = new Environment();
    const hours = (name: string, fallback: number): number => HOUR * environment.integer(name, fallback, { min: 0, max: 400 });
    this.leads = {
      // Khánh Hòa warns three working hours before a step is due.
      step: hours('REMIND_STEP_BEFORE_HOURS', 3),
      'work-dossier': hours('REMIND_DOSSIER_BEFORE_HOURS', 8),
      apology: hours('REMIND_APOLOGY_BEFORE_HOURS', 3),
    };
    environment.finish();
  }
}

interface DeadlineRow {
  workDossier: string;
  of: DeadlineOf;
  element: string;
  step: string | null;
  unit: string;
  dueAt: Date;
  remindAt: Date;
  workingTime: boolean;
}

/**
 * Brings the table of deadlines to what is open now of these work dossiers, in the transaction that holds their locks: one statement, whatever their number. What is no
 * longer open goes, what goes on being open keeps what was told of it.
 * @param historyBefore what fell due before it is left out
 */
export function setDeadlines(tx: Transaction, open: readonly OpenDeadlines[], rule: DeadlineRule, historyBefore?: Date): void {
  if (open.length === 0) return;
  const rows = rowsOf(open, rule).filter(({ dueAt }) => historyBefore === undefined || dueAt >= historyBefore);
  tx.send(
    `WITH wanted AS (
       SELECT * FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::timestamptz[], $9::bool[])
         AS w(work_dossier, "of", element, step, unit, due_at, remind_at, working_time)
     ), gone AS (
       DELETE FROM deadline
        WHERE work_dossier = ANY($1::text[])
          AND (work_dossier, "of", element, due_at) NOT IN (SELECT work_dossier, "of", element, due_at FROM wanted)
     )
     INSERT INTO deadline AS d (work_dossier, "of", element, step, unit, due_at, remind_at, working_time)
     SELECT * FROM wanted
     ON CONFLICT (work_dossier, "of", element, due_at) DO UPDATE
        SET step = excluded.step, unit = excluded.unit, remind_at = excluded.remind_at, working_time = excluded.working_time
      WHERE (d.step, d.unit, d.remind_at, d.working_time) IS DISTINCT FROM (excluded.step, excluded.unit, excluded.remind_at, excluded.working_time)`,
    [
      open.map(({ workDossier }) => workDossier),
      rows.map((row) => row.workDossier),
      rows.map((row) => row.of),
      rows.map((row) => row.element),
      rows.map((row) => row.step),
      rows.map((row) => row.unit),
      rows.map((row) => row.dueAt.toISOString()),
      rows.map((row) => row.remindAt.toISOString()),
      rows.map((row) => row.workingTime),
    ],
  );
}

function rowsOf(open: readonly OpenDeadlines[], { leads, calendar }: DeadlineRule): DeadlineRow[] {
  const rows: DeadlineRow[] = [];
  for (const { workDossier, unit, due, since, apology = true, steps } of open) {
    const add = (of: DeadlineOf, dueAt: Date, running: Running, element: string, step: string | null): void => {
      const { at, workingTime } = reminderTime(calendar, dueAt, leads[of], running);
      rows.push({ workDossier, of, element, step, unit, dueAt, remindAt: at, workingTime });
    };
    // A step that two tokens of a process wait at until the same instant falls due once.
    const known = new Set<string>();
    for (const { step, element, due: until, since: from } of steps) {
      const dueAt = new Date(until);
      const key = `${element}\n${dueAt.getTime()}`;
      if (!known.has(key)) add('step', dueAt, runningIn(unit, from), element, step);
      known.add(key);
    }
    if (due === undefined) continue;
    const dueAt = new Date(due);
    const running = runningIn(unit, since);
    add('work-dossier', dueAt, running, '', null);
    const slip = apology ? apologyDue(calendar, dueAt, running) : undefined;
    if (slip) add('apology', slip, running, '', null);
  }
  return rows;
}

function runningIn(office: string, since: string | undefined): Running {
  return since === undefined ? { office } : { office, since: new Date(since) };
}

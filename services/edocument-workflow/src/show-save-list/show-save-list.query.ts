import { setImmediate } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { WorkingCalendar } from '@par/administration';
import { Database, Environment, KeptAnswers } from '@par/service-kit';
import { type OpenDossier, type SaveList, saveList, USUAL_PERCENT } from '../save-list.ts';
import { type PastCourse, samplesOf, SettlingTimes, type StepTime } from '../settling-times.ts';
import { type DossierEvent } from '../work-dossier-event.ts';
import { foldWorkDossier } from '../work-dossier.ts';

/** How many closed work dossiers of the unit, and of all others together, the list learns from. */
const MOST_HISTORY = 2_000;
/** How many open work dossiers are looked at, those that are due first. */
const MOST_OPEN = 2_000;
/** After so many rows others get their turn: a fold of thousands would hold up events meanwhile. */
const AT_ONCE = 100;
const MOST_KEPT = 20;

/** The work dossiers of a unit ($1) that were open at a moment ($2): by two indexes, and none of them reads what was closed before. */
const OPEN_AT = `SELECT * FROM work_dossier WHERE unit = $1 AND state = 'open' AND opened_at <= $2
  UNION ALL SELECT * FROM work_dossier WHERE unit = $1 AND state = 'closed' AND closed_at > $2 AND opened_at <= $2`;

interface PastRow {
  unit: string;
  opened_at: Date;
  closed_at: Date;
  events: DossierEvent[];
}

interface OpenRow {
  id: string;
  unit: string;
  opened_at: Date;
  due_at: Date;
  events: DossierEvent[];
}

/** What was learnt, and from how many closed work dossiers. */
interface History {
  times: SettlingTimes;
  ofUnit: number;
  ofOthers: number;
}

export interface FoundSaveList extends SaveList {
  history: Pick<History, 'ofUnit' | 'ofOthers'>;
  usualPercent: number;
  /** IANA zone of the calendar: in which the day ends. */
  timeZone: string;
  /** Open work dossiers without a due date: nothing can be said of them. */
  undated: number;
  /** More are open than were looked at; those left out are due later than all others. */
  cutOff: boolean;
}

/** Judges the open work dossiers of a unit by its history. Both are read as they were at the moment asked for. */
@Injectable()
export class ShowSaveListQuery {
  readonly #histories: KeptAnswers<History>;

  constructor(
    private readonly database: Database,
    private readonly calendar: WorkingCalendar,
    environment: Environment,
  ) {
    this.#histories = new KeptAnswers(MOST_KEPT, environment);
  }

  /** @param isPast whether the moment was asked for; history that is read for the present serves for others who ask at about the same time */
  async find(unit: string, asOf: Date, isPast: boolean): Promise<FoundSaveList> {
    const [history, open, counts] = await Promise.all([
      this.#histories.get(isPast ? `${unit} ${asOf.toISOString()}` : unit, () => this.#learn(unit, asOf)),
      this.#open(unit, asOf),
      this.#counts(unit, asOf),
    ]);
    const list = saveList(open.slice(0, MOST_OPEN), { now: asOf, calendar: this.calendar, times: history.times, percent: USUAL_PERCENT });
    const { ofUnit, ofOthers } = history;
    return {
      ...list,
      ...counts,
      history: { ofUnit, ofOthers },
      usualPercent: USUAL_PERCENT,
      timeZone: this.calendar.timeZone,
      cutOff: open.length > MOST_OPEN,
    };
  }

  async #learn(unit: string, asOf: Date): Promise<History> {
    const read = (whose: '=' | '<>'): Promise<PastRow[]> =>
      this.database.query<PastRow>(
        `SELECT unit, opened_at, closed_at, events FROM work_dossier
          WHERE unit ${whose} $1 AND closed_at <= $2 AND opened_at <= closed_at ORDER BY closed_at DESC LIMIT ${MOST_HISTORY}`,
        [unit, asOf],
      );
    const [own, others] = await Promise.all([read('='), read('<>')]);
    const samples = await inTurns([...own, ...others], (row) => samplesOf(pastOf(row, asOf), this.calendar));
    return { times: SettlingTimes.of(samples.flat()), ofUnit: own.length, ofOthers: others.length };
  }

  async #open(unit: string, asOf: Date): Promise<OpenDossier[]> {
    const rows = await this.database.query<OpenRow>(
      `SELECT id, unit, opened_at, due_at, events FROM (${OPEN_AT}) AS w WHERE due_at > $2 ORDER BY due_at, id LIMIT ${MOST_OPEN + 1}`,
      [unit, asOf],
    );
    return inTurns(rows, (row) => ({
      id: row.id,
      unit: row.unit,
      openedAt: row.opened_at.toISOString(),
      dueAt: row.due_at.toISOString(),
      steps: stepsOf(row.events, asOf),
    }));
  }

  async #counts(unit: string, asOf: Date): Promise<{ overdue: number; undated: number }> {
    const [row] = await this.database.query<{ overdue: number; undated: number }>(
      `SELECT count(*) FILTER (WHERE due_at <= $2)::int AS overdue, count(*) FILTER (WHERE due_at IS NULL)::int AS undated FROM (${OPEN_AT}) AS w`,
      [unit, asOf],
    );
    return row!;
  }
}

async function inTurns<T, R>(rows: readonly T[], read: (row: T) => R): Promise<R[]> {
  const done: R[] = [];
  for (let from = 0; from < rows.length; from += AT_ONCE) {
    done.push(...rows.slice(from, from + AT_ONCE).map(read));
    await setImmediate();
  }
  return done;
}

function pastOf(row: PastRow, asOf: Date): PastCourse {
  return {
    unit: row.unit,
    openedAt: row.opened_at.toISOString(),
    closedAt: row.closed_at.toISOString(),
    steps: stepsOf(row.events, asOf),
  };
}

/** The steps that stand, by what had happened until then. */
function stepsOf(events: readonly DossierEvent[], asOf: Date): StepTime[] {
  const until = asOf.toISOString();
  return foldWorkDossier(events.filter(({ time }) => time <= until)).timeline.flatMap(({ event, takenBackBy }) =>
    event.type === 'vn.par.work-dossier.step-taken.v1' && !takenBackBy ? [{ step: event.step, at: event.time }] : [],
  );
}

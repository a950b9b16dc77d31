import { Injectable } from '@nestjs/common';
import { Clock, Database, Environment, KeptAnswers } from '@par/service-kit';
import { type StateItem, type StateWorld } from './state-world.ts';

/** The part of a figure that is asked for, as in `GET /v1/figures/{id}/why`. */
export interface DossierPage {
  units: readonly string[];
  part: 'numerator' | 'rest';
  after: string;
  limit: number;
}

/**
 * State rules over the dossiers themselves: what is open, overdue or in time at an instant. One SQL aggregate each over `dossier_fact`; the row of a dossier
 * has all that the clock is held against.
 */
interface DossierRule {
  /** The same at this moment, where an index knows which dossiers are open. Nothing ends in the future: the front door refuses it. */
  rowsNow?: string;
  /** Rows `unit, subject, counts, reason` of the dossiers in the denominator. $1 city, $2 instant, $3 start of the period (null: all time). */
  rows: string;
}

/** How long the clock of a dossier stood still up to the instant. */
const WAITED = `coalesce((SELECT sum(least(upper(s), $2::timestamptz) - lower(s)) FROM unnest(f.stops) AS s WHERE lower(s) < $2::timestamptz), interval '0')`;

/** Where the period began is not asked here; the parameter is named so that all rules take the same values. */
function openRows(isOpen: string): string {
  return `SELECT f.unit, f.subject, coalesce(f.due_at < $2::timestamptz, false) AS counts,
                 CASE WHEN f.due_at IS NULL THEN 'no-due-date' ELSE 'within-term' END AS reason
          FROM dossier_fact AS f
          WHERE f.city = $1 AND f.received_at <= $2::timestamptz AND ${isOpen} AND NOT f.intake_refused
            AND NOT f.stops @> $2::timestamptz AND ($3::timestamptz IS NULL OR true)`;
}

const DOSSIER_RULES: Readonly<Record<string, DossierRule>> = {
  /** Open and past due ÷ open; what is paused at the instant is left out (G1-OVERDUE). */
  'open-past-due': {
    rows: openRows(`(f.ended_at IS NULL OR f.ended_at > $2::timestamptz)`),
    rowsNow: openRows(`f.ended_at IS NULL`),
  },
  /** Decision 766, 2.1: received in the period and ended, or still in process at its end, in time ÷ received in the period. */
  'qd-766-in-time': {
    rows: `SELECT f.unit, f.subject,
                  CASE WHEN f.supplement_requests > 1 THEN false
                       WHEN f.end_766_at <= $2::timestamptz THEN coalesce(f.in_time_766, false)
                       ELSE $2::timestamptz - ${WAITED} <= f.first_due_at END AS counts, 'not-in-time' AS reason
           FROM dossier_fact AS f
           WHERE f.city = $1 AND ($3::timestamptz IS NULL OR f.received_at >= $3::timestamptz) AND f.received_at <= $2::timestamptz AND f.first_due_at IS NOT NULL AND NOT f.intake_refused`,
  },
};

/** Rules, cities and periods that are asked about again and again. */
const MOST_KEPT = 100;

@Injectable()
export class DossierStates {
  readonly #kept: KeptAnswers<StateItem[]>;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    environment: Environment,
  ) {
    this.#kept = new KeptAnswers(MOST_KEPT, environment);
  }

  has(rule: string): boolean {
    return rule in DOSSIER_RULES || rule === 'services-with-dossiers';
  }

  /**
   * Sums per unit. In a city so large that looking at its dossiers takes long, as they were some seconds ago (see `KeptAnswers`), unless they are wanted anew.
   */
  async sums(rule: string, world: StateWorld, how: 'anew' | 'kept' = 'kept'): Promise<StateItem[]> {
    const { city, at, periodFrom, isOver } = world;
    const key = [rule, city.id, periodFrom, isOver ? at : 'now'].join(' ');
    const make = (): Promise<StateItem[]> =>
      rule === 'services-with-dossiers' ? this.#servicesWithDossiers(world) : this.#sumsPerUnit(rule, world);
    return how === 'anew' ? this.#kept.anew(key, make) : this.#kept.get(key, make);
  }

  async #sumsPerUnit(rule: string, world: StateWorld): Promise<StateItem[]> {
    const rows = await this.database.query<{ unit: string; numerator: number; denominator: number }>(
      `SELECT unit, count(*) FILTER (WHERE counts)::int AS numerator, count(*)::int AS denominator FROM (${rowsOf(rule, world)}) AS d GROUP BY unit`,
      valuesOf(world),
    );
    const seenAt = this.clock.now().toISOString();
    return rows.map((row) => ({ ...row, subject: row.unit, seenAt, reasons: [] }));
  }

  /** One page of the dossiers themselves, in the order of their codes. */
  async items(rule: string, world: StateWorld, { units, part, after, limit }: DossierPage): Promise<StateItem[]> {
    if (rule === 'services-with-dossiers') {
      const items = await this.#servicesWithDossiers(world);
      return items.filter(({ numerator, subject }) => numerator === (part === 'numerator' ? 1 : 0) && subject > after);
    }
    const rows = await this.database.query<{ unit: string; subject: string; counts: boolean; reason: string }>(
      `SELECT unit, subject, counts, reason FROM (${rowsOf(rule, world)}) AS d
       WHERE counts = $4 AND unit = ANY($5::text[]) AND subject COLLATE "C" > $6 ORDER BY subject COLLATE "C" LIMIT $7`,
      [...valuesOf(world), part === 'numerator', [...units], `case:${after}`, limit],
    );
    return rows.map(({ unit, subject, counts, reason }) => ({
      unit,
      subject: subject.slice('case:'.length),
      numerator: counts ? 1 : 0,
      denominator: 1,
      reasons: counts ? [] : [reason],
    }));
  }

  /** Decision 766, 3.2: procedures offered online that had a dossier in the period ÷ procedures offered online. */
  async #servicesWithDossiers(world: StateWorld): Promise<StateItem[]> {
    const rows = await this.database.query<{ procedure: string }>(
      `SELECT DISTINCT procedure FROM dossier_fact WHERE city = $1 AND received_at <= $2::timestamptz AND ($3::timestamptz IS NULL OR received_at >= $3::timestamptz) AND procedure IS NOT NULL`,
      valuesOf(world),
    );
    const used = new Set(rows.map(({ procedure }) => procedure));
    return world.catalogue
      .inForce(world.city.id, world.at)
      .filter(({ code }) => (world.catalogue.levelAt(world.city.id, code, world.at) ?? 0) >= 3)
      .map(({ unit, code }) => ({
        unit,
        subject: code,
        numerator: used.has(code) ? 1 : 0,
        denominator: 1,
        reasons: used.has(code) ? [] : ['no-dossier-in-period'],
      }));
  }
}

function rowsOf(rule: string, { isOver }: StateWorld): string {
  const { rows, rowsNow } = DOSSIER_RULES[rule]!;
  return isOver ? rows : (rowsNow ?? rows);
}

function valuesOf({ city, at, periodFrom }: StateWorld): unknown[] {
  return [city.id, at, periodFrom];
}

import { Injectable } from '@nestjs/common';
import { endOfPeriod, localDate, monthsIn, type Period, startOfPeriod, type Unit } from '@par/administration';
import { Database } from '@par/service-kit';
import { type Basis } from './basis.ts';
import { inspectionOf, secretCountOf } from './declared-records.ts';
import { DossierStates } from './dossier-states.ts';
import { type KeptEvent } from './kept-event.ts';
import { foldConnection } from './link-fact.ts';
import { appliesTo, type Indicator, standsBeside } from './plan.ts';
import { STATE_RULES } from './state-rules.ts';
import { type StateFacts, type StateItem, type StateWorld } from './state-world.ts';

/** Reads what state figures are computed from, and computes them. */
@Injectable()
export class StateReader {
  constructor(
    private readonly database: Database,
    readonly dossiers: DossierStates,
  ) {}

  async facts(): Promise<StateFacts> {
    const [rows, heard, traffic] = await Promise.all([
      this.database.query<{ key: string; events: KeptEvent[] }>(
        `SELECT key, events FROM subject WHERE (key >= 'link:' AND key < 'link;') OR (key >= 'declared:' AND key < 'declared;')`,
      ),
      this.database.query<{ unit: string; at: Date }>(`SELECT unit, last_at AS at FROM heard WHERE network = 'tslcd'`),
      this.database.query<{ unit: string; kind: string; month: string }>('SELECT unit, kind, month FROM traffic'),
    ]);
    const under = (prefix: string): Map<string, KeptEvent[]> =>
      new Map(rows.filter(({ key }) => key.startsWith(prefix)).map(({ key, events }) => [key.slice(prefix.length), events]));
    const months = new Map<string, Set<string>>();
    for (const { unit, kind, month } of traffic) {
      const key = `${unit} ${kind}`;
      const known = months.get(key);
      if (known) known.add(month);
      else months.set(key, new Set([month]));
    }
    return {
      connections: new Map([...under('link:')].map(([unit, events]) => [unit, foldConnection(events)])),
      lastHeard: new Map(heard.map(({ unit, at }) => [unit, at.toISOString()])),
      traffic: months,
      inspections: [...under('declared:record/').values()].flatMap((events) => inspectionOf(events) ?? []),
      declared: under('declared:unit/'),
    };
  }

  /** A city at the end of a period, or now while it lasts. */
  world(city: Unit, basis: Basis, facts: StateFacts, period: Period, now: Date): StateWorld {
    const end = endOfPeriod(period, city.timeZone);
    const isOver = end !== undefined && end < now;
    return { ...this.#worldAt(city, basis, facts, isOver ? end : now, period), isOver };
  }

  /** The same city at the start of the year, for a target that compares with it. */
  worldAtStartOfYear(world: StateWorld, basis: Basis): StateWorld {
    return { ...this.#worldAt(world.city, basis, world.facts, new Date(world.yearFrom), String(world.year)), isOver: true };
  }

  #worldAt(
    city: Unit,
    { organisation, catalogue, calendar }: Basis,
    facts: StateFacts,
    at: Date,
    period: Period,
  ): Omit<StateWorld, 'isOver'> {
    const date = localDate(at, city.timeZone);
    const year = date.slice(0, 4);
    return {
      city,
      organisation,
      catalogue,
      calendar,
      facts,
      at: at.toISOString(),
      date,
      year: Number(year),
      yearFrom: startOfPeriod(year, city.timeZone)!.toISOString(),
      periodFrom: startOfPeriod(period, city.timeZone)?.toISOString() ?? null,
      months: monthsIn(period),
    };
  }

  /** What each thing gives to a state figure; for rules over dossiers, Σ per unit (`how`: see there). */
  async items(indicator: Indicator, rule: string, world: StateWorld, how?: 'anew' | 'kept'): Promise<StateItem[]> {
    const items = this.dossiers.has(rule)
      ? await this.dossiers.sums(rule, world, how)
      : (STATE_RULES[rule]?.items?.(world, indicator) ?? []);
    return items.filter(({ unit }) => {
      const kind = world.organisation.unit(unit)?.kind;
      return kind !== undefined && (appliesTo(indicator, kind) || standsBeside(indicator, kind));
    });
  }

  /** State secrets that units declared as left out, for the years of a period: told for whole years only. */
  secretCounts(facts: StateFacts, months: { from: string; to: string } | undefined): Map<string, number> {
    const counts = new Map<string, number>();
    for (const [unit, events] of facts.declared) {
      if (!events.some(({ type }) => type === 'vn.par.secret-count.declared.v1')) continue;
      counts.set(unit, secretCountOf(events, months?.from.slice(0, 4)));
    }
    return counts;
  }
}

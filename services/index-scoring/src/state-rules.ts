import { isInForce, type Unit } from '@par/administration';
import { type UnitKind } from '@par/contracts';
import { assessmentOf, rankingOf, staffStandardAt } from './declared-records.ts';
import { isConnectedAt } from './link-fact.ts';
import { appliesTo, type Indicator } from './plan.ts';
import { hasIso, isOnline, levelAt, proceduresOf, wasCut } from './procedure-states.ts';
import { type StateItem, type StateWorld } from './state-world.ts';
import { workingHoursBefore } from './working-hours.ts';

/** A rule of a figure that is a state at an instant: pure, from the city as it stands then to what each thing gives. */
export interface StateRule {
  version: number;
  /** Absent where the dossiers themselves are looked at: see `dossier-states.ts`. */
  items?(world: StateWorld, indicator: Indicator): StateItem[];
}

const DEPARTMENTS: readonly UnitKind[] = ['department'];
const WARDS: readonly UnitKind[] = ['ward', 'commune'];

/** Rules of figures that are a state at an instant; computed when read, because the clock or a date of effect alone moves them. */
export const STATE_RULES: Readonly<Record<string, StateRule>> = {
  'open-past-due': { version: 1 },
  'qd-766-in-time': { version: 1 },
  'services-with-dossiers': { version: 1 },
  'accepted-connection': { version: 1, items: acceptedConnections },
  'heard-within-hours': { version: 2, items: heardWithinWorkingHours },
  'heard-on-both': { version: 1, items: heardOnBoth },
  'term-cut-in-year': {
    version: 1,
    items: (world) => proceduresOf(world).map((p) => item(p.unit, p.code, wasCut(p, world), 'term-not-cut-this-year')),
  },
  'in-force': {
    version: 1,
    items: (world) => proceduresOf(world).map((p) => item(p.unit, p.code, isOnline(p, world), 'procedure-below-level-3')),
  },
  'online-service': {
    version: 1,
    items: (world) => proceduresOf(world).map((p) => item(p.unit, p.code, isOnline(p, world), 'procedure-below-level-3')),
  },
  'of-all': {
    version: 1,
    items: (world) => proceduresOf(world).map((p) => item(p.unit, p.code, levelAt(p, world) === 4, 'procedure-below-level-4')),
  },
  'of-level-3-4': {
    version: 1,
    items: (world) =>
      proceduresOf(world)
        .filter((p) => isOnline(p, world))
        .map((p) => item(p.unit, p.code, levelAt(p, world) === 4, 'procedure-below-level-4')),
  },
  'in-force-with-iso': {
    version: 1,
    items: (world) => proceduresOf(world).map((p) => item(p.unit, p.code, hasIso(p, world.at), 'no-iso-process')),
  },
  'latest-declared': { version: 1, items: staffStandards },
  'of-units': { version: 1, items: (world) => inspectedUnits(world, [...DEPARTMENTS, ...WARDS], false) },
  'with-predecessors': { version: 1, items: (world) => inspectedUnits(world, [...DEPARTMENTS, ...WARDS], true) },
  'departments-only': { version: 1, items: (world) => inspectedUnits(world, DEPARTMENTS, false) },
  'wards-only': { version: 1, items: (world) => inspectedUnits(world, WARDS, false) },
  'distinct-units': { version: 1, items: inspectedBesides },
  'published-for-year': { version: 1, items: assessedUnits },
  'published-score': { version: 1, items: publishedScore },
  'competition-rank': { version: 1, items: competitionRank },
};

function item(unit: string, subject: string, counts: boolean, reason: string): StateItem {
  return { unit, subject, numerator: counts ? 1 : 0, denominator: 1, reasons: counts ? [] : [reason] };
}

/** Units of the city in force at the instant that an indicator is about. */
function unitsInForce(world: StateWorld, isAsked: (unit: Unit) => boolean): Unit[] {
  return [world.city, ...world.organisation.below(world.city.id)].filter((unit) => isInForce(unit, world.date) && isAsked(unit));
}

/** Agencies with an accepted connection ÷ agencies in force (goal 6c; TT 23/2018 art. 8 is the nearest official model). */
function acceptedConnections(world: StateWorld, indicator: Indicator): StateItem[] {
  return unitsInForce(world, (unit) => unit.agency && appliesTo(indicator, unit.kind)).map((unit) =>
    item(unit.id, unit.id, isConnectedAt(world.facts.connections.get(unit.id) ?? [], world.at), 'no-accepted-connection'),
  );
}

/** Agencies heard from within the last N working hours ÷ agencies. Known for now only: of a period that is over there is no data. */
function heardWithinWorkingHours(world: StateWorld, indicator: Indicator): StateItem[] {
  if (world.isOver) return [];
  const since = workingHoursBefore(world.calendar, new Date(world.at), indicator.withinWorkingHours ?? 8).toISOString();
  return unitsInForce(world, (unit) => unit.agency && appliesTo(indicator, unit.kind)).map((unit) => {
    const last = world.facts.lastHeard.get(unit.id);
    return item(unit.id, unit.id, last !== undefined && last >= since, last === undefined ? 'never-heard' : 'silent');
  });
}

/** Agencies with messages of both one-stop and eOffice in the period ÷ agencies in force at its end (goal 3). */
function heardOnBoth(world: StateWorld, indicator: Indicator): StateItem[] {
  const { facts, months } = world;
  const thisMonth = world.date.slice(0, 7);
  const last = months && months.to < thisMonth ? months.to : thisMonth;
  const heard = (unit: string, kind: string): boolean =>
    [...(facts.traffic.get(`${unit} ${kind}`) ?? [])].some((month) => month >= (months?.from ?? '') && month <= last);
  return unitsInForce(world, (unit) => unit.agency && appliesTo(indicator, unit.kind)).map(({ id }) => {
    const missing = [
      ...(heard(id, 'dossier') ? [] : ['no-one-stop-message']),
      ...(heard(id, 'work-dossier') ? [] : ['no-eoffice-message']),
    ];
    return { unit: id, subject: id, numerator: missing.length === 0 ? 1 : 0, denominator: 1, reasons: missing };
  });
}

/** Staff meeting the standard of their title ÷ staff, as each unit last declared it (goal 2). */
function staffStandards(world: StateWorld): StateItem[] {
  return unitsInForce(world, () => true).flatMap(({ id }) => {
    const declared = staffStandardAt(world.facts.declared.get(id) ?? [], world.at);
    if (!declared || declared.staff === 0) return [];
    return { unit: id, subject: id, numerator: Math.min(declared.meeting, declared.staff), denominator: declared.staff, reasons: [] };
  });
}

/** Units inspected in the year ÷ departments and wards in force at the instant (goal 7). */
function inspectedUnits(world: StateWorld, kinds: readonly UnitKind[], withPredecessors: boolean): StateItem[] {
  const inspected = inspectedInYear(world);
  const predecessors = new Map<string, string[]>();
  // Only who has become part of another by then: before its merger a unit stands for itself alone.
  for (const { id, successors, validTo } of world.organisation.units()) {
    if (validTo === undefined || validTo > world.date) continue;
    for (const successor of successors) predecessors.set(successor, [...(predecessors.get(successor) ?? []), id]);
  }
  const wasInspected = (id: string, seen: ReadonlySet<string> = new Set()): boolean =>
    inspected.has(id) ||
    (withPredecessors && !seen.has(id) && (predecessors.get(id) ?? []).some((before) => wasInspected(before, new Set([...seen, id]))));
  return unitsInForce(world, (unit) => kinds.includes(unit.kind)).map(({ id }) =>
    item(id, id, wasInspected(id), 'not-inspected-this-year'),
  );
}

/** Public service units and schools inspected in the year: a count, not a share. */
function inspectedBesides(world: StateWorld): StateItem[] {
  const inspected = inspectedInYear(world);
  return [...inspected].flatMap((id) => {
    const unit = world.organisation.unit(id);
    const isCounted = unit?.city === world.city.id && (unit.kind === 'public-service-unit' || unit.kind === 'school');
    return isCounted ? item(id, id, true, '') : [];
  });
}

function inspectedInYear({ facts, yearFrom, at }: StateWorld): Set<string> {
  return new Set(facts.inspections.filter((done) => done.at >= yearFrom && done.at <= at).map(({ unit }) => unit));
}

/** Departments and wards in force with a published score for the year ÷ departments and wards (goal 9); a score comes out after its year. */
function assessedUnits(world: StateWorld): StateItem[] {
  return unitsInForce(world, ({ kind }) => DEPARTMENTS.includes(kind) || WARDS.includes(kind)).map(({ id }) =>
    item(id, id, assessmentOf(world.facts.declared.get(id) ?? [], world.year) !== undefined, 'not-evaluated'),
  );
}

/** The city's score for the year in thousandths of points, as the province published it, else as its own assessment was. */
function publishedScore(world: StateWorld): StateItem[] {
  const { id, code } = world.city;
  const ranking = code === undefined ? undefined : rankingOf(world.facts.declared.get(id) ?? [], world.year, code);
  if (ranking?.score !== undefined) return [{ unit: id, subject: id, numerator: ranking.score, denominator: 100_000, reasons: [] }];
  const assessed = assessmentOf(world.facts.declared.get(id) ?? [], world.year);
  return assessed ? [{ unit: id, subject: id, numerator: assessed.awarded, denominator: assessed.applicable, reasons: [] }] : [];
}

/** The city's rank among its peers for the year; no data where neither all scores nor the published rank are known. */
function competitionRank(world: StateWorld): StateItem[] {
  const { id, code } = world.city;
  const ranking = code === undefined ? undefined : rankingOf(world.facts.declared.get(id) ?? [], world.year, code);
  return ranking?.rank === undefined ? [] : [{ unit: id, subject: id, numerator: ranking.rank, denominator: ranking.peers, reasons: [] }];
}

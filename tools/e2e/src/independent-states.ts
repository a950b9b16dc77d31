import { type UnitKind } from '@par/contracts';
import { dayOf } from './independent-calendar.ts';
import { hasIsoAt, type IndependentProcedure, isProcedureInForce, levelAt, wasCutBetween } from './independent-catalogue.ts';
import { type IndependentDossier, unitOf } from './independent-dossier.ts';
import { is, isOfOffice, ofType, type Told } from './independent-events.ts';
import { type IndependentOrganisation, type IndependentUnit } from './independent-organisation.ts';

/** All that the state figures look at. */
export interface StateOfAffairs {
  organisation: IndependentOrganisation;
  events: readonly Told[];
  /** Declared events that stand. */
  declared: readonly Told[];
  dossiers: readonly IndependentDossier[];
  procedures: readonly IndependentProcedure[];
  /** Asked period: its first instant and its last, in milliseconds; the first instant of the local year of the last. */
  from: number;
  at: number;
  yearFrom: number;
}

export interface StateShare {
  indicator: string;
  rule: string;
  unit: string;
  numerator: number;
  denominator: number;
}

const AGENCY_KINDS: readonly UnitKind[] = ['department', 'ward', 'commune'];

export function stateShares(affairs: StateOfAffairs): StateShare[] {
  return [
    ...overdue(affairs),
    ...ofProcedures(affairs),
    ...staff(affairs),
    ...systems(affairs),
    ...connections(affairs),
    ...inspections(affairs),
    ...assessed(affairs),
    ...provincialScore(affairs),
  ];
}

function share(indicator: string, rule: string, unit: string, counts: boolean): StateShare {
  return { indicator, rule, unit, numerator: counts ? 1 : 0, denominator: 1 };
}

function agencies({ organisation, at }: StateOfAffairs, kinds = AGENCY_KINDS): IndependentUnit[] {
  return organisation.inForce(dayOf(at)).filter(({ kind }) => kinds.includes(kind));
}

function overdue({ dossiers, at }: StateOfAffairs): StateShare[] {
  return dossiers.flatMap((dossier) => {
    const { receipt, ended, stops, due, intakeRefused } = dossier;
    if (!receipt || receipt.at > at || intakeRefused) return [];
    if (ended && ended.at <= at) return [];
    if (stops.some((stop) => stop.from <= at && at < stop.to)) return [];
    return [share('G1-OVERDUE', '*', unitOf(dossier, receipt), due !== undefined && due < at)];
  });
}

function ofProcedures({ procedures, at, yearFrom }: StateOfAffairs): StateShare[] {
  return procedures.flatMap((procedure) => {
    if (!isProcedureInForce(procedure, at)) return [];
    const { unit } = procedure;
    const level = levelAt(procedure, at) ?? 0;
    return [
      share('G1-CUT', '*', unit, wasCutBetween(procedure, yearFrom, at)),
      share('G4-L34', '*', unit, level >= 3),
      share('G4-L4', 'of-all', unit, level >= 4),
      ...(level >= 3 ? [share('G4-L4', 'of-level-3-4', unit, level >= 4)] : []),
      share('G8-ISO', '*', unit, hasIsoAt(procedure, at)),
    ];
  });
}

function staff({ declared, organisation, at }: StateOfAffairs): StateShare[] {
  return organisation.inForce(dayOf(at)).flatMap((unit) => {
    const latest = ofType(declared, 'vn.par.staff-standard.declared.v1')
      .filter((event) => event.unit === unit.id && event.at <= at)
      .at(-1);
    return latest
      ? [{ indicator: 'G2-STD', rule: '*', unit: unit.id, numerator: latest.data.meeting, denominator: latest.data.staff }]
      : [];
  });
}

function systems(affairs: StateOfAffairs): StateShare[] {
  const { events, from, at } = affairs;
  const inPeriod = events.filter((event) => from <= event.at && event.at <= at);
  const oneStop = new Set(inPeriod.filter(({ type }) => type.startsWith('vn.par.dossier.')).map(({ unit }) => unit));
  const office = new Set(inPeriod.filter(isOfOffice).map(({ unit }) => unit));
  return agencies(affairs).map(({ id }) => share('G3-SYS', '*', id, oneStop.has(id) && office.has(id)));
}

function connections({ organisation, events, at }: StateOfAffairs): StateShare[] {
  const told = events.filter((event) => event.at <= at);
  return organisation
    .inForce(dayOf(at))
    .filter(({ agency }) => agency)
    .map(({ id }) => {
      let isConnected = false;
      for (const event of told) {
        if (event.unit !== id) continue;
        if (is(event, 'vn.par.network.connection-accepted.v1')) isConnected = true;
        if (is(event, 'vn.par.network.connection-lost.v1')) isConnected = false;
      }
      return share('G6-NET', '*', id, isConnected);
    });
}

function inspections(affairs: StateOfAffairs): StateShare[] {
  const { declared, organisation, at, yearFrom } = affairs;
  // A record that is told twice is one inspection: the first telling holds.
  const records = new Map<string, Told>();
  for (const event of ofType(declared, 'vn.par.inspection.completed.v1'))
    if (!records.has(event.subject)) records.set(event.subject, event);
  const inspected = new Set([...records.values()].filter((event) => yearFrom <= event.at && event.at <= at).map(({ unit }) => unit));
  const shares = agencies(affairs).flatMap(({ id, kind }) => [
    share('G7-INSP', 'of-units', id, inspected.has(id)),
    share(
      'G7-INSP',
      'with-predecessors',
      id,
      organisation.withPredecessors(id, dayOf(at)).some((each) => inspected.has(each)),
    ),
    share('G7-INSP', kind === 'department' ? 'departments-only' : 'wards-only', id, inspected.has(id)),
  ]);
  const beside = organisation.units.filter(({ id, kind }) => (kind === 'public-service-unit' || kind === 'school') && inspected.has(id));
  return [...shares, ...beside.map(({ id }) => share('G7-INSP-X', '*', id, true))];
}

function assessed(affairs: StateOfAffairs): StateShare[] {
  const { declared, at } = affairs;
  const year = Number(dayOf(at).slice(0, 4));
  const published = ofType(declared, 'vn.par.assessment.published.v1').filter(({ data }) => data.year === year);
  return agencies(affairs).map(({ id }) =>
    share(
      'G9-EVAL',
      '*',
      id,
      published.some(({ unit }) => unit === id),
    ),
  );
}

/** Goal 10, for each city. */
function provincialScore({ declared, organisation, at }: StateOfAffairs): StateShare[] {
  const year = Number(dayOf(at).slice(0, 4));
  return organisation.units
    .filter(({ kind }) => kind === 'city')
    .flatMap(({ id, code }) => {
      const ranking = ofType(declared, 'vn.par.ranking.published.v1')
        .filter((event) => event.unit === id && event.data.year === year)
        .at(-1)?.data;
      const own = ranking?.scores.find((entry) => entry.code === code);
      const assessment = ofType(declared, 'vn.par.assessment.published.v1')
        .filter((event) => event.unit === id && event.data.year === year)
        .at(-1)?.data;
      const shares: StateShare[] = [];
      if (own) shares.push({ indicator: 'G10-BAND', rule: '*', unit: id, numerator: own.score, denominator: 100_000 });
      else if (assessment)
        shares.push({ indicator: 'G10-BAND', rule: '*', unit: id, numerator: assessment.awarded, denominator: assessment.applicable });
      if (ranking && own) {
        const isWhole = ranking.scores.length === ranking.peers;
        const rank = isWhole ? 1 + ranking.scores.filter(({ score }) => score > own.score).length : own.rank;
        if (rank !== undefined) shares.push({ indicator: 'G10-RANK', rule: '*', unit: id, numerator: rank, denominator: ranking.peers });
      }
      return shares;
    });
}

import { type Term } from '@par/contracts';
import { Chance } from './chance.ts';
import { LAND_REGISTRY, type Offices } from './demo-offices.ts';
import { instantOf, YEAR_FROM } from './office-time.ts';
import { type Draft } from './sending.ts';

/** A procedure of the demo's catalogue. Codes, terms and levels are invented; changes stand in the order of time. */
export interface DemoProcedure {
  code: string;
  /** Who publishes it: a department, the city for those that wards offer, the land registry branch. */
  unit: string;
  offeredAt: 'department' | 'ward' | 'land-registry';
  from: number;
  to?: number;
  levels: { from: number; level: number }[];
  terms: { from: number; term: Term }[];
  fee?: boolean;
  /** How often it is asked for, against others of the same office. */
  demand: number;
}

export interface DemoCatalogue {
  procedures: DemoProcedure[];
  drafts: Draft[];
}

const SOURCE = 'urn:par:demo:catalogue';
const AT_DEPARTMENTS = 200;
const AT_WARDS = 40;
const AT_LAND_REGISTRY = 16;
/** How many procedures of the city begin at levels 4, 3 and 2; the rest at level 1. 168 of 240 is 70 %, below the target of 90 %. */
const AT_FIRST = [26, 142, 66] as const;
/** What is raised when: from 2 to 3, and from 3 to 4. In October 222 of some 236 are at level 3 or 4. */
const RAISED: [date: string, toThree: number, toFour: number][] = [
  ['2021-03-15', 14, 8],
  ['2021-06-14', 12, 10],
  ['2021-08-23', 12, 8],
  ['2021-10-11', 16, 6],
];
const ABOLISHED = ['2021-04-12', '2021-04-12', '2021-07-19', '2021-09-13', '2021-11-08', '2021-11-08'];
const NEW = ['2021-05-24', '2021-05-24', '2021-08-02', '2021-10-18'];
const CUTS = ['2021-03-22', '2021-05-17', '2021-07-26', '2021-09-20', '2021-11-15'];
const CUTS_EACH = 6;

const DEPARTMENT_TERMS = [2, 3, 5, 5, 7, 10, 10, 15, 20, 30];
const WARD_TERMS: Term[] = [
  { amount: 2, unit: 'working-hour' },
  { amount: 4, unit: 'working-hour' },
  { amount: 1, unit: 'working-day' },
  { amount: 1, unit: 'working-day' },
  { amount: 2, unit: 'working-day' },
  { amount: 3, unit: 'working-day' },
  { amount: 5, unit: 'working-day' },
];

/** The catalogue of the year: what is published on its first day, and every change. The numbers are the same for every seed; which procedures, is chance. */
export function demoCatalogue(seed: number, offices: Offices): DemoCatalogue {
  const chance = Chance.of(seed, 'catalogue');
  const departments = offices.ofKind('department').filter(({ weight }) => weight > 0);
  const procedures: DemoProcedure[] = [];
  const add = (offeredAt: DemoProcedure['offeredAt'], unit: string, from = YEAR_FROM): DemoProcedure => {
    const serial = procedures.length + 1;
    const term = termFor(offeredAt, serial, chance);
    const procedure: DemoProcedure = {
      code: `${serial % 5 === 0 ? 2 : 1}.${String(100_000 + serial * 137)
        .slice(1)
        .padStart(6, '0')}`,
      unit,
      offeredAt,
      from,
      levels: [],
      terms: term ? [{ from, term }] : [],
      ...(chance.happens(0.94) ? { fee: chance.happens(0.45) } : {}),
      demand: 1 / (1 + chance.whole(0, 11)),
    };
    procedures.push(procedure);
    return procedure;
  };
  for (let n = 0; n < AT_DEPARTMENTS; n++) {
    // Each has some, the busy ones more.
    const office =
      n < departments.length * 6 ? departments[n % departments.length]! : chance.weighted(departments, ({ weight }) => weight + 3);
    add('department', office.unit.id);
  }
  for (let n = 0; n < AT_WARDS; n++) add('ward', 'hue');
  const ofCity = chance.shuffled(procedures);
  for (let n = 0; n < AT_LAND_REGISTRY; n++)
    add('land-registry', LAND_REGISTRY).levels.push({ from: YEAR_FROM, level: n % 3 === 0 ? 3 : 2 });
  setFirstLevels(ofCity);
  const changes = [...changesOf(ofCity, chance), ...isoOf(ofCity, chance)];
  for (const [n, date] of NEW.entries()) {
    const fresh = add('department', departments[n % departments.length]!.unit.id, instantOf(date, '07:30'));
    fresh.levels.push({ from: fresh.from, level: 3 });
  }
  return { procedures, drafts: [...procedures.map(published), ...changes] };
}

export function levelAt({ levels }: DemoProcedure, at: number): number {
  return levels.findLast(({ from }) => from <= at)?.level ?? 1;
}

export function termAt({ terms }: DemoProcedure, at: number): Term | undefined {
  return terms.findLast(({ from }) => from <= at)?.term;
}

function termFor(offeredAt: DemoProcedure['offeredAt'], serial: number, chance: Chance): Term | undefined {
  // A few have a term that nobody has entered.
  if (serial % 29 === 0) return undefined;
  if (offeredAt === 'ward') return chance.pick(WARD_TERMS);
  return { amount: chance.pick(offeredAt === 'department' ? DEPARTMENT_TERMS : DEPARTMENT_TERMS.slice(2)), unit: 'working-day' };
}

function setFirstLevels(ofCity: readonly DemoProcedure[]): void {
  const [four, three, two] = AT_FIRST;
  for (const [n, procedure] of ofCity.entries()) {
    const level = n < four ? 4 : n < four + three ? 3 : n < four + three + two ? 2 : 1;
    procedure.levels.push({ from: procedure.from, level });
  }
}

function draft<T extends Draft['type']>(type: T, { code, unit }: DemoProcedure, at: number, data: Draft<T>['data']): Draft {
  const name = type.split('.')[3]!;
  return { type, source: SOURCE, id: `${code}/${name}/${new Date(at).toISOString().slice(0, 10)}`, subject: code, unit, at, data };
}

function published(procedure: DemoProcedure): Draft {
  const { levels, terms, fee, from } = procedure;
  const term = terms.find((each) => each.from === from)?.term;
  return draft('vn.par.procedure.published.v1', procedure, from, {
    level: { scheme: '1-4', level: levels[0]?.level ?? 1 },
    ...(term ? { term } : {}),
    ...(fee === undefined ? {} : { fee }),
  });
}

function changesOf(ofCity: readonly DemoProcedure[], chance: Chance): Draft[] {
  const drafts: Draft[] = [];
  const threes = ofCity.filter(({ levels }) => levels[0]?.level === 3);
  const twos = ofCity.filter(({ levels }) => levels[0]?.level === 2);
  const raise = (procedure: DemoProcedure | undefined, at: number, level: number): void => {
    if (!procedure) return;
    procedure.levels.push({ from: at, level });
    drafts.push(draft('vn.par.procedure.level-changed.v1', procedure, at, { level: { scheme: '1-4', level } }));
  };
  for (const [date, toThree, toFour] of RAISED) {
    for (let n = 0; n < toThree; n++) raise(twos.shift(), instantOf(date, '08:00'), 3);
    for (let n = 0; n < toFour; n++) raise(threes.shift(), instantOf(date, '08:00'), 4);
  }
  // What stays at level 2 goes first.
  for (const date of ABOLISHED) {
    const procedure = twos.pop();
    if (!procedure) continue;
    procedure.to = instantOf(date, '08:00');
    drafts.push(draft('vn.par.procedure.abolished.v1', procedure, procedure.to, {}));
  }
  drafts.push(...wronglyRaised(threes[0]!));
  const kept = chance.shuffled(ofCity.filter(({ to }) => to === undefined));
  for (const [n, date] of CUTS.entries())
    for (const procedure of kept.slice(n * CUTS_EACH, (n + 1) * CUTS_EACH)) drafts.push(cut(procedure, instantOf(date, '08:00')));
  for (const procedure of kept.slice(0, 12))
    drafts.push(
      draft('vn.par.procedure.cost-assessed.v1', procedure, instantOf('2021-11-29', '09:00'), {
        before: chance.whole(20, 90) * 10_000,
        after: chance.whole(5, 19) * 10_000,
      }),
    );
  return drafts;
}

/** Entered by mistake and taken back three days later; the level never changed. */
function wronglyRaised(procedure: DemoProcedure): Draft[] {
  const wrong = draft('vn.par.procedure.level-changed.v1', procedure, instantOf('2021-09-10', '10:00'), {
    level: { scheme: '1-4', level: 4 },
  });
  const data = { source: wrong.source, id: wrong.id, reason: 'wrong-subject' as const };
  return [wrong, draft('vn.par.procedure.corrected.v1', procedure, instantOf('2021-09-13', '08:10'), data)];
}

/** Shortens a term by about a third. A term that was not known becomes known, and one of an hour cannot be cut: the same again, which is no cut. */
function cut(procedure: DemoProcedure, at: number): Draft {
  const before = termAt(procedure, at);
  const term: Term = before
    ? before.amount === 1 && before.unit === 'working-day'
      ? { amount: 8, unit: 'working-hour' }
      : { amount: Math.ceil(before.amount * 0.7), unit: before.unit }
    : { amount: 5, unit: 'working-day' };
  procedure.terms.push({ from: at, term });
  return draft('vn.par.procedure.term-cut.v1', procedure, at, { term });
}

/** 80 ISO processes at the start of the year, 30 more in it, four withdrawn and one of those issued again. */
function isoOf(ofCity: readonly DemoProcedure[], chance: Chance): Draft[] {
  const chosen = chance.shuffled(ofCity.filter(({ to }) => to === undefined));
  const issued = (procedure: DemoProcedure, date: string, clock = '08:00'): Draft =>
    draft('vn.par.procedure.iso-issued.v1', procedure, instantOf(date, clock), {});
  return [
    ...chosen.slice(0, 80).map((procedure) => issued(procedure, '2021-01-01', '00:00')),
    ...chosen.slice(80, 95).map((procedure) => issued(procedure, '2021-05-31')),
    ...chosen.slice(95, 110).map((procedure) => issued(procedure, '2021-11-22')),
    ...chosen.slice(0, 4).map((procedure) => draft('vn.par.procedure.iso-withdrawn.v1', procedure, instantOf('2021-08-16', '08:00'), {})),
    issued(chosen[0]!, '2021-12-06'),
  ];
}

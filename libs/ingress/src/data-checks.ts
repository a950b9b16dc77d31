import { firstDayOf, localDate, type Organisation, type Unit } from '@par/administration';
import { type EventData, type EventType } from '@par/contracts';
import { type Envelope, FUTURE_TOLERANCE_MS } from './envelope.ts';
import { type Refusal } from './refusal.ts';
import { dossierCodeFault } from './subject-checks.ts';

/** What the data of an event is held against beside its own schema. */
export interface Surroundings {
  unit: Unit;
  organisation: Organisation;
  now: Date;
}

type Checks = { [T in EventType]?: (data: EventData[T], surroundings: Surroundings) => Refusal | undefined };

/** What a schema cannot say: fields that must fit each other, the organisation, or the clock. */
const CHECKS: Checks = {
  'vn.par.dossier.received.v1': ({ responsible }, at) => strangerFault(responsible, 'data.responsible', at),
  'vn.par.dossier.transferred.v1': ({ to, unit }, at) => {
    if (to === 'unit' && unit === undefined) return { code: 'schema.missing-field', field: 'data.unit', text: TARGET_MISSING };
    if (to === 'authority' && unit !== undefined) return { code: 'schema.bad-value', field: 'data.unit', text: TARGET_TOO_MUCH };
    return strangerFault(unit, 'data.unit', at);
  },
  'vn.par.dossier.linked.v1': ({ to }, { unit }) => dossierCodeFault(to, 'data.to', unit),
  'vn.par.work-dossier.opened.v1': ({ supporting }, at) => strangersFault(supporting, 'data.supporting', at),
  'vn.par.document.assigned.v1': ({ lead, supporting }, at) =>
    strangerFault(lead, 'data.lead', at) ?? strangersFault(supporting, 'data.supporting', at),
  'vn.par.paper-work.declared.v1': ({ period }, at) => futureFault(period, 'data.period', at),
  'vn.par.secret-count.declared.v1': ({ period }, at) => futureFault(period, 'data.period', at),
  'vn.par.staff-standard.declared.v1': ({ staff, meeting }) => (meeting > staff ? impossible('data.meeting') : undefined),
  'vn.par.assessment.published.v1': ({ year }, at) => futureFault(String(year), 'data.year', at),
  'vn.par.ranking.published.v1': ({ year, peers, scores }, at) =>
    scores.length > peers || new Set(scores.map(({ code }) => code)).size < scores.length
      ? impossible('data.scores')
      : futureFault(String(year), 'data.year', at),
};

const TARGET_MISSING = {
  en: 'A transfer to a unit names the unit that the dossier goes to.',
  vi: 'Chuyển hồ sơ tới đơn vị thì phải nêu đơn vị nhận.',
};
const TARGET_TOO_MUCH = {
  en: 'A transfer to another authority names no unit of the city.',
  vi: 'Chuyển hồ sơ tới cơ quan ngoài thành phố thì không nêu đơn vị của thành phố.',
};

/** What is wrong with the data of an event at a unit, its schema being kept; undefined where nothing is. Pure. */
export function dataFault({ type, data }: Envelope, surroundings: Surroundings): Refusal | undefined {
  // The schema of the type was checked, so the data is of the shape that the check takes.
  const check = CHECKS[type] as ((data: unknown, surroundings: Surroundings) => Refusal | undefined) | undefined;
  return check?.(data, surroundings);
}

/** A unit named in the data must be one of the same city, of whatever date: a dossier outlives a merger. */
function strangerFault(id: string | undefined, field: string, { unit, organisation }: Surroundings): Refusal | undefined {
  if (id === undefined || organisation.unit(id)?.city === unit.city) return undefined;
  return { code: 'unit.unknown', field };
}

function strangersFault(ids: readonly string[] | undefined, field: string, at: Surroundings): Refusal | undefined {
  const index = (ids ?? []).findIndex((id) => strangerFault(id, field, at));
  return index === -1 ? undefined : { code: 'unit.unknown', field: `${field}[${index}]` };
}

/** A period of which not one day has begun in the city cannot have been counted. */
function futureFault(period: string, field: string, { unit, now }: Surroundings): Refusal | undefined {
  const first = firstDayOf(period);
  const today = localDate(new Date(now.getTime() + FUTURE_TOLERANCE_MS), unit.timeZone);
  return first !== undefined && first > today ? { code: 'time.in-the-future', field } : undefined;
}

function impossible(field: string): Refusal {
  return { code: 'declaration.impossible-count', field };
}

import { hueOrganisation, Organisation, type Unit, type UnitEvent } from '@par/administration';
import { type Channel, type Medium, type ProducerEvent } from '@par/contracts';
import { DAY, event, instant, pick, WORKFLOW } from './made-up-event.ts';
import { madeUpMatters } from './made-up-matters.ts';
import { madeUpRecords } from './made-up-records.ts';

/**
 * A made-up day at Huế's one-stop offices, Monday 5 July 2021, so that a first start shows figures that move. Every dossier, time and
 * code in it is invented; the units are real. It is the same on every run, and goes through the front doors like any other event.
 */

/** Events that one connection brings: over the dedicated network, or over the Internet. */
export interface MadeUpDay {
  tslcd: ProducerEvent[];
  internet: ProducerEvent[];
  /** What the city's desks declare. */
  records: ProducerEvent[];
  /** Dossiers with a result, which a figure counts: what to wait for. */
  finished: number;
}

const DOSSIERS = 56;
const ONE_STOP = 'urn:par:made-up-day:one-stop';

/** Invented: in July 2021 these communes had just joined the city, so here their lines are not accepted yet. */
const NOT_CONNECTED = new Set([
  'hue-19999-hai-duong',
  'hue-20002-huong-phong',
  'hue-20032-huong-tho',
  'hue-19981-thuy-bang',
  'hue-19906-phu-duong',
]);

interface Procedure {
  code: string;
  level: number;
  /** Hours from receipt to the appointment. */
  hours: number;
  steps: readonly string[];
}

const CERTIFY: Procedure = { code: '2.000815', level: 2, hours: 2, steps: ['Kiểm tra hồ sơ', 'Ký chứng thực'] };
const MARRIAGE: Procedure = { code: '1.000894', level: 3, hours: 6, steps: ['Kiểm tra hồ sơ', 'Xác minh', 'Trình ký'] };
const BIRTH: Procedure = { code: '1.001193', level: 4, hours: 4, steps: ['Kiểm tra hồ sơ', 'Trình ký'] };
const BUSINESS: Procedure = { code: '1.001612', level: 4, hours: 72, steps: ['Kiểm tra hồ sơ', 'Thẩm định', 'Trình ký'] };
const BUILDING: Procedure = { code: '1.009994', level: 3, hours: 360, steps: ['Kiểm tra hồ sơ', 'Thẩm định thực địa', 'Trình ký'] };
const AT_WARDS = [CERTIFY, BIRTH, CERTIFY, MARRIAGE, BIRTH];
const AT_DEPARTMENTS = [BUSINESS, BUILDING, BIRTH];
const CHANNELS: readonly Channel[] = ['online', 'counter', 'online', 'counter', 'post', 'online', 'counter'];

/** The day, with the organisation that is in force on it. */
export function madeUpDay(organisation: Organisation = organisationOfHue()): MadeUpDay {
  const agencies = organisation.inForce(DAY).filter(({ agency }) => agency);
  const byId = [...agencies].sort((a, b) => (a.id < b.id ? -1 : 1));
  const departments = byId.filter(({ kind }) => kind === 'department');
  const communes = byId.filter(({ kind }) => kind !== 'department');
  const day: MadeUpDay = {
    tslcd: [...byId.flatMap(connectionOf), ...madeUpMatters(departments)],
    internet: [],
    records: madeUpRecords(byId),
    finished: 0,
  };
  for (let n = 0; n < DOSSIERS; n++) {
    // Two of three dossiers come in at a ward or commune; the steps of 5 and 7 go through all units without a pattern that shows.
    const atDepartment = n % 3 === 2;
    const unit = atDepartment ? pick(departments, n * 5) : pick(communes, n * 7);
    const dossier = dossierOf(
      n,
      unit,
      atDepartment ? pick(AT_DEPARTMENTS, Math.floor(n / 3)) : pick(AT_WARDS, n),
      codeOf(n, unit, communes),
    );
    const overInternet = NOT_CONNECTED.has(unit.id) || n % 9 === 4;
    day[overInternet ? 'internet' : 'tslcd'].push(...dossier);
    if (dossier.some(({ type }) => type === 'vn.par.dossier.result-ready.v1')) day.finished++;
  }
  return day;
}

/** Huế's organisation as the front door will have stamped its events. */
function organisationOfHue(): Organisation {
  return Organisation.fold(
    hueOrganisation().map((event) => ({ datacontenttype: 'application/json', received: event.time, ...event }) as UnitEvent),
  );
}

function connectionOf(unit: Unit, index: number): ProducerEvent[] {
  if (NOT_CONNECTED.has(unit.id)) return [];
  const type = 'vn.par.network.connection-accepted.v1';
  return [
    event({
      source: ONE_STOP,
      id: `${unit.id}/connection-accepted`,
      type,
      subject: unit.id,
      minute: 0,
      unit,
      data: { record: `${index + 1}/BB-TSLCD` },
    }),
  ];
}

/** Form of Circular 01/2018 art. 19; the identifiers are invented: 000 for the city's one-stop office, then one per commune. */
function codeOf(n: number, unit: Unit, communes: readonly Unit[]): string {
  const office = String(communes.indexOf(unit) + 1).padStart(3, '0');
  return `${office}.00.33.H57-${DAY.slice(2).replaceAll('-', '')}-${String(n + 1).padStart(4, '0')}`;
}

function dossierOf(n: number, unit: Unit, procedure: Procedure, subject: string): ProducerEvent[] {
  const received = 30 + n * 6;
  const isLate = n % 5 === 1 && procedure.hours <= 4;
  // Work that takes longer than the day is still open at its end; so are a few that wait for somebody.
  const due = received + procedure.hours * 60;
  const ready = isLate ? due + 25 : received + Math.min(procedure.hours * 40, 45 + (n % 5) * 20);
  const isOpen = procedure === BUILDING || n % 13 === 12 || (ready > 10 * 60 && !isLate);
  const channel = pick(CHANNELS, n);
  const events: ProducerEvent[] = [
    event({
      source: ONE_STOP,
      id: `${subject}/received`,
      type: 'vn.par.dossier.received.v1',
      subject,
      minute: received,
      unit,
      data: { channel, due: instant(due), procedure: procedure.code, onlineLevel: procedure.level },
    }),
  ];
  const steps = isOpen ? procedure.steps.slice(0, 1) : procedure.steps;
  steps.forEach((step, i) => {
    const medium: Medium = n % 7 === 3 && i === steps.length - 1 && !isOpen ? 'paper' : 'network';
    const minute = received + Math.floor(((ready - received) * (i + 1)) / (steps.length + 1));
    events.push(
      event({
        source: WORKFLOW,
        id: `${subject}/step-${i + 1}`,
        type: 'vn.par.work-dossier.step-taken.v1',
        subject,
        minute,
        unit,
        data: { step: medium === 'paper' ? `${step} (bản giấy)` : step, medium },
      }),
    );
  });
  if (isOpen) return events;
  const returnedBy: Channel = channel === 'online' && n % 2 === 0 ? 'online' : channel === 'post' ? 'post' : 'counter';
  return [
    ...events,
    event({
      source: WORKFLOW,
      id: `${subject}/completed`,
      type: 'vn.par.work-dossier.completed.v1',
      subject,
      minute: ready - 2,
      unit,
      data: {},
    }),
    event({
      source: ONE_STOP,
      id: `${subject}/result-ready`,
      type: 'vn.par.dossier.result-ready.v1',
      subject,
      minute: ready,
      unit,
      data: {},
    }),
    event({
      source: ONE_STOP,
      id: `${subject}/returned`,
      type: 'vn.par.dossier.returned.v1',
      subject,
      minute: ready + 10,
      unit,
      data: { channel: returnedBy },
    }),
  ];
}

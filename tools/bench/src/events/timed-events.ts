import { hueOrganisation, Organisation, type UnitEvent } from '@par/administration';
import type { ProducerEvent } from '@par/contracts';

/** From this month on every unit of the new boundaries is in force. */
const FIRST_MONTH = { year: 2021, month: 8 };
const MONTHS = 60;

/**
 * Events of which each moves a figure of its own, so that its way can be timed: alternately the receipt of a dossier (intake → scoring) and the completion
 * of another matter's work dossier (workflow's door → workflow's judgement → scoring). They go round all offices and 60 months, so that two events of
 * one figure are seconds apart.
 */
export function timedEvents(count: number): ProducerEvent[] {
  const offices = officesOfHue();
  return Array.from({ length: count }, (_, index) => {
    // Both kinds go round all places; of one kind, every second index.
    const turn = Math.floor(index / 2);
    const office = turn % offices.length;
    return index % 2 === 0
      ? receipt(offices[office]!, office, turn, placeInTime(turn, offices.length))
      : completion(offices[office]!, turn, placeInTime(turn, offices.length));
  });
}

function receipt(unit: string, office: number, turn: number, day: string): ProducerEvent {
  const subject = `${String(office).padStart(3, '0')}.77.33.H57-${day.slice(2).replaceAll('-', '')}-${String(turn).padStart(4, '0')}`;
  return {
    ...stamps(unit, day),
    id: `${subject}/received`,
    source: `urn:par:bench:one-stop:${unit}`,
    type: 'vn.par.dossier.received.v1',
    subject,
    data: { channel: turn % 2 === 0 ? 'online' : 'counter', due: `${day}T16:30:00+07:00`, onlineLevel: 3 },
  };
}

function completion(unit: string, turn: number, day: string): ProducerEvent {
  const subject = `HSCV-${unit}-${String(turn).padStart(6, '0')}`;
  return {
    ...stamps(unit, day),
    id: `${subject}/completed`,
    source: `urn:par:bench:workflow:${unit}`,
    type: 'vn.par.work-dossier.completed.v1',
    subject,
    data: {},
  };
}

function stamps(unit: string, day: string) {
  const [time, sent] = [`${day}T09:30:00+07:00`, `${day}T09:30:05+07:00`];
  return { specversion: '1.0', unit, time, sent, datacontenttype: 'application/json' } as const;
}

/** A day of the month that comes after as many rounds of the offices; the day itself does not matter to any figure. */
function placeInTime(turn: number, offices: number): string {
  const months = FIRST_MONTH.month - 1 + (Math.floor(turn / offices) % MONTHS);
  const month = `${FIRST_MONTH.year + Math.floor(months / 12)}-${String((months % 12) + 1).padStart(2, '0')}`;
  return `${month}-${String(1 + (turn % 27)).padStart(2, '0')}`;
}

/** Departments, wards and communes that are in force for good. */
function officesOfHue(): string[] {
  const events = hueOrganisation().map((event) => ({ datacontenttype: 'application/json', received: event.time, ...event }) as UnitEvent);
  return Organisation.fold(events)
    .units()
    .filter(({ kind, validTo }) => validTo === undefined && ['department', 'ward', 'commune'].includes(kind))
    .map(({ id }) => id)
    .sort();
}

import { type EventData, type EventType, type ProducerEvent, type UnitKind } from '@par/contracts';
import { IndependentFigures } from './independent-figures.ts';

/** A small made-up city for cases whose answers are worked out by hand: two departments, three wards of which one is merged, and others. */

const UNITS: [id: string, kind: UnitKind, agency: boolean, code?: string][] = [
  ['d1', 'department', true],
  ['d2', 'department', true],
  ['w1', 'ward', true],
  ['w2', 'ward', true, '19756'],
  ['w3', 'ward', true, '19771'],
  ['one-stop', 'public-service-unit', false],
  ['school', 'school', false],
  ['land', 'provincial-body', false],
];

/** `03-01` and `08:30` on Huế's clocks in 2021; a date of another year is written out. */
export function at(date: string, clock = '08:00'): string {
  return `${date.length === 5 ? `2021-${date}` : date}T${clock}:00+07:00`;
}

export interface Extra {
  unit?: string;
  id?: string;
  source?: string;
  sent?: string;
}

let serial = 0;

/** An event of the small city, from ward `w1` where not said. */
export function event<T extends EventType>(type: T, subject: string, time: string, data: EventData[T], extra: Extra = {}): ProducerEvent {
  serial += 1;
  return { specversion: '1.0', source: 'urn:case', id: `e${serial}`, type, subject, time, unit: 'w1', data, ...extra };
}

/** The units of the small city; `w3` becomes part of `w2` on 1 July. */
export function cityEvents(): ProducerEvent[] {
  const from = at('01-01', '00:00');
  const opened = (id: string, kind: UnitKind, agency: boolean, code?: string): ProducerEvent =>
    event(
      'vn.par.unit.opened.v1',
      id,
      from,
      {
        name: id,
        kind,
        agency,
        validFrom: '2021-01-01',
        ...(code === undefined ? {} : { code }),
        ...(kind === 'city' ? { timeZone: 'Asia/Ho_Chi_Minh' } : { parent: 'city' }),
      },
      { unit: id },
    );
  return [
    opened('city', 'city', false, '474'),
    ...UNITS.map((unit) => opened(...unit)),
    event('vn.par.unit.merged.v1', 'w3', at('07-01', '00:00'), { into: 'w2', from: '2021-07-01' }, { unit: 'w3' }),
  ];
}

export function figuresOf(...events: ProducerEvent[]): IndependentFigures {
  return new IndependentFigures([...cityEvents(), ...events]);
}

/** `numerator/denominator` of a figure, or `none`. */
export function figure(figures: IndependentFigures, indicator: string, rule: string, unit = 'city', period = '2021'): string {
  const row = figures.rows(period).find((each) => each.indicator === indicator && each.rule === rule && each.unit === unit);
  return row ? `${row.numerator}/${row.denominator}` : 'none';
}

/** One dossier told in a few words: each step a type without its ends, a time, and what else there is to say. */
export function dossier(
  code: string,
  ...steps: [step: string, time: string, data?: Record<string, unknown>, extra?: Extra][]
): ProducerEvent[] {
  return steps.map(([step, time, data = {}, extra = {}]) =>
    event(`vn.par.dossier.${step}.v1` as EventType, code, time, data as EventData[EventType], extra),
  );
}

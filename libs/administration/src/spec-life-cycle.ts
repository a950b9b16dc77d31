import {
  CHANNELS,
  CORRECTION_REASONS,
  EXTENSION_REASONS,
  GRADES,
  INTAKE_REFUSAL_REASONS,
  LINK_RELATIONS,
  PAUSE_REASONS,
  REFUSAL_REASONS,
} from '@par/contracts';
import fc from 'fast-check';
import { type DueBasis } from './due-date.ts';
import { type DossierEvent, type DossierEventOf, type DossierEventType } from './life-cycle-shape.ts';
import { CalendarYearMissing } from './working-calendar.ts';

type Short = DossierEventType extends `vn.par.dossier.${infer Name}.v1` ? Name : never;
type DataOf<S extends Short> = DossierEventOf<`vn.par.dossier.${S}.v1`>['data'];

export interface About {
  id?: string;
  source?: string;
  unit?: string;
  sent?: string;
}

/** `05T08` is 8 o'clock in UTC on 5 July 2021; `05T08:30` half past; a longer text is an instant as it stands. */
export function instant(short: string): string {
  if (short.length > 8) return short;
  return `2021-07-${short.length === 5 ? `${short}:00` : short}:00.000Z`;
}

/** An event of a dossier as a front door stamps it. Its id is its name and time, where none is given. */
export function told<S extends Short>(name: S, at: string, ...[data, about]: [data?: DataOf<S>, about?: About]): DossierEvent {
  return {
    source: about?.source ?? 'urn:one-stop',
    id: about?.id ?? `${name}@${at}`,
    type: `vn.par.dossier.${name}.v1`,
    unit: about?.unit ?? 'hue-ward-a',
    time: instant(at),
    ...(about?.sent === undefined ? {} : { sent: instant(about.sent) }),
    received: '2021-08-01T00:00:00.000Z',
    data: data ?? {},
  } as DossierEvent;
}

export function reported(code: string, at: string, about: About & { due?: string } = {}): DossierEvent {
  return told('state-reported', at, { code, ...(about.due === undefined ? {} : { due: instant(about.due) }) }, about);
}

export function takeBack(target: string, at: string, about: About = {}): DossierEvent {
  return told('corrected', at, { source: 'urn:one-stop', id: target, reason: 'entered-by-mistake' }, about);
}

/** A small grid of times, so that ties, gaps and every order occur. */
const time = fc.integer({ min: 0, max: 40 }).map((step) => new Date(Date.UTC(2021, 6, 1) + step * 5 * 3_600_000).toISOString());
const anyInstant = fc.oneof(
  { weight: 8, arbitrary: time },
  { weight: 1, arbitrary: fc.constantFrom('2021-07-05T08:00:00+07:00', '9999-12-31T23:59:59-12:00', '0000-01-01T00:00:00+14:00') },
);
const due = fc.option(anyInstant, { nil: undefined });
const ids = fc.integer({ min: 0, max: 24 }).map((n) => `e${n}`);
const sources = fc.constantFrom('urn:a', 'urn:b');

function data(of: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<object> {
  return fc.record(of).map((all) => Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)));
}

const optional = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(of, { nil: undefined });
const channel = fc.constantFrom(...CHANNELS);
const correction = data({ source: sources, id: ids, reason: fc.constantFrom(...CORRECTION_REASONS) });

/** Data of every type that its schema takes. */
export const ANY_DATA: Record<Short, fc.Arbitrary<object>> = {
  registered: data({ channel, procedure: optional(fc.constantFrom('1.005129', 'p')) }),
  received: data({
    channel,
    due,
    procedure: optional(fc.constantFrom('1.005129', 'p')),
    onlineLevel: optional(fc.integer({ min: 1, max: 4 })),
    responsible: optional(fc.constantFrom('hue-land', 'hue-ward-b')),
  }),
  'intake-refused': data({ reason: fc.constantFrom(...INTAKE_REFUSAL_REASONS) }),
  'supplement-requested': data({}),
  supplemented: data({ due }),
  transferred: data({ to: fc.constantFrom('unit', 'authority'), unit: optional(fc.constant('hue-ward-b')) }),
  'fee-requested': data({}),
  'fee-paid': data({ channel }),
  paused: data({ reason: fc.constantFrom(...PAUSE_REASONS) }),
  resumed: data({ due }),
  extended: data({ due: anyInstant, reason: fc.constantFrom(...EXTENSION_REASONS) }),
  'result-ready': data({}),
  returned: data({ channel: optional(channel), electronic: optional(fc.boolean()) }),
  refused: data({ reason: fc.constantFrom(...REFUSAL_REASONS) }),
  withdrawn: data({}),
  rated: data({
    questionSet: fc.constantFrom('q', 'r'),
    answers: fc.array(fc.record({ question: fc.constantFrom('q1', 'q2'), grade: fc.constantFrom(...GRADES) }), {
      minLength: 1,
      maxLength: 3,
    }),
  }),
  linked: data({ to: fc.constantFrom('H57-210705-0001', 'x'), relation: fc.constantFrom(...LINK_RELATIONS) }),
  'state-reported': data({
    code: fc.oneof(
      fc.integer({ min: 1, max: 10 }).map(String),
      fc.constantFrom('0', '02', '11', 'X', 'toString'),
      fc.stringMatching(/^[0-9A-Za-z]{1,8}$/),
    ),
    due,
  }),
  corrected: correction,
};

const anyEvent: fc.Arbitrary<DossierEvent> = fc
  .constantFrom(...(Object.keys(ANY_DATA) as Short[]), 'corrected' as const, 'corrected' as const)
  .chain((name) =>
    fc
      .record({
        source: sources,
        id: ids,
        unit: fc.constantFrom('hue-ward-a', 'hue-ward-b'),
        time,
        sent: optional(time),
        data: ANY_DATA[name],
      })
      .map(({ sent, ...event }) => ({
        ...event,
        ...(sent === undefined ? {} : { sent }),
        type: `vn.par.dossier.${name}.v1`,
        received: '2021-08-01T00:00:00.000Z',
      })),
  ) as fc.Arbitrary<DossierEvent>;

/** Sets of events of one dossier that a front door could have taken: each identity has one content. Corrections often hit, and hit each other. */
export const anyLife: fc.Arbitrary<DossierEvent[]> = fc.uniqueArray(anyEvent, {
  selector: ({ source, id }) => `${source} ${id}`,
  maxLength: 20,
});

/** Terms that end after so many days and nights, all in 2021. */
export const PLAIN_DUES: DueBasis = {
  termAt: (procedure) => (procedure === 'p' ? { amount: 5, unit: 'working-day' } : undefined),
  calendar: {
    addTerm: (from, { amount }) => {
      const end = new Date(from.getTime() + amount * 86_400_000);
      if (end.getUTCFullYear() !== 2021) throw new CalendarYearMissing(end.getUTCFullYear());
      return end;
    },
  },
};

import { describe, expect, it } from '@jest/globals';
import { hueOrganisation, Organisation, ProcedureCatalogue, type UnitEvent, vietnamCalendar } from '@par/administration';
import { type Basis } from './basis.ts';
import { contributionsOf, foldSubject } from './contributions.ts';
import { type KeptEvent } from './kept-event.ts';
import { loadPlans } from './plan.ts';
import { isKnownRule } from './rules.ts';

const organisation = Organisation.fold(
  hueOrganisation().map((event) => ({ ...event, received: '2021-01-01T00:00:00.000Z' })) as unknown as UnitEvent[],
);
const basis: Basis = {
  plan: loadPlans(['hue-2021'], isKnownRule),
  organisation,
  catalogue: ProcedureCatalogue.of([]),
  calendar: vietnamCalendar(),
};
const CODE = 'H57.132-210705-0001';

/** `05T08` is 08:00 on 5 July 2021 in Huế. */
const at = (text: string): string => new Date(`2021-07-${text}:00:00+07:00`).toISOString();
type Told = [name: string, time: string, data?: object, sent?: string];

function eventsOf(told: readonly Told[]): KeptEvent[] {
  return told.map(([name, time, data = {}, sent], n) => ({
    source: 'urn:spec',
    id: `e${n}`,
    type: `vn.par.${name}.v1`,
    time: at(time),
    ...(sent === undefined ? {} : { sent: at(sent) }),
    unit: 'hue-phong-noi-vu',
    received: at(time),
    network: 'tslcd',
    data,
  })) as KeptEvent[];
}

/** What each rule says: 1 on time, 0 late, and nothing where the dossier is not in its denominator. */
function said(told: readonly Told[], indicator = 'G1-ONTIME'): Record<string, number> {
  const folded = foldSubject(`case:${CODE}`, eventsOf(told), basis);
  return Object.fromEntries(
    contributionsOf(folded, basis)
      .filter((contribution) => contribution.indicator === indicator)
      .map(({ rule, numerator }) => [rule, numerator]),
  );
}

const received: Told = ['dossier.received', '05T08', { channel: 'counter', due: at('09T08') }];
const ready = (time: string, sent?: string): Told => ['dossier.result-ready', time, {}, sent];
const all = (value: number, other: Record<string, number> = {}): Record<string, number> => ({
  ...Object.fromEntries(
    ['ii-06a', 'due-date', 'by-date', 'first-appointment', 'opencps', 'qd-766', 'as-sent', 'without-sync-faults'].map((rule) => [
      rule,
      value,
    ]),
  ),
  ...other,
});

/** The situations of domain 2.8 in which the official rules disagree, on one dossier each. */
describe('the rules of "on time", side by side', () => {
  it.each<[string, Told[], Record<string, number>]>([
    ['finished before the due instant', [received, ready('08T10')], all(1)],
    ['finished at the due instant', [received, ready('09T08')], all(1)],
    ['finished an hour after it, on the same day', [received, ready('09T09')], all(0, { 'by-date': 1 })],
    ['finished the day after', [received, ready('10T08')], all(0)],
    ['returned, and nobody said that it was ready', [received, ['dossier.returned', '08T10', { channel: 'counter' }]], all(1)],
    ['ready in time and fetched late', [received, ready('09T07'), ['dossier.returned', '15T10', { channel: 'counter' }]], all(1)],
    ['still in process', [received], {}],
    ['no due date at all', [['dossier.received', '05T08', { channel: 'post' }], ready('30T08')], {}],
    ['waiting for a supplement', [received, ['dossier.supplement-requested', '06T08']], { 'ii-06a': 1, 'qd-766': 1 }],
    ['withdrawn after the due date', [received, ['dossier.withdrawn', '12T08']], { 'ii-06a': 1, 'qd-766': 0 }],
    [
      'refused within the term',
      [received, ['dossier.refused', '08T08', { reason: 'conditions-not-met' }]],
      { 'ii-06a': 1, 'due-date': 1, 'by-date': 1, 'first-appointment': 1, 'as-sent': 1, 'without-sync-faults': 1, 'qd-766': 1 },
    ],
    [
      'refused after it: form II.06a counts it on time all the same',
      [received, ['dossier.refused', '12T08', { reason: 'conditions-not-met' }]],
      { 'ii-06a': 1, 'due-date': 0, 'by-date': 0, 'first-appointment': 0, 'as-sent': 0, 'without-sync-faults': 0, 'qd-766': 0 },
    ],
    [
      'extended once and kept',
      [received, ['dossier.extended', '07T08', { due: at('14T08'), reason: 'workload' }], ready('13T08')],
      all(1, { 'first-appointment': 0, 'qd-766': 0 }),
    ],
    [
      'extended twice: the second changes nothing',
      [
        received,
        ['dossier.extended', '07T08', { due: at('14T08'), reason: 'workload' }],
        ['dossier.extended', '13T08', { due: at('21T08'), reason: 'workload' }],
        ready('20T08'),
      ],
      all(0),
    ],
    [
      'supplemented with a new date and kept',
      [received, ['dossier.supplement-requested', '06T08'], ['dossier.supplemented', '12T08', { due: at('16T08') }], ready('15T08')],
      all(1, { 'first-appointment': 0 }),
    ],
    [
      'asked for supplements twice: late by Decision 766 alone',
      [
        received,
        ['dossier.supplement-requested', '05T09'],
        ['dossier.supplemented', '05T10', { due: at('09T08') }],
        ['dossier.supplement-requested', '05T14'],
        ['dossier.supplemented', '05T15', { due: at('09T08') }],
        ready('06T08'),
      ],
      all(1, { 'qd-766': 0 }),
    ],
    [
      'paused for the tax office, which puts the due date off by as long',
      [received, ['dossier.paused', '06T08', { reason: 'tax' }], ['dossier.resumed', '08T08'], ready('11T08')],
      all(1, { 'first-appointment': 0 }),
    ],
    ['paused and not resumed: an end by Decision 766', [received, ['dossier.paused', '06T08', { reason: 'tax' }]], { 'qd-766': 1 }],
    ['finished in time, sent too late', [received, ready('08T10', '12T08')], all(1, { 'as-sent': 0 })],
    ['a source clock that is days ahead', [received, ready('12T08', '08T08')], all(0, { 'as-sent': 1, 'without-sync-faults': 1 })],
  ])('%s', (_name, told, expected) => {
    expect(said(told)).toEqual(expected);
  });
});

describe('whose fault lateness is', () => {
  const classOf = (told: readonly Told[]): string[] =>
    Object.entries(said(told, 'G1-LATE'))
      .filter(([, numerator]) => numerator === 1)
      .map(([rule]) => rule);

  it.each<[string, Told[], string]>([
    ['nothing excuses it', [received, ready('12T08', '12T08')], 'office'],
    ['it was in time and told late', [received, ready('08T08', '12T08')], 'message-late'],
    ['it says that it happened after it was sent', [received, ready('12T08', '08T08')], 'source-clock'],
    [
      'its work was done in time and it was stamped when sent',
      [received, ready('12T08', '12T08'), ['work-dossier.completed', '08T08']],
      'message-late',
    ],
    [
      'it waited for a fee that the appointment told with the resumption does not allow for',
      [received, ['dossier.paused', '06T08', { reason: 'tax' }], ['dossier.resumed', '09T07', { due: at('09T08') }], ready('11T08')],
      'waiting',
    ],
  ])('%s', (_name, told, expected) => {
    expect(classOf(told)).toEqual([expected]);
  });

  it('is not asked of a dossier that was in time by every clock', () => {
    expect(said([received, ready('08T08', '08T09')], 'G1-LATE')).toEqual({});
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Due, duesOf } from './due-date.ts';
import { foldLifeCycle } from './life-cycle.ts';
import { type DossierEvent } from './life-cycle-shape.ts';
import { anyLife, instant, PLAIN_DUES, reported, told } from './spec-life-cycle.ts';
import { vietnamCalendar } from './working-calendar.ts';

const HOUR = 3_600_000;
/** `p` has a term of five days and nights; the slip says the 11th; nothing is known of `1.005129`. */
const onTerm = told('received', '01T01', { channel: 'online', procedure: 'p' });
const onSlip = told('received', '01T01', { channel: 'online', due: instant('11T01'), procedure: '1.005129' });
const onBoth = told('received', '01T01', { channel: 'online', due: instant('11T01'), procedure: 'p' });
const open = told('received', '01T01', { channel: 'online' });
const asked = told('supplement-requested', '02T01');
const came = (at: string, due?: string) => told('supplemented', at, due === undefined ? {} : { due: instant(due) });
const paused = (at: string) => told('paused', at, { reason: 'other-body' });
const resumed = (at: string, due?: string) => told('resumed', at, due === undefined ? {} : { due: instant(due) });
const billed = told('fee-requested', '02T01');
const paid = told('fee-paid', '04T01', { channel: 'online' });
const apology = (at: string, due: string, id = `extended@${at}`) => told('extended', at, { due: instant(due), reason: 'workload' }, { id });

const dues = (...events: DossierEvent[]) => duesOf(foldLifeCycle(events), PLAIN_DUES);
const brief = (due: Due | undefined) => due && [due.at.slice(8, 16), due.basis, due.set];

describe('the due in force', () => {
  it.each<[string, DossierEvent[], string[] | undefined]>([
    ['no receipt', [told('result-ready', '02T01')], undefined],
    ['left open', [open], undefined],
    ['left open, of a procedure without a term', [told('received', '01T01', { channel: 'online', procedure: '1.005129' })], undefined],
    ['told at receipt', [onSlip], ['11T01:00', 'told', 'receipt']],
    ['told where the term is known too', [onBoth], ['11T01:00', 'told', 'receipt']],
    ['told with a reported state', [reported('2', '01T01', { due: '09T01' })], ['09T01:00', 'told', 'receipt']],
    ['from the term', [onTerm], ['06T01:00', 'computed', 'receipt']],
    ['while a supplement is awaited', [onTerm, asked], ['06T01:00', 'computed', 'receipt']],
    ['from zero when supplemented', [onTerm, asked, came('04T01')], ['09T01:00', 'computed', 'supplement']],
    ['from zero even where the slip told the first', [onBoth, asked, came('04T01')], ['09T01:00', 'computed', 'supplement']],
    ['told with the supplement', [onBoth, asked, came('04T01', '15T01')], ['15T01:00', 'told', 'supplement']],
    [
      'told with the supplement by the second of two tellings',
      [onBoth, asked, came('04T01'), told('supplemented', '04T01', { due: instant('15T01') }, { id: 'z' })],
      ['15T01:00', 'told', 'supplement'],
    ],
    ['put off by the time waited for the supplement', [onSlip, asked, came('04T01')], ['13T01:00', 'put-off', 'supplement']],
    [
      'put off, though the wait began late',
      [onSlip, told('supplement-requested', '12T01'), came('14T01')],
      ['13T01:00', 'put-off', 'supplement'],
    ],
    ['as it was where nobody had asked', [onSlip, came('04T01')], ['11T01:00', 'told', 'receipt']],
    ['still none where none was known', [open, asked, came('04T01')], undefined],
    ['told by the supplement for the first time', [open, asked, came('04T01', '15T01')], ['15T01:00', 'told', 'supplement']],
    ['put off by a pause', [onSlip, paused('03T01'), resumed('05T01')], ['13T01:00', 'put-off', 'resumption']],
    [
      'put off by each pause',
      [onSlip, paused('03T01'), resumed('05T01'), paused('06T01'), resumed('07T01')],
      ['14T01:00', 'put-off', 'resumption'],
    ],
    ['told when it was resumed', [onSlip, paused('03T01'), resumed('05T01', '12T01')], ['12T01:00', 'told', 'resumption']],
    ['put off by a pause that began when it was late', [onSlip, paused('12T01'), resumed('14T01')], ['13T01:00', 'put-off', 'resumption']],
    [
      'put off by no more than what was stopped after the receipt',
      [told('paused', '01T00', { reason: 'tax' }), onSlip, resumed('02T01')],
      ['12T01:00', 'put-off', 'resumption'],
    ],
    ['not put off while the pause lasts', [onSlip, paused('03T01')], ['11T01:00', 'told', 'receipt']],
    [
      'not put off by a pause that the end closed',
      [onSlip, paused('03T01'), told('result-ready', '05T01')],
      ['11T01:00', 'told', 'receipt'],
    ],
    ['as it was where nothing was paused', [onSlip, resumed('05T01')], ['11T01:00', 'told', 'receipt']],
    ['put off until the fee was paid', [onSlip, billed, paid], ['13T01:00', 'put-off', 'resumption']],
    ['as it was where a fee was paid unasked', [onSlip, paid], ['11T01:00', 'told', 'receipt']],
    ['extended', [onSlip, apology('05T01', '18T01')], ['18T01:00', 'told', 'extension']],
    ['extended once only', [onSlip, apology('05T01', '18T01'), apology('06T01', '25T01')], ['18T01:00', 'told', 'extension']],
    [
      'extended, then put off',
      [onSlip, apology('05T01', '18T01'), paused('06T01'), resumed('07T01')],
      ['19T01:00', 'put-off', 'resumption'],
    ],
    [
      'extended after it had been put off',
      [onSlip, paused('03T01'), resumed('05T01'), apology('06T01', '18T01')],
      ['18T01:00', 'told', 'extension'],
    ],
    ['extended, the receipt not known', [apology('05T01', '18T01')], ['18T01:00', 'told', 'extension']],
    [
      'not moved by what came after the end',
      [onSlip, told('result-ready', '05T01'), apology('06T01', '18T01'), came('07T01', '20T01')],
      ['11T01:00', 'told', 'receipt'],
    ],
    [
      'not moved by what came before the receipt',
      [told('supplement-requested', '01T00'), told('supplemented', '01T00:30', { due: instant('25T01') }), onSlip],
      ['11T01:00', 'told', 'receipt'],
    ],
    [
      'moved by what happened at the instant of the end',
      [onSlip, paused('03T01'), resumed('05T01'), told('result-ready', '05T01')],
      ['13T01:00', 'put-off', 'resumption'],
    ],
  ])('%s', (_, events, expected) => {
    expect(brief(dues(...events).inForce)).toEqual(expected);
  });

  it('keeps the first due beside it', () => {
    expect(brief(dues(onTerm, asked, came('04T01'), apology('05T01', '18T01')).first)).toEqual(['06T01:00', 'computed', 'receipt']);
    expect(dues(open, asked, came('04T01', '15T01')).first).toBeUndefined();
  });

  it('names the due that the apology replaced', () => {
    expect(brief(dues(onSlip, paused('03T01'), resumed('05T01'), apology('06T01', '18T01')).beforeExtension)).toEqual([
      '13T01:00',
      'put-off',
      'resumption',
    ]);
  });

  it('is what was told where there is no catalogue', () => {
    expect(duesOf(foldLifeCycle([onTerm])).inForce).toBeUndefined();
    expect(brief(duesOf(foldLifeCycle([onBoth, asked, came('04T01')])).inForce)).toEqual(['13T01:00', 'put-off', 'supplement']);
  });

  it('is not computed for a year that the calendar does not have', () => {
    const life = foldLifeCycle([told('received', '2022-01-05T01:00:00.000Z', { channel: 'post', procedure: 'p' })]);
    expect(duesOf(life, PLAIN_DUES)).toEqual({ allowedMs: 0 });
  });

  it('falls at the hour of receipt by the shipped calendar, and on no day beyond it', () => {
    const by = (at: string) =>
      duesOf(foldLifeCycle([told('received', at, { channel: 'post', procedure: 'p' })]), { ...PLAIN_DUES, calendar: vietnamCalendar() })
        .first;
    // Friday 30/04 and Monday 03/05/2021 are holidays: five working days after Wednesday 28/04 is Friday 07/05.
    expect(by('2021-04-28T01:30:00.000Z')).toEqual({ at: '2021-05-07T01:30:00.000Z', basis: 'computed', set: 'receipt' });
    expect(by('2011-04-28T01:30:00.000Z')).toBeUndefined();
  });

  it('asks for the term at receipt and the hours of the unit that has to settle it', () => {
    const asked: unknown[] = [];
    const life = foldLifeCycle([
      told('received', '01T01', { channel: 'post', procedure: 'p', responsible: 'hue-land' }),
      told('supplement-requested', '02T01'),
      told('supplemented', '03T01'),
    ]);
    duesOf(life, {
      termAt: (procedure, at) => (asked.push([procedure, at]), { amount: 2, unit: 'working-hour' }),
      calendar: { addTerm: (from, term, options) => (asked.push([from.toISOString(), term.amount, options]), from) },
    });
    expect(asked).toEqual([
      ['p', instant('01T01')],
      [instant('01T01'), 2, { office: 'hue-land' }],
      [instant('03T01'), 2, { office: 'hue-land' }],
    ]);
  });
});

describe('the waiting that a due allows for', () => {
  it.each<[string, DossierEvent[], number]>([
    ['none where nothing was waited for', [onSlip], 0],
    ['none while the wait lasts', [onSlip, paused('03T01')], 0],
    ['all of it where it was put off', [onSlip, paused('03T01'), resumed('05T01')], 48],
    ['all of it where the term began from zero', [onTerm, asked, came('04T01')], 48],
    ['none where the same due was told again', [onSlip, paused('03T01'), resumed('05T01', '11T01')], 0],
    ['as much as the told due moved', [onSlip, paused('03T01'), resumed('05T01', '12T01')], 24],
    ['no more than was waited', [onSlip, paused('03T01'), resumed('05T01', '30T01')], 48],
    ['all of it where a due was told afterwards for the first time', [open, asked, came('04T01', '15T01')], 48],
    ['all that was waited before an apology', [onSlip, paused('03T01'), resumed('05T01', '11T01'), apology('06T01', '18T01')], 48],
  ])('%s', (_, events, hours) => {
    expect(dues(...events).allowedMs).toBe(hours * HOUR);
  });
});

it('any life has a due in force wherever it has a first one, and neither makes it fall over', () => {
  fc.assert(
    fc.property(anyLife, (events) => {
      const life = foldLifeCycle(events);
      const { first, inForce, allowedMs } = duesOf(life, PLAIN_DUES);
      if (first) expect(inForce).toBeDefined();
      if (inForce) expect(Number.isNaN(Date.parse(inForce.at))).toBe(false);
      expect(allowedMs).toBeGreaterThanOrEqual(0);
    }),
    { numRuns: 500 },
  );
});

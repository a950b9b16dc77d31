import { describe, expect, it } from '@jest/globals';
import { at, dossier, event, figure, figuresOf } from './independent-case.ts';

const RULES = ['ii-06a', 'due-date', 'by-date', 'first-appointment', 'opencps', 'qd-766', 'as-sent', 'without-sync-faults'];
const LATE = ['office', 'waiting', 'message-late', 'source-clock'];
const CODE = '000.01.33.H57-210301-0001';
const counter = { channel: 'counter', due: at('03-03', '17:00') };

const onTime = (...events: Parameters<typeof figuresOf>): Record<string, string> => {
  const figures = figuresOf(...events);
  return Object.fromEntries(RULES.map((rule) => [rule, figure(figures, 'G1-ONTIME', rule)]));
};
const lateClass = (...events: Parameters<typeof figuresOf>): string => {
  const figures = figuresOf(...events);
  return LATE.filter((rule) => figure(figures, 'G1-LATE', rule) === '1/1').join() || 'none';
};
const all = (value: string): Record<string, string> => Object.fromEntries(RULES.map((rule) => [rule, value]));

describe('G1-ONTIME by the independent calculation', () => {
  it('a result at its appointment is on time by every rule', () => {
    expect(onTime(...dossier(CODE, ['received', at('03-01'), counter], ['result-ready', at('03-03', '17:00')]))).toEqual(all('1/1'));
  });

  it('a minute later is late by instant and not by date', () => {
    expect(onTime(...dossier(CODE, ['received', at('03-01'), counter], ['result-ready', at('03-03', '17:01')]))).toEqual({
      ...all('0/1'),
      'by-date': '1/1',
    });
  });

  it('a result without any appointment is in no class', () => {
    expect(onTime(...dossier(CODE, ['received', at('03-01'), { channel: 'counter' }], ['returned', at('03-03'), {}]))).toEqual(all('none'));
  });

  it('refused, withdrawn and waiting: on time by the form, judged or left out elsewhere', () => {
    const refused = onTime(...dossier(CODE, ['received', at('03-01'), counter], ['refused', at('03-05'), { reason: 'other' }]));
    expect(refused).toEqual({ ...all('0/1'), 'ii-06a': '1/1', opencps: 'none' });
    const withdrawn = onTime(...dossier(CODE, ['received', at('03-01'), counter], ['withdrawn', at('03-05')]));
    expect(withdrawn).toEqual({ ...all('none'), 'ii-06a': '1/1', 'qd-766': '0/1' });
    const waiting = onTime(...dossier(CODE, ['received', at('03-01'), counter], ['supplement-requested', at('03-02')]));
    expect(waiting).toEqual({ ...all('none'), 'ii-06a': '1/1', 'qd-766': '1/1' });
    const paused = onTime(...dossier(CODE, ['received', at('03-01'), counter], ['paused', at('03-02'), { reason: 'tax' }]));
    expect(paused).toEqual({ ...all('none'), 'qd-766': '1/1' });
  });

  it('counts waiting in the month of its last request', () => {
    const figures = figuresOf(
      ...dossier(CODE, ['received', at('03-01'), counter], ['supplement-requested', at('03-30')], ['supplement-requested', at('04-02')]),
    );
    expect(figure(figures, 'G1-ONTIME', 'ii-06a', 'w1', '2021-03')).toBe('none');
    expect(figure(figures, 'G1-ONTIME', 'ii-06a', 'w1', '2021-04')).toBe('1/1');
  });

  it('starts the term from zero when the papers are in: 01/03 08:00 + 3 days, asked 02/03, back 08/03 09:00, so due 11/03 09:00', () => {
    const published = event('vn.par.procedure.published.v1', '1.000001', at('01-02'), {
      level: { scheme: '1-4', level: 3 },
      term: { amount: 3, unit: 'working-day' },
    });
    const told = dossier(
      CODE,
      ['received', at('03-01'), { channel: 'counter', procedure: '1.000001' }],
      ['supplement-requested', at('03-02', '10:00')],
      ['supplemented', at('03-08', '09:00')],
      ['result-ready', at('03-09', '16:00')],
    );
    // First appointment 04/03 08:00. Waited 5 days and 23 hours: 09/03 16:00 less that is 03/03 17:00.
    expect(onTime(published, ...told)).toEqual({ ...all('1/1'), 'first-appointment': '0/1' });
    const asked = dossier(CODE, ['supplement-requested', at('03-02', '09:00')]);
    expect(onTime(published, ...told, ...asked)).toMatchObject({ 'due-date': '1/1', 'qd-766': '0/1' });
  });

  it('puts the appointment off by the time stood still, and takes the one that is told', () => {
    const paused = (resumed: Record<string, unknown>, end: string): string =>
      onTime(
        ...dossier(
          CODE,
          ['received', at('03-01'), counter],
          ['paused', at('03-02', '09:00'), { reason: 'tax' }],
          ['resumed', at('03-03', '09:00'), resumed],
          ['result-ready', end],
        ),
      )['due-date']!;
    expect(paused({}, at('03-04', '17:00'))).toBe('1/1');
    expect(paused({}, at('03-04', '17:01'))).toBe('0/1');
    expect(paused({ due: at('03-10') }, at('03-09'))).toBe('1/1');
    const fee = onTime(
      ...dossier(
        CODE,
        ['received', at('03-01'), counter],
        ['fee-requested', at('03-02', '09:00')],
        ['fee-paid', at('03-02', '12:00'), { channel: 'online' }],
        ['result-ready', at('03-03', '20:00')],
      ),
    );
    expect(fee).toEqual({ ...all('1/1'), 'first-appointment': '0/1' });
  });

  it('lets the first extension hold and no second', () => {
    const extended = onTime(
      ...dossier(
        CODE,
        ['received', at('03-01'), counter],
        ['extended', at('03-02'), { due: at('03-08'), reason: 'workload' }],
        ['extended', at('03-03'), { due: at('03-20'), reason: 'workload' }],
        ['result-ready', at('03-10')],
      ),
    );
    expect(extended).toMatchObject({ 'due-date': '0/1', 'first-appointment': '0/1' });
  });

  it('reads national codes, and knows that code 4 ends no wait', () => {
    const reported = (...codes: [string, string, Record<string, unknown>?][]): Record<string, string> =>
      onTime(
        ...dossier(CODE, ...codes.map(([code, time, more]): Parameters<typeof dossier>[1] => ['state-reported', time, { code, ...more }])),
      );
    expect(reported(['2', at('03-01'), { due: at('03-03') }], ['9', at('03-03')])).toEqual(all('1/1'));
    expect(reported(['2', at('03-01'), { due: at('03-03') }], ['5', at('03-02')], ['4', at('03-03')])['ii-06a']).toBe('1/1');
    expect(reported(['2', at('03-01'), { due: at('03-03') }], ['11', at('03-02')])).toEqual(all('none'));
  });
});

describe('corrections', () => {
  const received = event('vn.par.dossier.received.v1', CODE, at('03-01'), { channel: 'counter', due: at('03-03') });
  const ready = event('vn.par.dossier.result-ready.v1', CODE, at('03-02'), {});
  const takeBack = ({ source, id }: { source: string; id: string }): typeof received =>
    event('vn.par.dossier.corrected.v1', CODE, at('03-01', '07:00'), { source, id, reason: 'sent-twice' });

  it('takes an event back wherever the correction stands', () => {
    expect(onTime(received, ready, takeBack(ready))).toEqual(all('none'));
  });

  it('does not hold where it was taken back itself', () => {
    const correction = takeBack(ready);
    expect(onTime(received, ready, correction, takeBack(correction))).toEqual(all('1/1'));
  });

  it('is not moved by order or by duplicates', () => {
    const events = [received, ready, takeBack(ready), received, ready];
    expect(onTime(...events.toReversed())).toEqual(onTime(...events));
  });
});

describe('G1-LATE by the independent calculation', () => {
  const late = (end: string, sent?: string): ReturnType<typeof dossier> =>
    dossier(CODE, ['received', at('03-01'), counter], ['result-ready', end, {}, sent === undefined ? {} : { sent }]);
  const completed = (time: string): ReturnType<typeof event> => event('vn.par.work-dossier.completed.v1', CODE, time, {});

  it('is of no class where it is not late', () => {
    expect(lateClass(...late(at('03-03', '16:00'), at('03-03', '16:01')))).toBe('none');
  });

  it('message late: it was done in time and only sent too late', () => {
    const events = late(at('03-03', '16:00'), at('03-05'));
    expect(lateClass(...events)).toBe('message-late');
    expect(onTime(...events)).toMatchObject({ 'due-date': '1/1', 'as-sent': '0/1', 'without-sync-faults': '1/1' });
  });

  it('source clock: it was sent before it happened, and in time', () => {
    const events = late(at('03-03', '17:40'), at('03-03', '16:55'));
    expect(lateClass(...events)).toBe('source-clock');
    expect(onTime(...events)).toMatchObject({ 'due-date': '0/1', 'as-sent': '1/1', 'without-sync-faults': '1/1' });
    // Five minutes are within what a clock may be wrong by.
    expect(lateClass(...late(at('03-03', '17:04'), at('03-03', '16:59')))).toBe('office');
  });

  it('message late: the work was done in time and the result stamped when it was sent', () => {
    const events = late(at('03-03', '17:45'), at('03-03', '17:45'));
    expect(lateClass(...events, completed(at('03-03', '16:40')))).toBe('message-late');
    expect(lateClass(...events, completed(at('03-03', '16:46')))).toBe('office');
    expect(lateClass(...events, completed(at('03-03', '17:20')))).toBe('office');
    expect(lateClass(...events)).toBe('office');
  });

  it('waiting: late by less than it stood still beyond what the appointment allows for', () => {
    const stopped = (due: Record<string, unknown>, end: string): string =>
      lateClass(
        ...dossier(
          CODE,
          ['received', at('03-01'), counter],
          ['paused', at('03-02', '09:00'), { reason: 'other-body' }],
          ['resumed', at('03-04', '09:00'), due],
          ['result-ready', end],
        ),
      );
    // Put off by the two days that it stood still: nothing of the wait is left to excuse the office.
    expect(stopped({}, at('03-06', '09:00'))).toBe('office');
    // The source told the old appointment again: two days of wait are not in it.
    expect(stopped({ due: at('03-03', '17:00') }, at('03-05', '17:00'))).toBe('waiting');
    expect(stopped({ due: at('03-03', '17:00') }, at('03-05', '17:01'))).toBe('office');
    // One of the two days was given: the other excuses a day.
    expect(stopped({ due: at('03-04', '17:00') }, at('03-05', '17:00'))).toBe('waiting');
    expect(stopped({ due: at('03-04', '17:00') }, at('03-05', '17:01'))).toBe('office');
  });

  it('an extension allows for what it stood still before it', () => {
    const events = dossier(
      CODE,
      ['received', at('03-01'), counter],
      ['paused', at('03-01', '09:00'), { reason: 'tax' }],
      ['resumed', at('03-02', '09:00'), { due: at('03-03', '17:00') }],
      ['extended', at('03-03'), { due: at('03-05'), reason: 'workload' }],
      ['result-ready', at('03-05', '09:00')],
    );
    expect(lateClass(...events)).toBe('office');
  });
});

describe('G1-OVERDUE by the independent calculation', () => {
  it('counts what is open and past its appointment, and leaves out what stands still or was never taken in', () => {
    const code = (n: number): string => `000.01.33.H57-211201-000${n}`;
    const received = (n: number, due: string): ReturnType<typeof dossier> =>
      dossier(code(n), ['received', at('12-01'), { channel: 'counter', due }]);
    const figures = figuresOf(
      ...received(1, at('12-10')),
      ...received(2, at('2022-01-05')),
      ...received(3, at('12-10')),
      ...dossier(code(3), ['paused', at('12-05'), { reason: 'tax' }]),
      ...received(4, at('12-10')),
      ...dossier(code(4), ['result-ready', at('12-20')]),
      ...received(5, at('12-10')),
      ...dossier(code(5), ['intake-refused', at('12-02'), { reason: 'other' }]),
      ...dossier(code(6), ['registered', at('12-02'), { channel: 'online' }]),
    );
    expect(figure(figures, 'G1-OVERDUE', '*')).toBe('1/2');
    expect(figure(figures, 'G1-OVERDUE', '*', 'city', '2021-11')).toBe('none');
  });
});

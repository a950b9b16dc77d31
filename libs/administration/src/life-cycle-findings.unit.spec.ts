import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { foldLifeCycle } from './life-cycle.ts';
import { FINDING_LABELS } from './life-cycle-labels.ts';
import { type LifeContext } from './life-cycle-findings.ts';
import { type DossierEvent, type FindingCode } from './life-cycle-shape.ts';
import { anyLife, PLAIN_DUES, reported, takeBack, told } from './spec-life-cycle.ts';

const CONTEXT: LifeContext = { code: 'H57.132-210701-0001', scheme: 'national', timeZone: 'Asia/Ho_Chi_Minh', dues: PLAIN_DUES };
const again = { id: 'again', source: 'urn:other' };

const registered = told('registered', '01T00', { channel: 'online' });
const received = told('received', '01T01', { channel: 'online', due: '2021-07-20T10:00:00+07:00' });
const request = told('supplement-requested', '02T01');
const ready = told('result-ready', '08T01');
const returned = told('returned', '09T01', { channel: 'online' });
const refused = told('refused', '08T01', { reason: 'other' });
const withdrawn = told('withdrawn', '08T01');
const intakeRefused = told('intake-refused', '01T02', { reason: 'incomplete' });
const extended = (at: string, due = '2021-07-25T10:00:00+07:00', about = {}) => told('extended', at, { due, reason: 'workload' }, about);

/** Each finding with facts that show it and, in brackets, the event that it is put down to. */
const SHOWN: [FindingCode, string, DossierEvent[]][] = [
  ['unknown-national-code', 'x', [received, reported('12', '02T01', { id: 'x' })]],
  ['received-twice', 'again', [received, told('received', '01T01', { channel: 'post' }, again)]],
  ['received-twice', 'again', [received, told('received', '01T02', { channel: 'online' }, again)]],
  ['received-twice', 'again', [received, told('received', '01T01', { channel: 'online' }, { ...again, unit: 'hue-ward-b' })]],
  ['received-twice', 'again', [received, told('received', '01T01', { channel: 'online', due: '2021-07-21T00:00:00Z' }, again)]],
  ['intake-refused-twice', 'again', [intakeRefused, told('intake-refused', '02T01', { reason: 'incomplete' }, again)]],
  ['result-ready-twice', 'again', [received, ready, told('result-ready', '08T02', {}, again)]],
  ['result-ready-twice', 'again', [received, ready, reported('9', '08T02', again)]],
  ['returned-twice', 'again', [received, returned, told('returned', '09T02', { channel: 'online' }, again)]],
  ['returned-twice', 'again', [received, returned, told('returned', '09T01', { channel: 'post' }, again)]],
  [
    'returned-twice',
    'again',
    [received, told('returned', '09T01', { electronic: true }), told('returned', '09T01', { electronic: false }, again)],
  ],
  ['refused-twice', 'again', [received, refused, told('refused', '08T02', { reason: 'other' }, again)]],
  ['withdrawn-twice', 'again', [received, withdrawn, reported('7', '08T02', again)]],
  ['extended-twice', 'again', [received, extended('05T01'), extended('06T01', '2021-07-25T10:00:00+07:00', again)]],
  ['extended-twice', 'again', [received, extended('05T01'), extended('05T01', '2021-07-26T10:00:00+07:00', again)]],
  ['supplement-requested-twice', 'again', [received, request, told('supplement-requested', '03T01', {}, again)]],
  ['supplement-requested-twice', 'again', [received, request, told('supplemented', '03T01'), reported('5', '04T01', again)]],
  ['ended-in-two-ways', ready.id, [received, told('refused', '07T01', { reason: 'other' }), ready]],
  ['ended-in-two-ways', refused.id, [received, refused, told('result-ready', '07T01')]],
  ['ended-in-two-ways', returned.id, [received, withdrawn, returned]],
  ['ended-in-two-ways', withdrawn.id, [received, withdrawn, refused]],
  ['ended-in-two-ways', intakeRefused.id, [registered, intakeRefused, withdrawn]],
  ['intake-refused-and-received', intakeRefused.id, [received, intakeRefused]],
  ['ready-before-received', 'early', [received, told('result-ready', '01T00', {}, { id: 'early' })]],
  ['returned-before-received', 'early', [received, told('returned', '01T00', {}, { id: 'early' })]],
  ['returned-before-ready', 'early', [received, ready, told('returned', '07T01', {}, { id: 'early' })]],
  ['registered-after-received', 'late', [received, told('registered', '01T02', { channel: 'online' }, { id: 'late' })]],
  ['processed-before-received', 'early', [received, told('refused', '01T00', { reason: 'other' }, { id: 'early' })]],
  ['processed-before-received', 'early', [received, extended('01T00', '2021-07-25T10:00:00+07:00', { id: 'early' })]],
  ['supplemented-without-request', 'x', [received, told('supplemented', '02T01', {}, { id: 'x' })]],
  ['supplemented-without-request', 'x', [received, told('supplemented', '02T00', {}, { id: 'x' }), request]],
  ['fee-paid-without-request', 'x', [received, told('fee-paid', '02T01', { channel: 'post' }, { id: 'x' })]],
  ['resumed-without-pause', 'x', [received, told('resumed', '02T01', {}, { id: 'x' })]],
  ['extended-after-due', 'x', [received, extended('20T01', '2021-07-25T10:00:00+07:00', { id: 'x' })]],
  ['extended-after-due', 'x', [received, extended('21T01', '2021-07-25T10:00:00+07:00', { id: 'x' })]],
  [
    'extended-after-due',
    'x',
    [told('received', '01T01', { channel: 'post', procedure: 'p' }), extended('06T00', '2021-07-25T10:00:00+07:00', { id: 'x' })],
  ],
  ['due-before-receipt', 'x', [told('received', '01T01', { channel: 'post', due: '2021-07-01T07:59:59+07:00' }, { id: 'x' })]],
  ['due-before-receipt', 'x', [received, extended('02T01', '2021-06-25T10:00:00+07:00', { id: 'x' })]],
  ['due-before-receipt', 'x', [received, request, told('supplemented', '02T03', { due: '2021-06-30T00:00:00Z' }, { id: 'x' })]],
  [
    'due-before-receipt',
    'x',
    [received, told('paused', '02T01', { reason: 'tax' }), told('resumed', '02T03', { due: '2021-06-30T00:00:00Z' }, { id: 'x' })],
  ],
  ['event-after-end', 'x', [received, ready, told('supplement-requested', '08T02', {}, { id: 'x' })]],
  ['event-after-end', 'x', [received, ready, extended('08T02', '2021-07-25T10:00:00+07:00', { id: 'x' })]],
  ['event-after-end', 'x', [received, ready, reported('4', '08T02', { id: 'x' })]],
  ['event-after-end', 'x', [received, ready, returned, told('transferred', '09T02', { to: 'authority' }, { id: 'x' })]],
  ['event-after-end', 'x', [received, refused, told('fee-requested', '08T02', {}, { id: 'x' })]],
  ['event-after-end', received.id, [received, told('withdrawn', '01T00')]],
  ['event-after-end', request.id, [registered, intakeRefused, request]],
  ['code-date-differs', 'x', [told('received', '01T17', { channel: 'post' }, { id: 'x' })]],
  ['correction-without-target', 'x', [received, takeBack('unheard-of', '02T01', { id: 'x' })]],
  ['correction-without-target', 'x', [received, takeBack('x', '02T01', { id: 'x' })]],
  ['happened-after-sent', 'x', [received, told('result-ready', '08T01', {}, { id: 'x', sent: '2021-07-08T00:54:59.999Z' })]],
  ['happened-after-sent', 'x', [received, ready, { ...takeBack(ready.id, '09T01', { id: 'x' }), sent: '2021-07-09T00:00:00.000Z' }]],
];

describe('findings on a dossier', () => {
  it.each(SHOWN)('%s is put down to %s', (code, event, events) => {
    const findings = foldLifeCycle(events, CONTEXT).findings.filter((finding) => finding.code === code);
    expect(findings.map((finding) => finding.event?.id)).toEqual([event]);
  });

  it('are each shown here, and each has its words', () => {
    expect(new Set(SHOWN.map(([code]) => code))).toEqual(new Set(Object.keys(FINDING_LABELS)));
    for (const { vi, en } of Object.values(FINDING_LABELS)) expect(vi.length > 0 && en.length > 0 && vi !== en).toBe(true);
  });

  it('are each explained in docs/states.md', () => {
    const page = readFileSync(new URL('../../../docs/states.md', import.meta.url), 'utf8');
    expect(Object.keys(FINDING_LABELS).filter((code) => !page.includes(`\`${code}\``))).toEqual([]);
  });

  it.each<[string, DossierEvent[]]>([
    ['a moment told twice in the same way', [received, { ...received, id: 'again' }, ready, { ...ready, id: 'again2' }]],
    ['a telling that says less', [received, told('received', '01T01', { channel: 'online' }, again)]],
    ['a return that says less', [received, returned, told('returned', '09T01', {}, again)]],
    ['a supplement asked for twice at one instant', [received, request, { ...request, id: 'again' }]],
    ['an answer told twice at one instant', [received, request, told('supplemented', '03T01'), told('supplemented', '03T01', {}, again)]],
    [
      'two answers and their request at one instant',
      [
        received,
        told('supplemented', '03T01', {}, { id: 'a' }),
        told('supplemented', '03T01', {}, { id: 'b' }),
        told('supplement-requested', '03T01', {}, { id: 'c' }),
      ],
    ],
    ['a later event that comes alone', [returned]],
    ['a supplement asked for before the receipt', [registered, told('supplement-requested', '01T00:30'), told('supplemented', '01T00:45')]],
    ['an apology on the day before the term ends', [received, extended('19T10')]],
    ['an apology where no due is known', [told('received', '01T01', { channel: 'post' }), extended('20T01')]],
    ['what happens at the instant of the end', [received, ready, told('supplement-requested', '08T01')]],
    [
      'a fee and a transfer between result and return',
      [received, ready, told('fee-requested', '08T02'), told('transferred', '08T03', { to: 'unit' })],
    ],
    [
      'a rating after the end',
      [received, returned, told('rated', '10T01', { questionSet: 'q', answers: [{ question: 'q', grade: 'satisfied' }] })],
    ],
    ['a receipt late in the evening of the day in its code', [told('received', '01T16:59', { channel: 'post' })]],
    ['a clock a little ahead', [received, told('result-ready', '08T01', {}, { sent: '2021-07-08T00:55:00.000Z' })]],
    ['a withdrawal before it was received', [registered, told('withdrawn', '02T01')]],
    ['what was taken back', [received, told('received', '02T01', { channel: 'post' }, { id: 'x' }), takeBack('x', '03T01')]],
    ['a correction that was taken back', [received, takeBack('nothing', '02T01', { id: 'x' }), takeBack('x', '03T01')]],
  ])('there is none for %s', (_, events) => {
    expect(foldLifeCycle(events, CONTEXT).findings).toEqual([]);
  });

  it('keep an unknown national code as the source wrote it, and no other value', () => {
    const { findings } = foldLifeCycle([reported('012', '01T01', { id: 'x' })]);
    expect(findings).toEqual([{ code: 'unknown-national-code', event: { source: 'urn:one-stop', id: 'x' }, raw: '012' }]);
  });

  it('count an apology by 24 hours where the zone is not known', () => {
    const codes = (at: string) => foldLifeCycle([received, extended(at)]).findings.map(({ code }) => code);
    expect([codes('19T03'), codes('19T04')]).toEqual([[], ['extended-after-due']]);
  });

  it('say nothing of the code where its form or the zone is not known', () => {
    const late = told('received', '05T01', { channel: 'post' });
    expect(foldLifeCycle([late], { ...CONTEXT, scheme: 'local' }).findings).toEqual([]);
    expect(foldLifeCycle([late], { ...CONTEXT, timeZone: undefined }).findings).toEqual([]);
    expect(foldLifeCycle([late], { ...CONTEXT, code: 'not a code' }).findings).toEqual([]);
    expect(foldLifeCycle([late], CONTEXT).findings).toHaveLength(1);
  });

  it('are sorted and stand for events that hold', () => {
    fc.assert(
      fc.property(anyLife, (events) => {
        const { findings } = foldLifeCycle(events, CONTEXT);
        const keys = findings.map(({ code, event }) => `${code} ${event?.source} ${event?.id}`);
        expect(keys).toEqual([...keys].sort());
        for (const { event } of findings) expect(events).toContainEqual(expect.objectContaining({ ...event }));
      }),
      { numRuns: 300 },
    );
  });
});

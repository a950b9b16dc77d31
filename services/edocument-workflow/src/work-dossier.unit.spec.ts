import { describe, expect, it } from '@jest/globals';
import type { AnyEvent, Medium } from '@par/contracts';
import fc from 'fast-check';
import { type Judgement, judgementOf, mustPublish } from './judgement.ts';
import { dossierEventOf, merge, type DossierEvent } from './work-dossier-event.ts';
import { foldWorkDossier, type WorkDossier } from './work-dossier.ts';

const SOURCE = 'urn:test:office';
const at = (minute: number): string => new Date(Date.UTC(2021, 2, 1, 0, minute)).toISOString();
const base = (id: string, minute: number, unit = 'hue-a') => ({ source: SOURCE, id, time: at(minute), unit, day: '2021-03-02' });

const received = (minute: number, id = `received-${minute}`): DossierEvent => ({ ...base(id, minute), type: 'vn.par.dossier.received.v1' });
const step = (minute: number, medium: Medium = 'network', id = `step-${minute}`): DossierEvent => ({
  ...base(id, minute),
  type: 'vn.par.work-dossier.step-taken.v1',
  step: 'T02 Check',
  medium,
});
const completed = (minute: number, id = `completed-${minute}`, unit = 'hue-a'): DossierEvent => ({
  ...base(id, minute, unit),
  type: 'vn.par.work-dossier.completed.v1',
});
const corrected = (takesBack: string, minute = 90, door: 'dossier' | 'work-dossier' = 'work-dossier'): DossierEvent => ({
  ...base(`correction-of-${takesBack}-${door}`, minute),
  type: `vn.par.${door}.corrected.v1`,
  takesBack: { source: SOURCE, id: takesBack },
  reason: 'entered-by-mistake',
});

interface Case {
  name: string;
  events: DossierEvent[];
  state: 'unopened' | 'open' | 'closed';
  judgement: Partial<Judgement>;
}

const CASES: Case[] = [
  { name: 'nothing known', events: [], state: 'unopened', judgement: { state: 'open', steps: 0 } },
  {
    name: 'a received dossier opens it',
    events: [received(1)],
    state: 'open',
    judgement: { state: 'open', processedOnline: false, reasons: [] },
  },
  { name: 'its first step opens a matter of its own', events: [step(5)], state: 'open', judgement: { state: 'open', steps: 1 } },
  {
    name: 'all steps on the network',
    events: [received(1), step(2), step(3), completed(9)],
    state: 'closed',
    judgement: { processedOnline: true, reasons: [], steps: 2, paperSteps: 0, completedAt: at(9) },
  },
  {
    name: 'one paper step is enough',
    events: [received(1), step(2), step(3, 'paper'), completed(9)],
    state: 'closed',
    judgement: { processedOnline: false, reasons: ['paper-step'], steps: 2, paperSteps: 1 },
  },
  {
    name: 'a paper step after the closing counts',
    events: [received(1), step(2), completed(9), step(20, 'paper')],
    state: 'closed',
    judgement: { processedOnline: false, reasons: ['paper-step'], completedAt: at(9) },
  },
  {
    name: 'a paper step before the start counts',
    events: [step(0, 'paper'), received(1), step(2), completed(9)],
    state: 'closed',
    judgement: { processedOnline: false, reasons: ['paper-step'] },
  },
  {
    name: 'silence is not proof',
    events: [received(1), completed(9)],
    state: 'closed',
    judgement: { processedOnline: false, reasons: ['no-step-recorded'], steps: 0 },
  },
  {
    name: 'a completion alone closes',
    events: [completed(9)],
    state: 'closed',
    judgement: { processedOnline: false, reasons: ['no-step-recorded'] },
  },
  {
    name: 'of two completions the first by time holds, and its unit',
    events: [step(2), completed(9, 'late', 'hue-b'), completed(8, 'early', 'hue-c')],
    state: 'closed',
    judgement: { completedAt: at(8), unit: 'hue-c' },
  },
  {
    name: 'of two completions at one instant the first identity holds',
    events: [step(2), completed(9, 'b', 'hue-b'), completed(9, 'a', 'hue-c')],
    state: 'closed',
    judgement: { unit: 'hue-c' },
  },
  {
    name: 'a paper step taken back',
    events: [step(2), step(3, 'paper'), completed(9), corrected('step-3')],
    state: 'closed',
    judgement: { processedOnline: true, reasons: [], steps: 1, paperSteps: 0 },
  },
  {
    name: 'the only step taken back',
    events: [step(2), completed(9), corrected('step-2')],
    state: 'closed',
    judgement: { processedOnline: false, reasons: ['no-step-recorded'] },
  },
  {
    name: 'the completion taken back reopens',
    events: [step(2), completed(9), corrected('completed-9')],
    state: 'open',
    judgement: { state: 'open' },
  },
  {
    name: 'the other completion still stands',
    events: [step(2), completed(9), completed(12), corrected('completed-9')],
    state: 'closed',
    judgement: { completedAt: at(12) },
  },
  {
    name: 'a correction of a dossier event leaves the steps of the other door alone',
    events: [step(2, 'paper'), completed(9), corrected('step-2', 90, 'dossier')],
    state: 'closed',
    judgement: { processedOnline: false, reasons: ['paper-step'] },
  },
  {
    name: 'the reception taken back',
    events: [received(1), corrected('received-1', 90, 'dossier')],
    state: 'unopened',
    judgement: { state: 'open' },
  },
  {
    name: 'a correction cannot be taken back',
    events: [step(2), completed(9), corrected('completed-9'), corrected('correction-of-completed-9-work-dossier', 95)],
    state: 'open',
    judgement: { state: 'open' },
  },
];

describe('foldWorkDossier', () => {
  it.each(CASES)('$name', ({ events, state, judgement }) => {
    const folded = foldWorkDossier(events);
    expect(folded.state).toBe(state);
    expect(judgementOf(folded)).toMatchObject(judgement);
    expect(folded.timeline).toHaveLength(events.length);
  });

  it('is opened when the dossier was received, even where a step is older', () => {
    expect(foldWorkDossier([step(0), received(1)]).openedAt).toBe(at(1));
    expect(foldWorkDossier([step(4), step(2)]).openedAt).toBe(at(2));
  });

  describe('what the opening and the one-stop say', () => {
    const told = (type: string, minute: number, more: object = {}): DossierEvent =>
      ({ ...base(`${type}-${minute}`, minute), type: `vn.par.${type}.v1`, ...more }) as DossierEvent;
    const opened = (minute: number, more: object = {}): DossierEvent => ({
      ...told('work-dossier.opened', minute, { kind: 'matter', ...more }),
      unit: 'hue-lead',
    });

    it.each<[string, DossierEvent[], Partial<WorkDossier>]>([
      ['a reception', [received(1)], { kind: 'procedure', lead: 'hue-a', openedAt: at(1) }],
      [
        'a reception for another unit',
        [told('dossier.received', 1, { responsible: 'hue-b', procedure: '1.001', due: at(500) })],
        { lead: 'hue-b', procedure: '1.001', due: at(500) },
      ],
      [
        'an opening',
        [opened(3, { process: 'p', supporting: ['hue-s'], urgency: 'urgent', due: at(90) }), step(1)],
        { kind: 'matter', lead: 'hue-lead', process: 'p', supporting: ['hue-s'], urgency: 'urgent', due: at(90), openedAt: at(3) },
      ],
      ['both, the reception first', [received(1), opened(3)], { kind: 'matter', lead: 'hue-lead', openedAt: at(1) }],
      ['of two openings the first', [opened(4, { kind: 'procedure' }), opened(3)], { kind: 'matter', openedAt: at(3) }],
      [
        'the time that a pause puts off',
        [told('dossier.received', 1, { due: at(500) }), told('dossier.paused', 10), told('dossier.resumed', 30)],
        { due: at(520), stops: [{ from: at(10), to: at(30) }] },
      ],
      ['the apology', [told('dossier.received', 1, { due: at(500) }), told('dossier.extended', 10, { due: at(900) })], { due: at(900) }],
      [
        'the end at the one-stop',
        [received(1), told('dossier.returned', 50), told('dossier.result-ready', 40)],
        { endedAt: at(40), state: 'open' },
      ],
      ['an end alone opens nothing', [told('dossier.returned', 50)], { endedAt: at(50), state: 'unopened' }],
      ['a withdrawal', [received(1), told('dossier.withdrawn', 9)], { endedAt: at(9) }],
    ])('%s', (_name, events, expected) => {
      expect(foldWorkDossier(events)).toMatchObject(expected);
      expect(foldWorkDossier(events.toReversed())).toEqual(foldWorkDossier(events));
    });

    it('keeps of a file the verdict that was found last', () => {
      const verdict = (minute: number, found: string): DossierEvent =>
        told('work-dossier.signature-verified', minute, { file: 'f', verdict: found });
      expect(foldWorkDossier([verdict(9, 'valid'), verdict(3, 'invalid'), step(1)]).verdicts.get('f')).toBe('valid');
    });
  });

  it('dates a judgement by the completion, and a reopening by its correction', () => {
    expect(foldWorkDossier([step(2), completed(9), step(20, 'paper')]).judgedAt).toBe(at(9));
    expect(foldWorkDossier([step(2), completed(9), corrected('completed-9', 77)]).judgedAt).toBe(at(77));
  });

  it('says in the timeline which correction took an event back', () => {
    const entry = foldWorkDossier([step(2), corrected('step-2')]).timeline[0]!;
    expect(entry.takenBackBy).toEqual({ source: SOURCE, id: 'correction-of-step-2-work-dossier' });
  });

  const anyEvent = fc.oneof(
    fc.nat(8).map((n) => received(n)),
    fc.tuple(fc.nat(8), fc.constantFrom<Medium>('network', 'paper')).map(([n, medium]) => step(n, medium, `step-${n}-${medium}`)),
    fc.nat(8).map((n) => completed(n, `completed-${n}`, `hue-${n % 3}`)),
    fc
      .tuple(fc.nat(8), fc.constantFrom('step-', 'completed-', 'received-'))
      .map(([n, kind]) => corrected(`${kind}${n}${kind === 'step-' ? '-paper' : ''}`)),
    fc.nat(8).map((n) => corrected(`received-${n}`, 91, 'dossier')),
  );

  it('gives equal folds for any order and any duplicates, in any batches', () => {
    fc.assert(
      fc.property(
        fc.array(anyEvent, { maxLength: 14 }).chain((events) =>
          fc.record({
            events: fc.constant(events),
            shuffled: fc.shuffledSubarray([...events, ...events], { minLength: events.length * 2, maxLength: events.length * 2 }),
            cut: fc.nat(28),
          }),
        ),
        ({ events, shuffled, cut }) => {
          const once = merge([], events);
          const first = merge([], shuffled.slice(0, cut));
          const second = merge(first.events, shuffled.slice(cut));
          expect(foldWorkDossier(second.events)).toEqual(foldWorkDossier(once.events));
          expect(first.fresh.length + second.fresh.length).toBe(once.fresh.length);
        },
      ),
    );
  });

  it('counts processed online only where no standing step is on paper and one is recorded', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 14 }), (events) => {
        const judgement = judgementOf(foldWorkDossier(merge([], events).events));
        expect(judgement.processedOnline).toBe(judgement.state === 'closed' && judgement.paperSteps === 0 && judgement.steps > 0);
      }),
    );
  });
});

describe('merge', () => {
  it('knows an event by its door and identity', () => {
    const sameIdAtTheOtherDoor = received(1, 'x');
    const { events, fresh } = merge([step(1, 'network', 'x')], [sameIdAtTheOtherDoor, step(1, 'network', 'x'), sameIdAtTheOtherDoor]);
    expect(fresh).toEqual([sameIdAtTheOtherDoor]);
    expect(events).toHaveLength(2);
  });
});

describe('mustPublish', () => {
  const told = (events: DossierEvent[]): Judgement => judgementOf(foldWorkDossier(events));
  const closed = told([step(2), completed(9)]);

  it.each([
    ['nothing while it never closed', undefined, told([step(2)]), false],
    ['the first closing', undefined, closed, true],
    ['not the same content again', closed, told([completed(9), step(2), received(1)]), false],
    ['a late step', closed, told([step(2), completed(9), step(20)]), true],
    ['a late paper step', closed, told([step(2), completed(9), step(20, 'paper')]), true],
    ['an earlier completion', closed, told([step(2), completed(9), completed(8)]), true],
    ['another unit', closed, told([step(2), completed(9, 'completed-9', 'hue-z')]), true],
    ['a reopening', closed, told([step(2), completed(9), corrected('completed-9')]), true],
  ])('%s', (_name, published, now, expected) => {
    expect(mustPublish(published, now)).toBe(expected);
    // As read back from the database, where keys have another order.
    expect(mustPublish(published && (JSON.parse(JSON.stringify(published)) as Judgement), now)).toBe(expected);
  });
});

describe('dossierEventOf', () => {
  const envelope = {
    specversion: '1.0',
    source: SOURCE,
    id: '1',
    subject: 'D-1',
    datacontenttype: 'application/json',
    unit: 'hue-a',
  } as const;

  it('keeps what the fold needs and brings the instant to UTC', () => {
    const event: AnyEvent = {
      ...envelope,
      type: 'vn.par.work-dossier.step-taken.v1',
      time: '2021-03-01T07:00:00+07:00',
      received: '2021-03-02T23:59:59.999Z',
      data: { step: 'T02 Check', medium: 'paper' },
    };
    expect(dossierEventOf(event)).toEqual({
      source: SOURCE,
      id: '1',
      type: 'vn.par.work-dossier.step-taken.v1',
      time: '2021-03-01T00:00:00.000Z',
      unit: 'hue-a',
      day: '2021-03-02',
      step: 'T02 Check',
      medium: 'paper',
    });
  });

  it('keeps due dates as instants in UTC, those of a far year at the edge', () => {
    const receivedUntil = (due: string): DossierEvent | undefined =>
      dossierEventOf({
        ...envelope,
        type: 'vn.par.dossier.received.v1',
        time: at(1),
        received: at(2),
        data: { channel: 'online', due },
      });
    expect(receivedUntil('2021-07-20T10:00:00+07:00')).toMatchObject({ due: '2021-07-20T03:00:00.000Z' });
    expect(receivedUntil('9999-12-31T23:59:59-07:00')).toMatchObject({ due: '9999-12-31T23:59:59.999Z' });
    expect(receivedUntil('0000-01-01T00:00:00Z')).toMatchObject({ due: '0001-01-01T00:00:00.000Z' });
  });

  it('has no use for other events', () => {
    const event: AnyEvent = { ...envelope, type: 'vn.par.document.approved.v1', time: at(1), received: at(2), data: {} };
    expect(dossierEventOf(event)).toBeUndefined();
  });
});

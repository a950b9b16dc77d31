import { beforeAll, describe, expect, it } from '@jest/globals';
import { vietnamCalendar } from '@par/administration';
import fc from 'fast-check';
import {
  changeOf,
  type ChangedWorkDossier,
  movesDeadlines,
  openDeadlinesOf,
  type StoredWorkDossier,
  type Surroundings,
} from './dossier-change.ts';
import { type ProcessVersion, processVersion, chooseProcess } from './process-version.ts';
import { processOf } from './spec-process.ts';
import { type DossierEvent, merge } from './work-dossier-event.ts';

/** Monday 5 July 2021, 08:00 in Huế, and working minutes after that. */
const at = (minute: number): string => new Date(Date.UTC(2021, 6, 5, 1, minute)).toISOString();
const told = (type: string, minute: number, more: object = {}): DossierEvent =>
  ({
    source: 'urn:spec',
    id: `${type}-${minute}`,
    time: at(minute),
    unit: 'hue-a',
    day: '2021-07-05',
    type: `vn.par.${type}.v1`,
    ...more,
  }) as DossierEvent;
const step = (minute: number, name: string, more: object = {}): DossierEvent =>
  told('work-dossier.step-taken', minute, { step: name, medium: 'network', ...more });
const received = told('dossier.received', 0, { procedure: '1.001', due: at(2_000) });
const completed = told('work-dossier.completed', 100);
const correction = (of: DossierEvent, door = 'work-dossier'): DossierEvent =>
  told(`${door}.corrected`, 200, { id: `back-${of.id}`, takesBack: { source: of.source, id: of.id }, reason: 'entered-by-mistake' });

const NEW: StoredWorkDossier = {
  id: 'D-1',
  events: [],
  judgement: null,
  revision: 0,
  process: null,
  processVersion: null,
  processBasis: null,
  expected: [],
  expectedRevision: 0,
  unit: null,
  due: null,
};

/** As the row would be read back. */
function storedAs(before: StoredWorkDossier, change: ChangedWorkDossier): StoredWorkDossier {
  return JSON.parse(
    JSON.stringify({
      id: change.id,
      events: [...before.events, ...change.fresh],
      judgement: change.judgement?.content ?? before.judgement,
      revision: change.revision,
      process: change.process?.id ?? null,
      processVersion: change.process?.version ?? null,
      processBasis: change.processBasis ?? null,
      expected: change.stepDue?.data.steps ?? before.expected,
      expectedRevision: change.expectedRevision,
      unit: change.dossier.lead ?? null,
      due: change.dossier.due ?? null,
    }),
  ) as StoredWorkDossier;
}

describe('what a work dossier becomes by the events that are new to it', () => {
  let versions: ProcessVersion[];
  const around = (known = versions): Surroundings => ({
    processes: {
      choose: (wish) => chooseProcess(known, wish),
      version: (id, version) => known.find((each) => each.id === id && each.version === version)!,
    },
    calendar: vietnamCalendar(),
    now: '2021-07-06T00:00:00.000Z',
  });
  const version = async (number: number, flows: string, validFrom = '2021-01-01'): Promise<ProcessVersion> =>
    processVersion(
      { version: number, validFrom, procedures: ['1.001'], units: [], kinds: [], isShipped: false, contentHash: '' },
      await processOf(flows, { tasks: { Check: 'par:workingHours="2"', Sign: 'par:signature="required"' }, lanes: { clerk: ['Check'] } }),
    );
  beforeAll(async () => {
    versions = [await version(1, 's>Check Check>Sign Sign>e')];
  });

  const apply = (
    stored: StoredWorkDossier,
    events: DossierEvent[],
    known = versions,
  ): { stored: StoredWorkDossier; change: ChangedWorkDossier } => {
    const merged = merge(stored.events, events);
    const change = changeOf(stored, merged.events, merged.fresh, around(known));
    return { stored: storedAs(stored, change), change };
  };
  const apart = (batches: DossierEvent[][], known = versions): { stored: StoredWorkDossier; changes: ChangedWorkDossier[] } => {
    const changes: ChangedWorkDossier[] = [];
    let stored = NEW;
    for (const batch of batches) {
      const next = apply(stored, batch, known);
      stored = next.stored;
      changes.push(next.change);
    }
    return { stored, changes };
  };

  it('says what is expected, until when, and each change of it', () => {
    const { changes } = apart([[received], [step(30, 'Check')], [step(31, 'Talk')], [step(40, 'Sign')], [completed]]);
    expect(changes.map(({ stepDue }) => stepDue?.data)).toEqual([
      {
        revision: 1,
        process: 'spec',
        processVersion: 1,
        due: at(2_000),
        steps: [{ step: 'Check', element: 'Check', role: 'clerk', since: at(0), due: at(120), signature: false, paper: false }],
      },
      {
        revision: 2,
        process: 'spec',
        processVersion: 1,
        due: at(2_000),
        steps: [{ step: 'Sign', element: 'Sign', since: at(30), signature: true, paper: false }],
      },
      undefined,
      { revision: 3, process: 'spec', processVersion: 1, steps: [] },
      undefined,
    ]);
    expect(changes[0]!.stepDue).toMatchObject({ source: 'urn:par:edocument-workflow', id: 'D-1:steps:1', subject: 'D-1', unit: 'hue-a' });
    expect(changes[4]!.judgement?.content).toMatchObject({ reasons: ['signature-missing'], conformance: { conforming: 2, unknown: 1 } });
  });

  it('tells a due date that moved, and expects nothing after the end at the one-stop', () => {
    const { changes } = apart([
      [received],
      [told('dossier.extended', 20, { due: at(3_000) })],
      [told('dossier.returned', 50)],
      [told('dossier.rated', 60)],
      [correction(told('dossier.returned', 50), 'dossier')],
    ]);
    expect(changes.map(({ stepDue }) => stepDue && [stepDue.data.due, stepDue.data.steps.length])).toEqual([
      [at(2_000), 1],
      [at(3_000), 1],
      [undefined, 0],
      undefined,
      [at(3_000), 1],
    ]);
    expect(openDeadlinesOf(changes[1]!)).toEqual({
      workDossier: 'D-1',
      unit: 'hue-a',
      due: at(3_000),
      since: at(0),
      // It was put off once: no second apology.
      apology: false,
      steps: [{ step: 'Check', element: 'Check', due: at(120), since: at(0) }],
    });
    expect(openDeadlinesOf(changes[2]!)).toMatchObject({ workDossier: 'D-1', unit: 'hue-a', steps: [] });
    expect(openDeadlinesOf(changes[2]!)).not.toHaveProperty('due');
    expect(changes.map(movesDeadlines)).toEqual([true, true, true, true, true]);
    const [onlyStep] = apart([[{ ...told('work-dossier.step-taken', 30, { step: 'Nowhere', medium: 'network' }) }]]).changes;
    expect(movesDeadlines(onlyStep!)).toBe(false);
  });

  it('expects a step again where the completion is taken back', () => {
    const { changes } = apart([[received, completed], [correction(completed)]]);
    expect(changes.map(({ stepDue }) => stepDue?.data.steps.length)).toEqual([undefined, 1]);
    expect(changes[0]!.judgement?.content.conformance).toMatchObject({ skipped: 2 });
    expect(changes[1]!.judgement?.content).not.toHaveProperty('conformance');
  });

  it('tells the unit that leads it from now on', () => {
    const opened: DossierEvent = { ...told('work-dossier.opened', 5, { kind: 'procedure', procedure: '1.001' }), unit: 'hue-b' };
    const { changes } = apart([[received], [opened]]);
    expect(changes.map(({ stepDue }) => stepDue?.unit)).toEqual(['hue-a', 'hue-b']);
  });

  it('stays on the version with which it began, and on none', async () => {
    const later = [...versions, await version(2, 's>Check Check>Sign Sign>Other Other>e')];
    const begun = apply(NEW, [received]).stored;
    expect(apply(begun, [step(30, 'Check')], later).change.process?.version).toBe(1);
    const without = apply(NEW, [received], []).stored;
    expect(apply(without, [step(30, 'Check')], later).change).not.toHaveProperty('process');
    expect(apply(NEW, [received], later).change.process?.version).toBe(2);
  });

  it('has no process before its reception is known, and none after that was taken back', () => {
    const { changes } = apart([[step(30, 'Check')], [received], [correction(received, 'dossier')]]);
    expect(changes.map(({ process }) => process?.version)).toEqual([undefined, 1, undefined]);
    expect(changes.map(({ stepDue }) => stepDue?.data)).toMatchObject([
      undefined as never,
      { revision: 1, steps: [{ step: 'Sign' }] },
      { revision: 2, process: 'spec', processVersion: 1, steps: [] },
    ]);
  });

  it('comes to the same whatever the order, the duplicates and the batches', () => {
    const events = [
      received,
      told('work-dossier.opened', 5, { kind: 'procedure', due: at(900), supporting: ['hue-b'] }),
      told('dossier.paused', 10),
      told('dossier.resumed', 40),
      step(30, 'Check', { role: 'head' }),
      step(50, 'Sign', { signature: 'digital', file: 'f' }),
      step(60, 'Sign', { signature: 'digital', file: 'g' }),
      told('work-dossier.signature-verified', 70, { file: 'g', verdict: 'valid' }),
      completed,
      correction(completed),
      correction(step(60, 'Sign')),
      told('dossier.returned', 90),
    ];
    const result = ({
      id,
      process,
      processVersion: number,
      processBasis,
      expected,
      due,
      events: kept,
      judgement,
      ...rest
    }: StoredWorkDossier) => ({
      row: { id, process, number, processBasis, expected, due },
      events: kept.map((event) => event.id).sort(),
      // One that closed and was opened again before anybody looked was never told.
      judgement: judgement?.state === 'closed' ? judgement : undefined,
      isTold: rest.expectedRevision > 0,
    });
    fc.assert(
      fc.property(
        fc.subarray(events, { minLength: 1 }).chain((chosen) =>
          fc.record({
            chosen: fc.constant(chosen),
            mixed: fc.shuffledSubarray([...chosen, ...chosen], { minLength: chosen.length * 2 }),
            cuts: fc.array(fc.nat(24), { maxLength: 4 }),
          }),
        ),
        ({ chosen, mixed, cuts }) => {
          const bounds = [0, ...cuts.sort((a, b) => a - b), mixed.length];
          const batches = bounds.slice(1).map((end, n) => mixed.slice(bounds[n], end));
          const once = apart([chosen]).stored;
          const many = apart(batches.filter((batch) => batch.length > 0)).stored;
          const { isTold, ...now } = result(many);
          expect(now).toEqual({ ...result(once), isTold: undefined });
          expect(isTold || !result(once).isTold).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });
});

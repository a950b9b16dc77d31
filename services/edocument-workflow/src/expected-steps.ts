import { type CloudEvent, type StepDueV1 } from '@par/contracts';
import { type Conformance } from './conformance.ts';
import { JUDGEMENT_SOURCE } from './judgement-event.ts';
import { type StepClock } from './step-clock.ts';
import { type WorkDossier } from './work-dossier.ts';

export type ExpectedStep = StepDueV1['steps'][number];

/** As many as `step.due` tells; a process with more ways side by side is no process of an office. */
const MOST_STEPS = 50;

/** Whether anybody still has to do something: not of one that is closed, nor where the citizen's dossier has come to its end. */
export function isAtWork({ state, endedAt }: WorkDossier): boolean {
  return state === 'open' && endedAt === undefined;
}

/** The steps that a process expects now of a work dossier that is at work, in the order of the file. */
export function expectedSteps({ next }: Conformance, clock: StepClock): ExpectedStep[] {
  return next.slice(0, MOST_STEPS).map(({ step: { id, name, role, workingHours, signature, paper }, since }) => {
    const due = workingHours === undefined ? undefined : clock.after(since, workingHours);
    return {
      step: name,
      element: id,
      ...(role !== undefined && { role }),
      since,
      ...(due !== undefined && { due }),
      signature,
      paper,
    };
  });
}

const FIELDS = ['step', 'element', 'role', 'since', 'due', 'signature', 'paper'] as const satisfies readonly (keyof ExpectedStep)[];

/** Field by field: what comes back from the database has them in another order. */
export function isSameExpectation(a: readonly ExpectedStep[], b: readonly ExpectedStep[]): boolean {
  return a.length === b.length && a.every((step, n) => FIELDS.every((field) => step[field] === b[n]![field]));
}

/** Its identity follows from the work dossier and the revision alone. `at` is an ISO instant. */
export function stepDueEvent(subject: string, unit: string, at: string, data: StepDueV1): CloudEvent<'vn.par.step.due.v1'> {
  return {
    specversion: '1.0',
    source: JUDGEMENT_SOURCE,
    id: `${subject}:steps:${data.revision}`,
    type: 'vn.par.step.due.v1',
    subject,
    time: at,
    datacontenttype: 'application/json',
    unit,
    received: at,
    data,
  };
}

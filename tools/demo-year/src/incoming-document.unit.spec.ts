import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { STEP_ACTS } from '@par/contracts';
import { INCOMING_DOCUMENT, INCOMING_STEPS, type IncomingStep, walkIncomingDocument } from './incoming-document.ts';

const file = new URL(`../../../services/edocument-workflow/processes/${INCOMING_DOCUMENT}.bpmn`, import.meta.url);

/** Steps of the file that ships, each with its lane, in the order in which they stand there. */
function shippedSteps(): { id: string; step: string; role: string }[] {
  const xml = readFileSync(file, 'utf8');
  const laneOf = new Map<string, string>();
  for (const [, role = '', inside = ''] of xml.matchAll(/<bpmn:lane [^>]*name="([^"]+)">([\s\S]*?)<\/bpmn:lane>/g))
    for (const [, id = ''] of inside.matchAll(/<bpmn:flowNodeRef>([^<]+)</g)) laneOf.set(id, role);
  return [...xml.matchAll(/<bpmn:userTask id="([^"]+)" name="([^"]+)"/g)].map(([, id = '', step = '']) => ({
    id,
    step,
    role: laneOf.get(id)!,
  }));
}

const stepsOf = (walk: IncomingStep[]): { step: string; role: string }[] => walk.map(({ step, role }) => ({ step, role }));
const byStep = (a: { step: string }, b: { step: string }): number => (a.step < b.step ? -1 : 1);

describe('a walk through the process of incoming documents', () => {
  it('has the steps and lanes of the file that ships, all of them between its two ends', () => {
    const known = Object.entries(INCOMING_STEPS).map(([id, { step, role }]) => ({ id, step, role }));
    expect(known.sort(byStep)).toEqual(shippedSteps().sort(byStep));
    const walked = [...walkIncomingDocument(), ...walkIncomingDocument({ isRefused: true }).slice(1)];
    expect(stepsOf(walked).sort(byStep)).toEqual(stepsOf(Object.values(INCOMING_STEPS)).sort(byStep));
    for (const { act } of walked) expect(act === undefined || STEP_ACTS.includes(act)).toBe(true);
  });

  it('passes over the supporting unit, or registers late, where that is chosen', () => {
    const whole = walkIncomingDocument();
    expect(walkIncomingDocument({ isWithoutOpinion: true })).toEqual(whole.filter(({ role }) => role !== 'Đơn vị phối hợp'));
    const late = walkIncomingDocument({ isRegisteredLate: true });
    expect(late.map(({ step }) => whole.findIndex((each) => each.step === step))).toEqual([0, 2, 1, 3, 4, 5, 6, 7]);
  });
});

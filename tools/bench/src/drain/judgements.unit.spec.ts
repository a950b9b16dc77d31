import { describe, expect, it } from '@jest/globals';
import { type AnyEvent } from '@par/contracts';
import { Judgements } from './judgements.ts';

const TIME = '2021-03-01T03:00:00.000Z';

function event(id: string, name: string, data: object): AnyEvent {
  const type = `vn.par.work-dossier.${name}.v1`;
  const rest = {
    specversion: '1.0',
    source: 's',
    subject: 'w',
    time: TIME,
    unit: 'u',
    received: TIME,
    datacontenttype: 'application/json',
  };
  return { ...rest, id, type, data } as unknown as AnyEvent;
}
const step = (id: string, medium: string): AnyEvent => event(id, 'step-taken', { step: 'x', medium });
const completed = event('c', 'completed', {});

function judge(...events: AnyEvent[]): unknown[] {
  const judgements = new Judgements();
  return events.flatMap((each) => judgements.after(each)?.data ?? []);
}

describe('the judgement of a work dossier', () => {
  it('comes with its completion and not before', () => {
    expect(judge(step('1', 'network'))).toEqual([]);
    expect(judge(step('1', 'network'), completed)).toEqual([
      { revision: 1, state: 'closed', completedAt: TIME, processedOnline: true, reasons: [], steps: 1, paperSteps: 0 },
    ]);
  });

  it('is told again when a late step changes it', () => {
    const [, second] = judge(step('1', 'network'), completed, step('2', 'paper'));
    expect(second).toMatchObject({ revision: 2, processedOnline: false, reasons: ['paper-step'], steps: 2, paperSteps: 1 });
  });

  it('believes whoever declares that it was on paper, until that is taken back', () => {
    const declared = event('p', 'paper-declared', {});
    const takenBack = event('p-back', 'corrected', { source: 's', id: 'p', reason: 'entered-by-mistake' });
    const told = judge(step('1', 'network'), declared, completed, takenBack);
    expect(told).toMatchObject([
      { revision: 1, processedOnline: false, reasons: ['declared-paper'] },
      { revision: 2, processedOnline: true, reasons: [] },
    ]);
  });

  it('is told again when a step is taken back, and open when its completion is', () => {
    const takeBack = (id: string): AnyEvent => event(`${id}-back`, 'corrected', { source: 's', id, reason: 'wrong-content' });
    const told = judge(step('1', 'paper'), completed, takeBack('1'), takeBack('c'));
    expect(told.at(1)).toMatchObject({ reasons: ['no-step-recorded'], steps: 0 });
    expect(told.at(2)).toMatchObject({ revision: 3, state: 'open', reasons: [] });
  });
});

import { type Unit } from '@par/administration';
import { type Medium, type ProducerEvent } from '@par/contracts';
import { INCOMING_DOCUMENT, walkIncomingDocument } from '@par/demo-year';
import { event, instant, pick, WORKFLOW } from './made-up-event.ts';

/** Documents that came in on the day, which the departments settle by the process `incoming-document`. Invented like the rest of the day. */
const MATTERS = 20;

/** Minutes between two steps. */
const PACE = 28;

/**
 * Most go as the process says and end before the evening. One in five leaves out the supporting unit's opinion, one in seven is numbered after it was handed up, and some
 * are still with somebody when the day ends.
 */
export function madeUpMatters(departments: readonly Unit[]): ProducerEvent[] {
  return Array.from({ length: MATTERS }, (_, n) => matterOf(n, pick(departments, n * 3), pick(departments, n * 3 + 1))).flat();
}

function matterOf(n: number, unit: Unit, supporting: Unit): ProducerEvent[] {
  const subject = `VBD-${unit.id}-${String(n + 1).padStart(3, '0')}`;
  const opened = 20 + n * 9;
  const due = instant(opened + (n % 4 === 2 ? 4 : 28) * 60);
  const steps = walkIncomingDocument({ isWithoutOpinion: n % 5 === 3, isRegisteredLate: n % 7 === 5 });
  const isOpen = n % 6 === 4;
  const taken = isOpen ? steps.slice(0, 2 + (n % 4)) : steps;
  return [
    event({
      source: WORKFLOW,
      id: `${subject}/opened`,
      type: 'vn.par.work-dossier.opened.v1',
      subject,
      minute: opened,
      unit,
      data: {
        kind: 'incoming-document',
        process: INCOMING_DOCUMENT,
        supporting: [supporting.id],
        due,
        urgency: n % 4 === 2 ? 'urgent' : 'normal',
      },
    }),
    ...taken.map((step, i) => {
      const medium: Medium = n % 9 === 7 && i === taken.length - 1 ? 'paper' : 'network';
      return event({
        source: WORKFLOW,
        id: `${subject}/step-${i + 1}`,
        type: 'vn.par.work-dossier.step-taken.v1',
        subject,
        minute: opened + PACE * (i + 1),
        unit,
        data: { ...step, medium, actor: `cb-${(n % 9) + 1}` },
      });
    }),
    ...(isOpen
      ? []
      : [
          event({
            source: WORKFLOW,
            id: `${subject}/completed`,
            type: 'vn.par.work-dossier.completed.v1',
            subject,
            minute: opened + PACE * (taken.length + 1),
            unit,
            data: {},
          }),
        ]),
  ];
}

import { type Medium, type Urgency } from '@par/contracts';
import { type Office } from './demo-offices.ts';
import {
  INCOMING_DOCUMENT,
  INCOMING_STEPS as STEPS,
  type IncomingStep,
  type IncomingWalk,
  walkIncomingDocument,
} from './incoming-document.ts';
import { type DocumentFacts } from './document-facts.ts';
import { afterOfficeTime, HOUR, MINUTE, officeInstant, SECOND } from './office-time.ts';
import { type OfficeStory } from './office-story.ts';

/** Rare things that a receiver does. */
export type ReceiverFate =
  /** Sent back: it was not for them, or the file was broken. */
  | 'refused'
  /** Sent back by mistake, taken back within the hour, and taken in after all. */
  | 'refused-by-mistake'
  /** Assigned to the wrong office, and put right. */
  | 'assigned-wrongly';

/** A document as it comes in at an office. */
export interface Receipt {
  document: string;
  office: Office;
  /** Identifier of the organisation under which the office has it. */
  recipient: string;
  arrivedAt: number;
  register: string;
  urgency: Urgency;
  due?: string;
  /** Told with the arrival where the issuer tells nothing here. */
  facts?: DocumentFacts;
  /** After this nobody works on it any more: it was taken back by its issuer. */
  until?: number;
  fate?: ReceiverFate;
  /** Whether the office's software opens a work dossier and tells its steps. */
  opensMatter: boolean;
}

/** Office minutes from one step to the next, well within what the process allows. */
const PACE: Record<string, [least: number, most: number]> = {
  [STEPS.receive.step]: [5, 120],
  [STEPS.refuse.step]: [10, 180],
  [STEPS.register.step]: [5, 180],
  [STEPS.submit.step]: [10, 200],
  [STEPS.direct.step]: [20, 420],
  [STEPS.opinion.step]: [60, 1_200],
  [STEPS.settle.step]: [60, 1_100],
  [STEPS.report.step]: [15, 400],
  [STEPS.file.step]: [20, 800],
};
/** Office time by which some settle a document later than the process allows. */
const SLOW = 45 * HOUR;

interface TakenStep extends IncomingStep {
  at: number;
}

/** Tells what one receiver does with a document, from its arrival to its file, as far as it gets: statuses, and the steps of the matter that it makes. */
export function tellReceipt(story: OfficeStory, receipt: Receipt): void {
  const { chance } = story;
  const { document, office, recipient, facts, arrivedAt, until = Infinity } = receipt;
  if (arrivedAt > until) return;
  const arrived = { recipient, ...(facts && { document: facts }) };
  story.tell(office, 'vn.par.document.arrived.v1', document, arrivedAt, arrived, `${recipient}/arrived`);
  const supporting = story.others(office, chance.happens(0.3) ? 2 : 1, arrivedAt).map(({ unit }) => unit.id);
  const walk: IncomingWalk = {
    isRefused: receipt.fate === 'refused',
    isWithoutOpinion: chance.happens(0.15),
    isRegisteredLate: chance.happens(0.08),
  };
  const isOpen = chance.happens(0.06);
  const all = timesOf(walkIncomingDocument(walk), story, arrivedAt);
  const taken = (isOpen ? all.slice(0, chance.whole(1, 5)) : all).filter(({ at }) => at <= until);
  tellWords(story, receipt, taken, supporting);
  if (receipt.opensMatter) tellMatter(story, receipt, { taken, supporting, isOpen });
}

function timesOf(steps: readonly IncomingStep[], { chance }: OfficeStory, from: number): TakenStep[] {
  let at = officeInstant(from);
  return steps.map((step) => {
    const [least, most] = PACE[step.step] ?? [10, 60];
    const isSlow = step.step === STEPS.settle.step && chance.happens(0.1);
    at = afterOfficeTime(at, chance.whole(least, most) * MINUTE + (isSlow ? SLOW : 0));
    return { ...step, at };
  });
}

/** Status by status, each beside the step that it stands for. */
function tellWords(story: OfficeStory, receipt: Receipt, taken: readonly TakenStep[], supporting: string[]): void {
  const { chance } = story;
  const { document, office, recipient, register, due, fate } = receipt;
  const name = (word: string): string => `${recipient}/${word}`;
  if (fate === 'refused-by-mistake') {
    const at = receipt.arrivedAt + 2 * MINUTE;
    const told = story.tell(office, 'vn.par.document.refused.v1', document, at, { recipient, reason: 'bad-signature' }, name('refused'));
    const corrected = { ...told, reason: 'entered-by-mistake' } as const;
    story.tell(office, 'vn.par.document.corrected.v1', document, at + MINUTE, corrected, name('refused/corrected'));
  }
  for (const { step, at } of taken) {
    switch (step) {
      case STEPS.refuse.step: {
        const reason = chance.pick(['not-ours', 'broken-file', 'wrong-form'] as const);
        story.tell(office, 'vn.par.document.refused.v1', document, at, { recipient, reason }, name('refused'));
        break;
      }
      case STEPS.register.step: {
        const number = story.books.next(story.unitAt(office, at), 'incoming', register);
        const data = { recipient, register, ...(number === undefined ? {} : { number }) };
        story.tell(office, 'vn.par.document.registered.v1', document, at, data, name('registered'));
        break;
      }
      case STEPS.direct.step: {
        const lead = story.unitAt(office, at);
        const assign = (to: string, when: number, as: string) =>
          story.tell(
            office,
            'vn.par.document.assigned.v1',
            document,
            when,
            { recipient, lead: to, supporting: supporting.filter((each) => each !== to), ...(due === undefined ? {} : { due }) },
            name(as),
          );
        if (fate === 'assigned-wrongly') {
          const corrected = { ...assign(supporting[0]!, at, 'assigned'), reason: 'wrong-content' } as const;
          story.tell(office, 'vn.par.document.corrected.v1', document, at + 5 * MINUTE, corrected, name('assigned/corrected'));
          assign(lead, at + 6 * MINUTE, 'assigned-2');
        } else assign(lead, at, 'assigned');
        story.tell(office, 'vn.par.document.in-process.v1', document, at + chance.whole(8, 30) * MINUTE, { recipient }, name('in-process'));
        break;
      }
      case STEPS.report.step:
        story.tell(office, 'vn.par.document.completed.v1', document, at + 30 * SECOND, { recipient }, name('completed'));
        break;
      default:
        // Says nothing to the issuer.
        break;
    }
  }
}

/** The work dossier that the office opens for it, by the process that ships. */
function tellMatter(
  story: OfficeStory,
  receipt: Receipt,
  way: { taken: readonly TakenStep[]; supporting: string[]; isOpen: boolean },
): void {
  const { chance } = story;
  const { office, document, arrivedAt, due, urgency, until } = receipt;
  const subject = `VBD-${office.unit.id}-${story.serial}`;
  const openedAt = arrivedAt + chance.whole(20, 100) * SECOND;
  const opened = {
    kind: 'incoming-document',
    process: INCOMING_DOCUMENT,
    document,
    supporting: way.supporting,
    ...(due === undefined ? {} : { due }),
    urgency,
  } as const;
  story.tell(office, 'vn.par.work-dossier.opened.v1', subject, openedAt, opened, 'opened');
  const paperStep = paperStepOf(story, office, way.taken);
  for (const [n, { at, ...step }] of way.taken.entries()) {
    const medium: Medium = step.step === paperStep ? 'paper' : 'network';
    const data = { ...step, medium, actor: `cb-${chance.whole(1, 9)}`, document };
    story.tell(office, 'vn.par.work-dossier.step-taken.v1', subject, at, data, `step-${n + 1}`);
  }
  if (way.isOpen) return;
  const last = way.taken.at(-1)?.at ?? openedAt;
  const end = Math.max(last, until ?? 0) + chance.whole(1, 20) * MINUTE;
  story.tell(office, 'vn.par.work-dossier.completed.v1', subject, end, {}, 'completed');
}

/** The step that was on paper, if any. The first may be: what comes by post is taken in by hand, and the process allows it. */
function paperStepOf({ chance }: OfficeStory, { paper }: Office, taken: readonly TakenStep[]): string | undefined {
  if (chance.happens(0.06)) return taken[0]?.step;
  return chance.happens(paper) ? taken.at(-2)?.step : undefined;
}

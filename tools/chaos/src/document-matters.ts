import { type EventData, type EventType, type ProducerEvent } from '@par/contracts';
import { INCOMING_DOCUMENT, walkIncomingDocument } from '@par/demo-year';
import { Dice } from './dice.ts';

/** One document for so many other events: about a tenth of all events is of documents and the matters that they make. */
const ONE_IN = 130;
/** Events of a document and its matter, about. */
const EVENTS_EACH = 14;
const MINUTE = 60_000;
/** Days of the year are gone through round and round, so that no register is filled in the order of the days. */
const FIRST_DAY = Date.parse('2021-01-04T01:00:00Z');
const DAYS = 340;
const REGISTERS = ['cong-van', 'quyet-dinh', 'bao-cao'];

/** How many more events there are with the documents among them. */
export const SHARE_OF_DOCUMENTS = EVENTS_EACH / ONE_IN;

/**
 * Puts documents between two departments among other events: numbered and issued by one, arrived, registered, assigned and mostly completed at the other, which opens a matter for it and
 * takes its steps, not always as the process wants them. The same seed gives the same documents.
 * @param told is told of each number that is asked for, by these documents or by those that the events are of: each has to be in a register, once
 */
export function* withDocuments(
  events: Iterable<ProducerEvent>,
  units: readonly ProducerEvent[],
  seed: number,
  told: () => void = () => undefined,
): Generator<ProducerEvent> {
  const departments = units
    .filter((event) => event.type === 'vn.par.unit.opened.v1' && 'kind' in event.data && event.data.kind === 'department')
    .map(({ subject }) => subject);
  let count = 0;
  for (const event of events) {
    if (asksForNumber(event)) told();
    yield event;
    count += 1;
    if (count % ONE_IN !== 0) continue;
    for (const each of documentOf(count / ONE_IN, departments, new Dice(seed ^ (count / ONE_IN)))) {
      if (asksForNumber(each)) told();
      yield each;
    }
  }
}

/** Whether the ledger gives it a number of a register; a unit that tells the number keeps its register itself. */
export function asksForNumber({ type, data }: ProducerEvent): boolean {
  const isRegistration = type === 'vn.par.document.registered.v1' || type === 'vn.par.document.numbered.v1';
  return isRegistration && 'register' in data && !('number' in data);
}

function documentOf(n: number, departments: readonly string[], dice: Dice): ProducerEvent[] {
  const from = dice.whole(0, departments.length - 1);
  const to = (from + dice.whole(1, departments.length - 1)) % departments.length;
  const [sender, receiver] = [departments[from]!, departments[to]!];
  const [issuer, recipient] = [`H57.${from + 20}`, `H57.${to + 20}`];
  const document = `${issuer},chaos,${n}`;
  const matter = `VBD-${receiver}-${n}`;
  const register = dice.pick(REGISTERS);
  const issued = FIRST_DAY + ((n * 17) % DAYS) * 1440 * MINUTE + dice.whole(0, 400) * MINUTE;
  const at = (minute: number): string => new Date(issued + minute * MINUTE).toISOString();
  const due = at(dice.whole(2, 9) * 1440);
  const tell = <T extends EventType>(
    type: T,
    subject: string,
    unit: string,
    minute: number,
    name: string,
    data: EventData[T],
  ): ProducerEvent => ({
    specversion: '1.0',
    id: `${subject}/${name}`,
    source: `urn:par:chaos:documents:${unit}`,
    type,
    subject,
    time: at(minute),
    sent: at(minute),
    unit,
    datacontenttype: 'application/json',
    data,
  });
  const facts = { issuer, recipients: [recipient], urgency: dice.happens(0.2) ? 'urgent' : 'normal', due, files: [] } as const;
  const events = [
    tell('vn.par.document.numbered.v1', document, sender, 0, 'numbered', { register }),
    tell('vn.par.document.issued.v1', document, sender, 5, 'issued', { ...facts, recipients: [...facts.recipients], files: [] }),
    tell('vn.par.document.arrived.v1', document, receiver, 7, 'arrived', { recipient }),
    tell('vn.par.document.registered.v1', document, receiver, 30, 'registered', { recipient, register }),
    tell('vn.par.document.assigned.v1', document, receiver, 90, 'assigned', { recipient, lead: receiver, supporting: [sender], due }),
    tell('vn.par.work-dossier.opened.v1', matter, receiver, 20, 'opened', {
      kind: 'incoming-document',
      process: INCOMING_DOCUMENT,
      document,
      supporting: [sender],
      due,
      urgency: facts.urgency,
    }),
  ];
  const steps = walkIncomingDocument({ isWithoutOpinion: dice.happens(0.2), isRegisteredLate: dice.happens(0.15) });
  const isOpen = dice.happens(0.2);
  const taken = isOpen ? steps.slice(0, dice.whole(0, 4)) : steps;
  for (const [i, step] of taken.entries()) {
    const medium = dice.happens(0.03) ? 'paper' : 'network';
    events.push(
      tell('vn.par.work-dossier.step-taken.v1', matter, receiver, 25 + i * dice.whole(20, 600), `step-${i + 1}`, { ...step, medium }),
    );
  }
  if (isOpen) return events;
  return [
    ...events,
    tell('vn.par.document.completed.v1', document, receiver, 6_000, 'completed', { recipient }),
    tell('vn.par.work-dossier.completed.v1', matter, receiver, 6_010, 'completed', {}),
  ];
}

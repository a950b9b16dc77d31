import { type Channel, type EventIdentity, EXTENSION_REASONS, type PauseReason } from '@par/contracts';
import { ratingOf } from './demo-ratings.ts';
import { type DossierStory } from './dossier-story.ts';
import { afterOfficeTime, appointmentOf, DAY, HOUR, localText, MINUTE, officeInstant, officeMsOf, SECOND } from './office-time.ts';
import { tellWork } from './work-steps.ts';

/** Where an office stands with a dossier. */
interface Desk {
  at: number;
  /** Office time that is left until it is done, counted from `at`. */
  left: number;
  /** The appointment as the office knows it. */
  due: number | undefined;
}

/** The office's own idea of a term where nobody has entered one. */
const USUAL_TERM = 5 * 8 * HOUR;
/** Only a longer term leaves room to wait for somebody before its end. */
const ROOM_TO_STOP = 16 * HOUR;

/** Tells one dossier from its application to its last message, as far as it gets in the year. */
export function tellDossier(story: DossierStory, earlierCode: string | undefined): void {
  const { arrival } = story;
  const { chance, oddity, channel, registeredAt, receivedAt, procedure } = arrival;
  if (registeredAt !== undefined)
    story.tell('portal', 'vn.par.dossier.registered.v1', registeredAt, { channel, procedure: procedure.code });
  if (oddity === undefined && chance.happens(0.02)) {
    const reason = chance.pick(['incomplete', 'not-our-authority', 'conditions-not-met', 'sent-twice'] as const);
    story.tell('intake', 'vn.par.dossier.intake-refused.v1', receivedAt, { reason });
    return;
  }
  tellReceipt(story);
  if (earlierCode !== undefined && chance.happens(0.015))
    story.tell('intake', 'vn.par.dossier.linked.v1', receivedAt + 5 * MINUTE, {
      to: earlierCode,
      relation: chance.pick(['part-of', 'follows'] as const),
    });
  if (story.knowsCodesOnly && chance.happens(0.08))
    story.tell('intake', 'vn.par.dossier.state-reported.v1', receivedAt + 30 * MINUTE, { code: '11' }, 'unknown-state');
  tellTransfer(story);
  const desk = tellStops(story, {
    at: officeInstant(receivedAt),
    left: workOf(story),
    due: arrival.due ?? (arrival.term && arrival.tellsProcedure ? appointmentOf(receivedAt, arrival.term) : undefined),
  });
  if (desk) tellEnd(story, desk);
}

function termMs(story: DossierStory): number {
  const { term } = story.arrival;
  return term ? officeMsOf(term) : USUAL_TERM;
}

/** Office time until a dossier is done: mostly well within its term, some on its last day, some late. */
function workOf(story: DossierStory): number {
  const { chance, office } = story.arrival;
  const term = termMs(story);
  if (chance.happens(office.late)) return term * (1.03 + chance.next() * chance.next() * 1.4);
  if (chance.happens(office.lastMinute)) return term - Math.min(term * 0.1, chance.between(2, 50) * MINUTE);
  return term * chance.between(0.2, 0.93);
}

function tellReceipt(story: DossierStory): void {
  const { arrival } = story;
  const { chance, oddity, channel, receivedAt, procedure, office, intake, due } = arrival;
  const data = {
    channel,
    ...(due === undefined ? {} : { due: localText(oddity === 'due-before-receipt' ? receivedAt - DAY : due) }),
    ...(arrival.tellsProcedure ? { procedure: procedure.code } : {}),
    ...(arrival.tellsLevel ? { onlineLevel: procedure.levels.findLast(({ from }) => from <= receivedAt)?.level ?? 1 } : {}),
    ...(office.unit.id === intake ? {} : { responsible: office.unit.id }),
  };
  const isWrong = oddity === 'wrong-channel' || (oddity === undefined && !story.knowsCodesOnly && chance.happens(0.005));
  if (!isWrong) {
    const told = story.tell('intake', 'vn.par.dossier.received.v1', receivedAt, data);
    if (oddity === 'correction-taken-back') takeBackACorrection(story, told);
    if (oddity === 'received-twice')
      story.tell(
        'intake',
        'vn.par.dossier.received.v1',
        receivedAt + MINUTE,
        { ...data, due: localText(receivedAt + 40 * DAY) },
        'received-again',
      );
    return;
  }
  // The counter ticked the wrong channel, and puts it right within the hour.
  const wrong: Channel = channel === 'counter' ? 'online' : 'counter';
  const told = story.tell('intake', 'vn.par.dossier.received.v1', receivedAt, { ...data, channel: wrong });
  const supersededBy = `${story.code}/received-2`;
  const rightAt = receivedAt + chance.whole(3, 50) * MINUTE;
  story.tell('intake', 'vn.par.dossier.corrected.v1', rightAt, { ...told, reason: 'wrong-content', supersededBy }, 'received/corrected');
  story.tell('intake', 'vn.par.dossier.received.v1', receivedAt, data, 'received-2');
}

/** Taken back by mistake, and the taking back taken back: the receipt stands. */
function takeBackACorrection(story: DossierStory, told: EventIdentity): void {
  const { receivedAt } = story.arrival;
  const type = 'vn.par.dossier.corrected.v1';
  const mistake = story.tell('intake', type, receivedAt + 10 * MINUTE, { ...told, reason: 'sent-twice' }, 'received/corrected');
  story.tell('intake', type, receivedAt + 20 * MINUTE, { ...mistake, reason: 'entered-by-mistake' }, 'received/corrected/corrected');
}

/** The one-stop centre hands over the same day, or first thing next morning; a ward sends a few on to a body outside the city. */
function tellTransfer(story: DossierStory): void {
  const { chance, receivedAt, intake, office } = story.arrival;
  const at = afterOfficeTime(receivedAt, chance.whole(10, 90) * MINUTE);
  if (office.unit.id !== intake) story.tell('intake', 'vn.par.dossier.transferred.v1', at, { to: 'unit', unit: office.unit.id });
  else if (chance.happens(0.03)) story.tell('intake', 'vn.par.dossier.transferred.v1', at, { to: 'authority' });
}

/** Waits for papers, money and others, one after the other. Undefined where nobody ever came back. */
function tellStops(story: DossierStory, desk: Desk): Desk | undefined {
  const { chance, oddity, office, procedure } = story.arrival;
  const term = termMs(story);
  const room = Math.min(desk.left, term);
  if (term < ROOM_TO_STOP || office.manner.kind === 'stamps-when-sent' || oddity === 'due-before-receipt') return desk;
  const supplements = oddity === 'three-supplements' ? 3 : chance.happens(0.075) ? (chance.happens(0.12) ? 2 : 1) : 0;
  for (let n = 1; n <= supplements; n++) {
    work(desk, room * chance.between(0.05, 0.3));
    story.tell('office', 'vn.par.dossier.supplement-requested.v1', desk.at, {}, `supplement-requested-${n}`);
    if (oddity === undefined && chance.happens(0.1)) {
      if (chance.happens(0.4))
        story.tell('office', 'vn.par.dossier.refused.v1', officeInstant(desk.at + 30 * DAY), { reason: 'not-supplemented' });
      return undefined;
    }
    supplemented(story, desk, n);
  }
  const isStopped = supplements === 0 && oddity === undefined && chance.happens(office.unit.kind === 'provincial-body' ? 0.2 : 0.05);
  if (isStopped) pause(story, desk, room);
  else if (oddity !== 'extended-twice' && procedure.fee && chance.happens(0.35)) payFee(story, desk, room);
  else if (supplements === 0) extend(story, desk);
  return desk;
}

function work(desk: Desk, ms: number): void {
  desk.at = afterOfficeTime(desk.at, ms);
  desk.left -= ms;
}

/** The papers come in after some days; the term starts from zero, whether the source says so or leaves it to the catalogue. */
function supplemented(story: DossierStory, desk: Desk, n: number): void {
  const { chance, term, tellsProcedure } = story.arrival;
  const waited = chance.whole(1, 9) * DAY + chance.whole(0, 200) * MINUTE;
  const from = desk.at;
  desk.at = chance.happens(0.7) ? officeInstant(from + waited) + chance.whole(1, 40) * MINUTE : from + waited;
  // An office may promise a shorter time than the term; where it says nothing, the term holds.
  const isTold = term !== undefined && chance.happens(0.5);
  const fresh = term && (isTold && chance.happens(0.4) ? afterOfficeTime(desk.at, officeMsOf(term) * 0.6) : appointmentOf(desk.at, term));
  const data = isTold && fresh !== undefined ? { due: localText(fresh) } : {};
  story.tell('intake', 'vn.par.dossier.supplemented.v1', desk.at, data, `supplemented-${n}`);
  if (isTold || (fresh !== undefined && tellsProcedure)) desk.due = fresh;
  else if (desk.due !== undefined) desk.due += desk.at - from;
  desk.left = workOf(story);
}

function pause(story: DossierStory, desk: Desk, room: number): void {
  const { chance, office } = story.arrival;
  work(desk, room * chance.between(0.15, 0.5));
  const isLand = office.unit.kind === 'provincial-body';
  const reason = chance.weighted<PauseReason>(['tax', 'other-body', 'site-check', 'applicant', 'other'], (each) =>
    each === 'tax' ? (isLand ? 8 : 1) : each === 'other-body' ? 4 : 1,
  );
  story.tell('office', 'vn.par.dossier.paused.v1', desk.at, { reason });
  const from = desk.at;
  desk.at = officeInstant(from + chance.whole(1, 12) * DAY + chance.whole(0, 300) * MINUTE) + chance.whole(1, 59) * SECOND;
  const waited = desk.at - from;
  // Where the source writes an appointment, it is a kind one or the old one once more.
  const due = desk.due !== undefined && chance.happens(0.4) ? desk.due + (chance.happens(0.5) ? waited + DAY : 0) : undefined;
  story.tell('office', 'vn.par.dossier.resumed.v1', desk.at, due === undefined ? {} : { due: localText(due) });
  if (desk.due !== undefined) desk.due = due ?? desk.due + waited;
}

function payFee(story: DossierStory, desk: Desk, room: number): void {
  const { chance, channel } = story.arrival;
  work(desk, room * chance.between(0.3, 0.6));
  story.tell('office', 'vn.par.dossier.fee-requested.v1', desk.at, {});
  const from = desk.at;
  const isQuick = chance.happens(0.6);
  desk.at = isQuick ? from + chance.whole(3, 40) * MINUTE : officeInstant(from + chance.whole(6, 80) * HOUR) + chance.whole(1, 30) * MINUTE;
  const paidBy: Channel = channel === 'online' || chance.happens(0.1) ? 'online' : 'counter';
  story.tell('intake', 'vn.par.dossier.fee-paid.v1', desk.at, { channel: paidBy });
  if (desk.due !== undefined) desk.due += desk.at - from;
}

/** Apology and a new date (Mẫu 04), for some of those that will be late; one piece of software lets it be done twice. */
function extend(story: DossierStory, desk: Desk): void {
  const { chance, oddity } = story.arrival;
  const term = termMs(story);
  const isTwice = oddity === 'extended-twice';
  if (isTwice) desk.left = Math.max(desk.left, term);
  if (desk.due === undefined || desk.left < term * 0.9 || !(isTwice || chance.happens(0.4))) return;
  work(desk, term * 0.8);
  const put = (days: number, name?: string): number => {
    const due = afterOfficeTime(desk.due!, days * 8 * HOUR);
    story.tell('office', 'vn.par.dossier.extended.v1', desk.at, { due: localText(due), reason: chance.pick(EXTENSION_REASONS) }, name);
    return due;
  };
  const due = put(chance.whole(2, 8));
  if (isTwice) {
    work(desk, HOUR);
    put(chance.whole(9, 15), 'extended-again');
  }
  desk.due = due;
}

function tellEnd(story: DossierStory, desk: Desk): void {
  const { chance, oddity, receivedAt } = story.arrival;
  const turn = oddity === undefined ? chance.next() : 1;
  if (turn < 0.006) {
    // Some lie where they are and nobody knows why.
    tellWork(story, receivedAt, undefined);
    return;
  }
  if (turn < 0.03) {
    work(desk, Math.max(0, desk.left) * chance.between(0.1, 0.8));
    story.tell('intake', 'vn.par.dossier.withdrawn.v1', desk.at, {});
    tellWork(story, receivedAt, undefined);
    return;
  }
  work(desk, Math.max(10 * MINUTE, desk.left));
  desk.at += chance.whole(0, 59) * SECOND;
  tellWork(story, receivedAt, desk.at);
  if (turn < 0.055) {
    const reason = chance.pick(['conditions-not-met', 'not-our-authority', 'other'] as const);
    story.tell('office', 'vn.par.dossier.refused.v1', desk.at, { reason });
    return;
  }
  // Some software knows no state between work and return.
  const isReadyTold = oddity === 'returned-before-receipt' ? false : !chance.happens(0.02);
  if (isReadyTold) story.tell('office', 'vn.par.dossier.result-ready.v1', desk.at, {});
  tellReturn(story, desk, isReadyTold);
}

function tellReturn(story: DossierStory, desk: Desk, isReadyTold: boolean): void {
  const { chance, oddity, channel, receivedAt } = story.arrival;
  if (oddity === undefined && chance.happens(0.015)) return;
  const by: Channel = channel === 'online' ? (chance.happens(0.82) ? 'online' : 'counter') : chance.happens(0.04) ? 'post' : channel;
  const soon = chance.whole(1, 20) * MINUTE;
  const at = by === 'online' || !isReadyTold ? desk.at + soon : officeInstant(desk.at + chance.whole(0, 4) * DAY + soon * 3) + soon;
  const when = oddity === 'returned-before-receipt' ? receivedAt - 2 * HOUR : at;
  const data = {
    ...(chance.happens(0.02) ? {} : { channel: by }),
    ...(chance.happens(0.6) ? { electronic: by === 'online' || chance.happens(0.2) } : {}),
  };
  story.tell('intake', 'vn.par.dossier.returned.v1', when, data);
  if (oddity === 'returned-twice')
    story.tell('intake', 'vn.par.dossier.returned.v1', when + HOUR, { channel: by === 'online' ? 'counter' : 'online' }, 'returned-again');
  if (chance.happens(0.12)) ratingOf(story, at + chance.whole(1, 90) * MINUTE);
}

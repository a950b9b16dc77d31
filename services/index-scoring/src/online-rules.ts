import { type LifeMoment } from '@par/administration';
import { type CaseView } from './case-view.ts';
import { type Verdict, verdict } from './verdict.ts';

/** Goal 4c by its denominators, the network rules of goal 6, and what Decision 766 counts of payment and results. */

/** Received online and returned online ÷ finished (goal 4c as written: "tiếp nhận, giao trả"). */
export function ofFinished(view: CaseView): Verdict[] {
  return view.result ? [onlineBothWays(view, view.result)] : [];
}

/** The same ÷ finished dossiers of procedures known to be at level 3 or 4 when received (TT 23/2018 art. 8.3b). */
export function ofOnlineProcedures(view: CaseView): Verdict[] {
  return view.result && (view.onlineLevel ?? 0) >= 3 ? [onlineBothWays(view, view.result)] : [];
}

/** The same ÷ received, in the month of receipt. */
export function ofReceived(view: CaseView): Verdict[] {
  const { received } = view.fact.life;
  return received ? [onlineBothWays(view, received)] : [];
}

/** Received online ÷ received, in the month of receipt: how the city's own 2020 report counted (3,764 / 33,450). */
export function receivedOnline(view: CaseView): Verdict[] {
  const { received } = view.fact.life;
  if (!received) return [];
  return [verdict(view.unitOf(received), received, received.channel === 'online' ? [] : [`received-by-${received.channel}`])];
}

/** Decision 766, 3.3 without the sync rate, which no source of ours knows: received online, with an electronic result ÷ received. */
export function receivedOnlineElectronic(view: CaseView): Verdict[] {
  const { received, returned } = view.fact.life;
  if (!received) return [];
  const reasons: string[] = [];
  if (received.channel !== 'online') reasons.push(`received-by-${received.channel}`);
  if (returned?.electronic !== true) reasons.push('no-electronic-result');
  return [verdict(view.unitOf(received), received, reasons)];
}

/** Decision 766, 4.1: electronic results ÷ results returned. */
export function electronicResult(view: CaseView): Verdict[] {
  const { returned } = view.fact.life;
  return returned ? [verdict(view.unitOf(returned), returned, returned.electronic === true ? [] : ['no-electronic-result'])] : [];
}

/** Decision 766, 3.6: dossiers whose fee was paid online ÷ dossiers with a fee paid. */
export function feePaidOnline(view: CaseView): Verdict[] {
  const [paid] = view.fact.life.feesPaid;
  return paid ? [verdict(view.unitOf(paid), paid, paid.channel === 'online' ? [] : [`paid-by-${paid.channel}`])] : [];
}

/** Closed and processed online ÷ closed work dossiers, as edocument-workflow judged (goals 6a and 6b), for the unit that closed it. */
export function everyStepOnNetwork({ fact: { closed } }: CaseView): Verdict[] {
  return closed ? [verdict(closed.unit, closed, closed.processedOnline ? [] : closed.reasons)] : [];
}

/** Closed as their process says ÷ closed work dossiers with a process (goal 8), for the unit that closed it. */
export function everyStepAsProcess({ fact: { closed } }: CaseView): Verdict[] {
  return closed?.deviations ? [verdict(closed.unit, closed, closed.deviations)] : [];
}

/** The same without asking how long the steps took: that is the matter of deadlines. */
export function everyStepInOrder({ fact: { closed } }: CaseView): Verdict[] {
  return closed?.deviations
    ? [
        verdict(
          closed.unit,
          closed,
          closed.deviations.filter((kind) => kind !== 'step-over-time'),
        ),
      ]
    : [];
}

/** Finished dossiers whose every message, steps of the work dossier included, came over the dedicated network ÷ finished. */
export function everyMessageOnTslcd(view: CaseView): Verdict[] {
  if (!view.result) return [];
  const { messages, messagesOnTslcd } = view.fact;
  const isWhole = messages > 0 && messagesOnTslcd === messages;
  return [verdict(view.unitOf(view.result), view.result, isWhole ? [] : ['message-over-internet'])];
}

function onlineBothWays(view: CaseView, moment: LifeMoment): Verdict {
  const { received, returned } = view.fact.life;
  const reasons: string[] = [];
  if (received?.channel !== 'online') reasons.push(received ? `received-by-${received.channel}` : 'receipt-not-known');
  if (view.onlineLevel !== undefined && view.onlineLevel < 3) reasons.push('procedure-below-level-3');
  if (returned?.channel !== 'online') reasons.push(returned ? `returned-by-${returned.channel ?? 'unknown-channel'}` : 'not-returned-yet');
  return verdict(view.unitOf(moment), moment, reasons);
}

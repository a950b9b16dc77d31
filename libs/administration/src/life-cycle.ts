import { type PauseReason } from '@par/contracts';
import { addContradictions, findingOf, inFindingOrder, type LifeContext } from './life-cycle-findings.ts';
import { utcText } from './life-cycle-instant.ts';
import {
  type DossierEvent,
  type DossierEventOf,
  type FindingCode,
  type LifeCycle,
  type LifeMoment,
  type StopCause,
} from './life-cycle-shape.ts';
import { closeStop, closeStops, type Folding, openStop } from './life-cycle-stops.ts';
import { NATIONAL_STATES, nationalStateOf, type Clock, type NationalState } from './national-state.ts';
import { standingEvents } from './standing-events.ts';

/** Whom each reason of a pause waits for. */
const CAUSES: Readonly<Record<PauseReason, StopCause>> = {
  applicant: 'applicant',
  tax: 'tax',
  'other-body': 'other-body',
  'site-check': 'other-body',
  other: 'other',
};

/**
 * Folds the set of a dossier's events into its life. A pure function of the set: order of arrival and duplicates do not matter, a correction
 * works wherever it stands. Of a moment that is told more than once the earliest standing telling holds; what contradicts it is a finding.
 * It runs for every event that is counted: one sort and one pass, some ten microseconds for the ten events or so of a dossier. Never throws.
 */
export function foldLifeCycle(events: Iterable<DossierEvent>, context: LifeContext = {}): LifeCycle {
  const set = standingEvents(events, 'vn.par.dossier.corrected.v1');
  const folding: Folding = {
    life: {
      state: undefined,
      supplementRequests: [],
      supplements: [],
      pauses: [],
      resumptions: [],
      feesPaid: [],
      stops: [],
      transfers: [],
      ratings: [],
      links: [],
      findings: [],
    },
    open: {},
    closedAt: {},
    unasked: {},
  };
  for (const event of set.standing) tell(folding, event);
  const { life } = folding;
  const ended = endOf(life);
  if (ended) life.ended = ended;
  closeStops(folding);
  life.state = stateOf(folding);
  addContradictions(life, set, context);
  life.findings.sort(inFindingOrder);
  return life;
}

/** What the clock does now. The national list has one code for a pause and a refusal; only one of them goes on. */
export function clockOf({ state, ended }: LifeCycle): Clock | undefined {
  if (state === undefined) return undefined;
  return state === 8 && ended ? 'stopped' : NATIONAL_STATES[state].clock;
}

function tell(folding: Folding, event: DossierEvent): void {
  const { life } = folding;
  switch (event.type) {
    case 'vn.par.dossier.registered.v1':
      life.registered ??= momentOf(event);
      return;
    case 'vn.par.dossier.received.v1':
      return receive(life, event, event.data);
    case 'vn.par.dossier.intake-refused.v1':
      return once(life, 'intakeRefused', event, 'intake-refused-twice');
    case 'vn.par.dossier.supplement-requested.v1':
      return requestSupplement(folding, event);
    case 'vn.par.dossier.supplemented.v1':
      folding.workedOnAt = event.time;
      answer(life.supplements, event, event.data.due);
      return closeStop(folding, event, 'supplement');
    case 'vn.par.dossier.transferred.v1':
      folding.workedOnAt = event.time;
      life.transfers.push({ ...momentOf(event), to: event.data.to, toUnit: event.data.unit });
      return;
    case 'vn.par.dossier.fee-requested.v1':
      return openStop(folding, event, 'fee', 'tax');
    case 'vn.par.dossier.fee-paid.v1':
      folding.workedOnAt = event.time;
      life.feesPaid.push({ ...momentOf(event), channel: event.data.channel });
      return closeStop(folding, event, 'fee');
    case 'vn.par.dossier.paused.v1':
      life.pauses.push(momentOf(event));
      return openStop(folding, event, 'pause', CAUSES[event.data.reason]);
    case 'vn.par.dossier.resumed.v1':
      folding.workedOnAt = event.time;
      answer(life.resumptions, event, event.data.due);
      return closeStop(folding, event, 'pause');
    case 'vn.par.dossier.extended.v1':
      folding.workedOnAt = event.time;
      return extend(life, event);
    case 'vn.par.dossier.result-ready.v1':
      folding.endsAt ??= event.time;
      return once(life, 'resultReady', event, 'result-ready-twice');
    case 'vn.par.dossier.returned.v1':
      folding.endsAt ??= event.time;
      return giveBack(life, event, event.data);
    case 'vn.par.dossier.refused.v1':
      folding.endsAt ??= event.time;
      return once(life, 'refused', event, 'refused-twice');
    case 'vn.par.dossier.withdrawn.v1':
      folding.endsAt ??= event.time;
      return once(life, 'withdrawn', event, 'withdrawn-twice');
    case 'vn.par.dossier.rated.v1':
      life.ratings.push({ ...momentOf(event), questionSet: event.data.questionSet, answers: event.data.answers });
      return;
    case 'vn.par.dossier.linked.v1':
      life.links.push({ ...momentOf(event), to: event.data.to, relation: event.data.relation });
      return;
    case 'vn.par.dossier.state-reported.v1':
      return report(folding, event);
    case 'vn.par.dossier.corrected.v1':
      // Did its work before the fold began.
      return;
  }
}

/** A source that knows nothing but the national list: its code means the event of that state. */
function report(folding: Folding, event: DossierEventOf<'vn.par.dossier.state-reported.v1'>): void {
  const { life } = folding;
  const { code, due } = event.data;
  switch (nationalStateOf(code)) {
    case 1:
      life.registered ??= momentOf(event);
      return;
    case 2:
      // The national portal takes a missing channel as direct.
      return receive(life, event, { channel: 'counter', due });
    case 3:
      return once(life, 'intakeRefused', event, 'intake-refused-twice');
    case 4:
      folding.workedOnAt = event.time;
      return;
    case 5:
      return requestSupplement(folding, event);
    case 6:
      return openStop(folding, event, 'fee', 'tax');
    case 7:
      folding.endsAt ??= event.time;
      return once(life, 'withdrawn', event, 'withdrawn-twice');
    case 8:
      life.pauses.push(momentOf(event));
      return openStop(folding, event, 'pause', 'other');
    case 9:
      folding.endsAt ??= event.time;
      return once(life, 'resultReady', event, 'result-ready-twice');
    case 10:
      folding.endsAt ??= event.time;
      return giveBack(life, event, {});
    case undefined:
      life.findings.push({ ...findingOf('unknown-national-code', event), raw: code });
      return;
  }
}

function receive(life: LifeCycle, event: DossierEvent, told: DossierEventOf<'vn.par.dossier.received.v1'>['data']): void {
  const { channel, procedure, onlineLevel, responsible } = told;
  const due = told.due === undefined ? undefined : utcText(told.due);
  const held = life.received;
  if (!held) {
    life.received = { ...momentOf(event), channel, due, procedure, onlineLevel, responsible };
  } else if (
    held.at !== event.time ||
    held.unit !== event.unit ||
    held.channel !== channel ||
    differ(held.due, due) ||
    differ(held.procedure, procedure) ||
    differ(held.onlineLevel, onlineLevel) ||
    differ(held.responsible, responsible)
  ) {
    life.findings.push(findingOf('received-twice', event));
  }
}

function giveBack(life: LifeCycle, event: DossierEvent, told: DossierEventOf<'vn.par.dossier.returned.v1'>['data']): void {
  const { channel, electronic } = told;
  const held = life.returned;
  if (!held) life.returned = { ...momentOf(event), channel, electronic };
  else if (held.at !== event.time || differ(held.channel, channel) || differ(held.electronic, electronic)) {
    life.findings.push(findingOf('returned-twice', event));
  }
}

function once(
  life: LifeCycle,
  moment: 'intakeRefused' | 'resultReady' | 'refused' | 'withdrawn',
  event: DossierEvent,
  twice: FindingCode,
): void {
  const held = life[moment];
  if (!held) life[moment] = momentOf(event);
  else if (held.at !== event.time) life.findings.push(findingOf(twice, event));
}

function extend(life: LifeCycle, event: DossierEventOf<'vn.par.dossier.extended.v1'>): void {
  const due = utcText(event.data.due);
  const held = life.extension;
  if (!held) life.extension = { ...momentOf(event), due };
  else if (held.at !== event.time || held.due !== due) life.findings.push(findingOf('extended-twice', event));
}

function requestSupplement(folding: Folding, event: DossierEvent): void {
  const requests = folding.life.supplementRequests;
  if (requests.at(-1)?.at !== event.time) {
    if (requests.length > 0) folding.life.findings.push(findingOf('supplement-requested-twice', event));
    requests.push(momentOf(event));
  }
  openStop(folding, event, 'supplement', 'applicant');
}

/** An answer to a request, with the new appointment where it is told; two tellings of one instant are one. */
function answer(answers: (LifeMoment & { due?: string })[], event: DossierEvent, told: string | undefined): void {
  const due = told === undefined ? undefined : utcText(told);
  const last = answers.at(-1);
  if (last?.at !== event.time) answers.push({ ...momentOf(event), due });
  else last.due ??= due;
}

function endOf({ resultReady, returned, refused, withdrawn }: LifeCycle): LifeCycle['ended'] {
  const result = resultReady ?? returned;
  let ended: LifeCycle['ended'] = result && endedAs('result', result);
  if (refused && (!ended || refused.at < ended.at)) ended = endedAs('refused', refused);
  if (withdrawn && (!ended || withdrawn.at < ended.at)) ended = endedAs('withdrawn', withdrawn);
  return ended;
}

function endedAs(as: NonNullable<LifeCycle['ended']>['as'], { at, unit, sent, event }: LifeMoment): LifeCycle['ended'] {
  return { at, unit, sent, event, as };
}

function stateOf({ life, open, workedOnAt }: Folding): NationalState | undefined {
  switch (life.ended?.as) {
    case 'result':
      return life.returned ? 10 : 9;
    case 'refused':
      return 8;
    case 'withdrawn':
      return 7;
    case undefined:
  }
  if (life.intakeRefused) return 3;
  if (open.supplement) return 5;
  if (open.fee) return 6;
  if (open.pause) return 8;
  if (workedOnAt !== undefined && (!life.received || workedOnAt >= life.received.at)) return 4;
  if (life.received) return 2;
  return life.registered ? 1 : undefined;
}

function momentOf({ time, unit, sent, source, id }: DossierEvent): LifeMoment {
  return { at: time, unit, sent, event: { source, id } };
}

/** Whether two tellings contradict each other. One that says less does not. */
function differ<T>(a: T | undefined, b: T | undefined): boolean {
  return a !== undefined && b !== undefined && a !== b;
}

import { type Channel, type EventType } from '@par/contracts';
import { endOfTerm, type IndependentTerm } from './independent-calendar.ts';
import { type IndependentProcedure, levelAt, termAt } from './independent-catalogue.ts';
import { is, ofType, standing, type Told } from './independent-events.ts';

export type StopKind = 'supplement' | 'fee' | 'pause';

export interface IndependentStop {
  kind: StopKind;
  from: number;
  /** Infinity while nothing has ended it. */
  to: number;
}

interface Happening {
  at: number;
  unit: string;
  sentAt?: number;
}

export interface IndependentReceipt extends Happening {
  channel: Channel;
  due?: number;
  procedure?: string;
  level?: number;
  responsible?: string;
}

/** One dossier after its corrections: what happened first of each kind, the stops, the appointments. */
export interface IndependentDossier {
  code: string;
  receipt?: IndependentReceipt;
  intakeRefused: boolean;
  requests: Happening[];
  stops: IndependentStop[];
  resultReady?: Happening;
  returned?: Happening & { channel?: Channel };
  refused?: Happening;
  withdrawn?: Happening;
  ended?: Happening & { as: 'result' | 'refused' | 'withdrawn' };
  firstDue?: number;
  due?: number;
  /** How much of the time stood still the due date already allows for, having been put off or set anew. */
  allowed: number;
  /** Standing ratings in order. */
  ratings: Told<'vn.par.dossier.rated.v1'>[];
}

/** What a standing event says, with the national code of a state-reported one put into words. */
type Word = Happening & { says: EventType | 'nothing'; event: Told };

const WORD_OF_CODE: Record<string, EventType> = {
  '1': 'vn.par.dossier.registered.v1',
  '2': 'vn.par.dossier.received.v1',
  '3': 'vn.par.dossier.intake-refused.v1',
  '5': 'vn.par.dossier.supplement-requested.v1',
  '6': 'vn.par.dossier.fee-requested.v1',
  '7': 'vn.par.dossier.withdrawn.v1',
  '8': 'vn.par.dossier.paused.v1',
  '9': 'vn.par.dossier.result-ready.v1',
  '10': 'vn.par.dossier.returned.v1',
};

export function readDossier(
  code: string,
  events: readonly Told[],
  procedureOf: (code: string) => IndependentProcedure | undefined,
): IndependentDossier {
  const told = standing(events, 'vn.par.dossier.corrected.v1');
  const words = told.map((event): Word => {
    const says = is(event, 'vn.par.dossier.state-reported.v1') ? (WORD_OF_CODE[event.data.code] ?? 'nothing') : event.type;
    return { says, event, at: event.at, unit: event.unit, ...(event.sentAt === undefined ? {} : { sentAt: event.sentAt }) };
  });
  const first = (says: EventType): Word | undefined => words.find((word) => word.says === says);
  const returned = first('vn.par.dossier.returned.v1');
  const dossier: IndependentDossier = {
    code,
    intakeRefused: first('vn.par.dossier.intake-refused.v1') !== undefined,
    requests: words.filter((word) => word.says === 'vn.par.dossier.supplement-requested.v1'),
    stops: [],
    allowed: 0,
    ratings: ofType(told, 'vn.par.dossier.rated.v1'),
    ...present('receipt', receiptOf(first('vn.par.dossier.received.v1'))),
    ...present('resultReady', first('vn.par.dossier.result-ready.v1')),
    ...present('returned', returned && { ...returned, ...channelOf(returned.event) }),
    ...present('refused', first('vn.par.dossier.refused.v1')),
    ...present('withdrawn', first('vn.par.dossier.withdrawn.v1')),
  };
  const ended = endOf(dossier);
  if (ended) dossier.ended = ended;
  goThrough(words, dossier, procedureOf);
  return dossier;
}

function present<K extends string, V>(name: K, value: V | undefined): { [N in K]?: V } {
  return (value === undefined ? {} : { [name]: value }) as { [N in K]?: V };
}

function receiptOf(word: Word | undefined): IndependentReceipt | undefined {
  if (!word) return undefined;
  const { event, says: _, ...at } = word;
  if (is(event, 'vn.par.dossier.state-reported.v1'))
    return { ...at, channel: 'counter', ...(event.data.due === undefined ? {} : { due: Date.parse(event.data.due) }) };
  if (!is(event, 'vn.par.dossier.received.v1')) return undefined;
  const { channel, due, procedure, onlineLevel, responsible } = event.data;
  return {
    ...at,
    channel,
    ...present('due', due === undefined ? undefined : Date.parse(due)),
    ...present('procedure', procedure),
    ...present('level', onlineLevel),
    ...present('responsible', responsible),
  };
}

function channelOf(event: Told): { channel?: Channel } {
  return is(event, 'vn.par.dossier.returned.v1') && event.data.channel !== undefined ? { channel: event.data.channel } : {};
}

/** The result: ready or, where nobody said so, returned. */
export function resultOf(dossier: IndependentDossier): Happening | undefined {
  return dossier.resultReady ?? dossier.returned;
}

function endOf(dossier: IndependentDossier): IndependentDossier['ended'] {
  const result = resultOf(dossier);
  const ends: NonNullable<IndependentDossier['ended']>[] = [];
  // The result stands first, so that it is preferred where moments tie.
  if (result) ends.push({ ...result, as: 'result' });
  if (dossier.refused) ends.push({ ...dossier.refused, as: 'refused' });
  if (dossier.withdrawn) ends.push({ ...dossier.withdrawn, as: 'withdrawn' });
  return ends.reduce<IndependentDossier['ended']>((earliest, end) => (earliest && earliest.at <= end.at ? earliest : end), undefined);
}

/** Walks through what happened up to the end, with one clock in hand: opens and closes stops, moves the appointment. */
function goThrough(
  words: readonly Word[],
  dossier: IndependentDossier,
  procedureOf: (code: string) => IndependentProcedure | undefined,
): void {
  const { receipt } = dossier;
  const end = dossier.ended?.at ?? Infinity;
  const term = receipt?.procedure === undefined ? undefined : termAt(procedureOf(receipt.procedure), receipt.at);
  let due = dueAtReceipt(receipt, term);
  if (due !== undefined) dossier.firstDue = due;
  const open = new Map<StopKind, IndependentStop>();
  const stop = (kind: StopKind, at: number): void => {
    if (open.has(kind)) return;
    const begun = { kind, from: at, to: end };
    open.set(kind, begun);
    dossier.stops.push(begun);
  };
  const go = (kind: StopKind, at: number): number => {
    const begun = open.get(kind);
    open.delete(kind);
    if (!begun) return 0;
    begun.to = at;
    return at - begun.from;
  };
  const move = (to: number | undefined, waited: number): void => {
    if (due !== undefined && to !== undefined) dossier.allowed += Math.min(Math.max(to - due, 0), waited);
    else if (to !== undefined) dossier.allowed += waited;
    due = to;
  };
  let isExtended = false;
  for (const { says, at, event } of words) {
    if (at > end) continue;
    if (says === 'vn.par.dossier.supplement-requested.v1') stop('supplement', at);
    if (says === 'vn.par.dossier.fee-requested.v1') stop('fee', at);
    if (says === 'vn.par.dossier.paused.v1') stop('pause', at);
    if (is(event, 'vn.par.dossier.supplemented.v1')) {
      const waited = go('supplement', at);
      move(toldDue(event.data.due) ?? (term ? endOfTerm(at, term) : later(due, waited)), waited);
    }
    if (is(event, 'vn.par.dossier.fee-paid.v1')) {
      const waited = go('fee', at);
      move(later(due, waited), waited);
    }
    if (is(event, 'vn.par.dossier.resumed.v1')) {
      const waited = go('pause', at);
      move(toldDue(event.data.due) ?? later(due, waited), waited);
    }
    if (is(event, 'vn.par.dossier.extended.v1') && !isExtended) {
      isExtended = true;
      due = Date.parse(event.data.due);
      dossier.allowed = stoodStill(dossier.stops, receipt?.at ?? -Infinity, at);
    }
  }
  if (due !== undefined) dossier.due = due;
}

function dueAtReceipt(receipt: IndependentReceipt | undefined, term: IndependentTerm | undefined): number | undefined {
  if (receipt?.due !== undefined) return receipt.due;
  return receipt && term ? endOfTerm(receipt.at, term) : undefined;
}

function toldDue(due: string | undefined): number | undefined {
  return due === undefined ? undefined : Date.parse(due);
}

function later(due: number | undefined, by: number): number | undefined {
  return due === undefined ? undefined : due + by;
}

/** Milliseconds of a span in which the dossier stood still; a moment in two stops counts once. */
export function stoodStill(stops: readonly IndependentStop[], from: number, to: number): number {
  const inside = stops
    .map((stop) => ({ from: Math.max(stop.from, from), to: Math.min(stop.to, to) }))
    .filter((stop) => stop.from < stop.to)
    .sort((a, b) => a.from - b.from);
  let total = 0;
  let reached = from;
  for (const stop of inside) {
    if (stop.to <= reached) continue;
    total += stop.to - Math.max(stop.from, reached);
    reached = stop.to;
  }
  return total;
}

/** The level that a dossier's procedure had when it was received. */
export function levelOf(
  { receipt }: IndependentDossier,
  procedureOf: (code: string) => IndependentProcedure | undefined,
): number | undefined {
  if (!receipt) return undefined;
  if (receipt.level !== undefined) return receipt.level;
  return receipt.procedure === undefined ? undefined : levelAt(procedureOf(receipt.procedure), receipt.at);
}

/** The unit that a dossier counts for: who is responsible, else who received it, else who sent what decides. */
export function unitOf({ receipt }: IndependentDossier, deciding: { unit: string }): string {
  return receipt?.responsible ?? receipt?.unit ?? deciding.unit;
}

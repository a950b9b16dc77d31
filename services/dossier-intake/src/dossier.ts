import { type AnyEvent, type Channel, type CorrectionReason, type EventIdentity, type Network } from '@par/contracts';

/** Events about a dossier that this service takes. */
export type DossierEvent = Extract<AnyEvent, { type: `vn.par.dossier.${string}` }>;

/** States of a dossier by the national portal's list `TrangThaiHoSo` (domain 2.5), as far as events of this service lead to them. */
export const NATIONAL_STATES = {
  2: { vi: 'Được tiếp nhận', en: 'Received' },
  4: { vi: 'Đang xử lý', en: 'In process' },
  9: { vi: 'Đã xử lý xong', en: 'Result ready' },
  10: { vi: 'Đã trả kết quả', en: 'Result returned' },
} as const;
export type NationalState = keyof typeof NATIONAL_STATES;

/** The appointment on the receipt slip (Mẫu 01), or that it was left open. */
export type Due = { given: true; at: string } | { given: false };

/** What is known of the receipt. A later event may come first: then the receipt is still to come. */
export type Receipt = { known: true; at: string; channel: Channel; due: Due; procedure?: string } | { known: false };

export type DossierState =
  | { name: 'taken-back' }
  | { name: 'received'; receipt: Extract<Receipt, { known: true }> }
  | { name: 'result-ready'; receipt: Receipt; readyAt: string }
  | { name: 'returned'; receipt: Receipt; readyAt?: string; returnedAt: string; channel?: Channel };

export interface TimelineEntry extends EventIdentity {
  type: DossierEvent['type'];
  /** When it happened, as the source says. */
  happened: string;
  /** When the source sent it; null where it did not say. */
  sent: string | null;
  /** When we took it in. */
  received: string;
  network: Network | null;
  unit: string;
  data: DossierEvent['data'];
  /** The correction that takes this event back. */
  takenBack: (EventIdentity & { reason: CorrectionReason; at: string }) | null;
}

export interface Dossier {
  state: DossierState;
  timeline: TimelineEntry[];
}

/**
 * Folds the set of a dossier's events into its state. Neither order nor duplicates of the events matter: they are sorted by (time, source,
 * id), corrections take events back wherever they stand, and of two events that say the same the first one holds.
 */
export function foldDossier(events: Iterable<DossierEvent>): Dossier {
  const sorted = [...new Map([...events].map((event) => [keyOf(event), event])).values()].sort(byTimeAndIdentity);
  const takenBack = correctionsInEffect(sorted);
  const standing = sorted.filter((event) => !takenBack.has(keyOf(event)));
  return { state: stateOf(standing), timeline: sorted.map((event) => entryOf(event, takenBack.get(keyOf(event)))) };
}

/** The national state, or undefined where every event was taken back. */
export function nationalStateOf(state: DossierState): NationalState | undefined {
  switch (state.name) {
    case 'taken-back':
      return undefined;
    case 'received':
      return 2;
    case 'result-ready':
      return 9;
    case 'returned':
      return 10;
  }
}

type Correction = Extract<DossierEvent, { type: 'vn.par.dossier.corrected.v1' }>;

/**
 * The correction in effect on each event that is taken back. A correction can be taken back itself; where corrections take back each other
 * in a ring, the one that comes last in order holds.
 */
function correctionsInEffect(sorted: readonly DossierEvent[]): Map<string, Correction> {
  const against = new Map<string, Correction[]>();
  for (const event of sorted) {
    if (event.type !== 'vn.par.dossier.corrected.v1') continue;
    const target = keyOf(event.data);
    const others = against.get(target);
    if (others) others.push(event);
    else against.set(target, [event]);
  }
  const inEffect = new Map<string, boolean>();
  const holds = (correction: Correction): boolean => {
    const key = keyOf(correction);
    const known = inEffect.get(key);
    if (known !== undefined) return known;
    inEffect.set(key, true);
    const result = !(against.get(key) ?? []).some((other) => keyOf(other) !== key && holds(other));
    inEffect.set(key, result);
    return result;
  };
  for (const event of sorted.toReversed()) if (event.type === 'vn.par.dossier.corrected.v1') holds(event);

  const takenBack = new Map<string, Correction>();
  for (const [target, corrections] of against) {
    const first = corrections.find((correction) => holds(correction) && keyOf(correction) !== target);
    if (first) takenBack.set(target, first);
  }
  return takenBack;
}

function stateOf(standing: readonly DossierEvent[]): DossierState {
  const received = standing.find((event) => event.type === 'vn.par.dossier.received.v1');
  const ready = standing.find((event) => event.type === 'vn.par.dossier.result-ready.v1');
  const returned = standing.find((event) => event.type === 'vn.par.dossier.returned.v1');
  const receipt: Receipt = received
    ? {
        known: true,
        at: received.time,
        channel: received.data.channel,
        due: received.data.due === undefined ? { given: false } : { given: true, at: new Date(received.data.due).toISOString() },
        ...(received.data.procedure === undefined ? {} : { procedure: received.data.procedure }),
      }
    : { known: false };
  if (returned) {
    return {
      name: 'returned',
      receipt,
      ...(ready ? { readyAt: ready.time } : {}),
      returnedAt: returned.time,
      ...(returned.data.channel === undefined ? {} : { channel: returned.data.channel }),
    };
  }
  if (ready) return { name: 'result-ready', receipt, readyAt: ready.time };
  return receipt.known ? { name: 'received', receipt } : { name: 'taken-back' };
}

function entryOf(event: DossierEvent, by: Correction | undefined): TimelineEntry {
  return {
    type: event.type,
    happened: event.time,
    sent: event.sent ?? null,
    received: event.received,
    network: event.network ?? null,
    unit: event.unit,
    source: event.source,
    id: event.id,
    data: event.data,
    takenBack: by ? { source: by.source, id: by.id, reason: by.data.reason, at: by.time } : null,
  };
}

function keyOf({ source, id }: EventIdentity): string {
  return `${source}\0${id}`;
}

function byTimeAndIdentity(a: DossierEvent, b: DossierEvent): number {
  return order(a.time, b.time) || order(a.source, b.source) || order(a.id, b.id);
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

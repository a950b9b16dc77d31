import {
  CHANNEL_LABELS,
  CLOCK_LABELS,
  clockOf,
  type Due,
  DUE_BASIS_LABELS,
  DUE_SET_LABELS,
  duesOf,
  END_LABELS,
  FINDING_LABELS,
  type Label,
  type LifeCycle,
  type LifeMoment,
  type LifeTimelineEntry,
  NATIONAL_STATES,
  nationalCodeOf,
  STOP_CAUSE_LABELS,
  STOP_LABELS,
} from '@par/administration';
import { EVENT_LABELS, type EventName } from './event-labels.ts';
import { type ShownDossier, type ShownDue, type ShownMoment } from './show-dossier.dto.ts';

const TAKEN_BACK: Label = { vi: 'Đã đính chính, không còn hiệu lực', en: 'Taken back by correction' };
const UNKNOWN: Label = { vi: 'Chưa rõ trạng thái', en: 'State not known' };

/** What people see of a dossier's life. */
export function shownLife(life: LifeCycle, timeline: readonly LifeTimelineEntry[]): Omit<ShownDossier, 'code' | 'unit' | 'responsible'> {
  const { received, returned, ended } = life;
  const { first, inForce } = duesOf(life);
  return {
    state: shownState(life, timeline),
    receivedAt: received?.at ?? null,
    channel: received
      ? { name: received.channel, national: nationalCodeOf(received.channel), label: CHANNEL_LABELS[received.channel] }
      : null,
    procedure: received?.procedure ?? null,
    onlineLevel: received?.onlineLevel ?? null,
    due: inForce?.at ?? null,
    dueLeftOpen: received !== undefined && received.due === undefined,
    dues: { first: shownDue(first), inForce: shownDue(inForce) },
    readyAt: life.resultReady?.at ?? null,
    returnedAt: returned?.at ?? null,
    returnChannel: returned?.channel ?? null,
    electronicResult: returned?.electronic ?? null,
    ended: ended ? { at: ended.at, as: ended.as, label: END_LABELS[ended.as] } : null,
    moments: shownMoments(life),
    stops: life.stops.map(({ from, to, by, cause }) => ({
      from,
      to: to ?? null,
      by,
      label: STOP_LABELS[by],
      cause,
      causeLabel: STOP_CAUSE_LABELS[cause],
    })),
    findings: life.findings.map(({ code, event, raw }) => ({ code, label: FINDING_LABELS[code], event: event ?? null, raw: raw ?? null })),
    timeline: timeline.map(shownEntry),
  };
}

function shownState(life: LifeCycle, timeline: readonly LifeTimelineEntry[]): ShownDossier['state'] {
  const clock = clockOf(life);
  if (life.state !== undefined && clock !== undefined) {
    const { name, label } = NATIONAL_STATES[life.state];
    return { name, national: life.state, label, clock: { name: clock, label: CLOCK_LABELS[clock] } };
  }
  const standing = timeline.some(({ event, takenBack }) => !takenBack && event.type !== 'vn.par.dossier.corrected.v1');
  const none = standing ? { name: 'unknown', label: UNKNOWN } : { name: 'taken-back', label: TAKEN_BACK };
  return { ...none, national: null, clock: null };
}

function shownDue(due: Due | undefined): ShownDue | null {
  if (!due) return null;
  return { ...due, basisLabel: DUE_BASIS_LABELS[due.basis], setLabel: DUE_SET_LABELS[due.set] };
}

function shownMoments(life: LifeCycle): ShownMoment[] {
  const all: [EventName, readonly (LifeMoment | undefined)[]][] = [
    ['registered', [life.registered]],
    ['received', [life.received]],
    ['intake-refused', [life.intakeRefused]],
    ['linked', life.links],
    ['transferred', life.transfers],
    ['supplement-requested', life.supplementRequests],
    ['supplemented', life.supplements],
    ['fee-paid', life.feesPaid],
    ['resumed', life.resumptions],
    ['extended', [life.extension]],
    ['result-ready', [life.resultReady]],
    ['returned', [life.returned]],
    ['refused', [life.refused]],
    ['withdrawn', [life.withdrawn]],
    ['rated', life.ratings],
  ];
  const moments = all.flatMap(([name, told]) =>
    told.flatMap((moment): ShownMoment[] => {
      if (!moment) return [];
      const { at, sent, unit, event } = moment;
      return [{ name, label: EVENT_LABELS[`vn.par.dossier.${name}.v1`], at, sent: sent ?? null, unit, event }];
    }),
  );
  // Stable, so that what happened at one instant stands in the order of a dossier's way.
  return moments.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

function shownEntry({ event, takenBack }: LifeTimelineEntry): ShownDossier['timeline'][number] {
  return {
    type: event.type,
    label: EVENT_LABELS[event.type],
    happened: event.time,
    sent: event.sent ?? null,
    received: event.received,
    network: event.network ?? null,
    unit: event.unit,
    source: event.source,
    id: event.id,
    data: event.data,
    takenBack: takenBack ?? null,
  };
}

import {
  type Clock,
  type Due,
  type FindingCode,
  type Label,
  type LifeCycle,
  type LifeTimelineEntry,
  type NationalState,
  type Stop,
} from '@par/administration';
import { type Channel, type EventIdentity, type Network, type UnitKind } from '@par/contracts';

/** A unit as it was called on the day. */
export interface ShownUnit {
  id: string;
  name: string;
  nameEn: string;
  kind: UnitKind | null;
}

/** Something that happened, as the events that hold say; the details stand in the timeline under the same identity. */
export interface ShownMoment {
  /** Name of the event's type: `vn.par.dossier.<name>.v1`. */
  name: string;
  label: Label;
  at: string;
  /** When the source sent it; null where it did not say. */
  sent: string | null;
  unit: string;
  event: EventIdentity;
}

export interface ShownDue {
  at: string;
  basis: Due['basis'];
  basisLabel: Label;
  set: Due['set'];
  setLabel: Label;
}

export interface ShownStop {
  from: string;
  /** Null while it lasts. */
  to: string | null;
  by: Stop['by'];
  label: Label;
  cause: Stop['cause'];
  causeLabel: Label;
}

export interface ShownFinding {
  code: FindingCode;
  label: Label;
  event: EventIdentity | null;
  /** A national code that the list does not have. */
  raw: string | null;
}

export interface ShownTimelineEntry extends EventIdentity {
  type: string;
  label: Label;
  /** When it happened, as the source says. */
  happened: string;
  /** When the source sent it; null where it did not say. */
  sent: string | null;
  /** When we took it in. */
  received: string;
  network: Network | null;
  unit: string;
  data: object;
  /** The correction that takes this event back. */
  takenBack: NonNullable<LifeTimelineEntry['takenBack']> | null;
}

/** Answer of `GET /v1/dossiers/{code}`. All instants are RFC 3339 in UTC. */
export interface ShownDossier {
  code: string;
  /** The unit that took it in or, until that is known, the one of its first event. */
  unit: ShownUnit;
  /** The unit that has to settle it, where that is another. */
  responsible: ShownUnit | null;
  state: {
    /** `taken-back` where every event was taken back, `unknown` where nothing known says a state. */
    name: string;
    /** `TrangThaiHoSo` of the national portal; null where there is none. */
    national: NationalState | null;
    label: Label;
    clock: { name: Clock; label: Label } | null;
  };
  /** Null while only later events are known. */
  receivedAt: string | null;
  channel: { name: Channel; national: string; label: Label } | null;
  procedure: string | null;
  /** Online service level at receipt, scheme 1–4; null where the source did not say. */
  onlineLevel: number | null;
  /** The appointment in force; null where none is known. */
  due: string | null;
  /** Whether the receipt is known and told no appointment. */
  dueLeftOpen: boolean;
  /** What the slips told, and what follows from it; terms of procedures are not known here. */
  dues: { first: ShownDue | null; inForce: ShownDue | null };
  readyAt: string | null;
  returnedAt: string | null;
  returnChannel: Channel | null;
  /** Whether there is an electronic result; null where that is not known. */
  electronicResult: boolean | null;
  ended: { at: string; as: NonNullable<LifeCycle['ended']>['as']; label: Label } | null;
  /** What holds of it, in time order. */
  moments: ShownMoment[];
  stops: ShownStop[];
  findings: ShownFinding[];
  /** Every event that came in, in time order, those that were taken back too. */
  timeline: ShownTimelineEntry[];
}

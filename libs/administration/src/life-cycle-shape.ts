import {
  type Channel,
  type CloudEvent,
  type EventIdentity,
  type EventType,
  type LinkRelation,
  type Network,
  type RatedAnswer,
  type TransferTarget,
} from '@par/contracts';
import { type NationalState } from './national-state.ts';

/** Types of the events that are about a dossier. */
export type DossierEventType = Extract<EventType, `vn.par.dossier.${string}`>;

/** What the fold needs of an event about a dossier. `time` and `sent` are UTC instants with milliseconds, so that text order is time order. */
export type DossierEventOf<T extends DossierEventType> = Pick<
  CloudEvent<T>,
  'source' | 'id' | 'type' | 'time' | 'unit' | 'sent' | 'received' | 'data'
> & { network?: Network };
export type DossierEvent = { [T in DossierEventType]: DossierEventOf<T> }[DossierEventType];

/** When and where something happened, when the source sent it, and the event that says so. */
export interface LifeMoment {
  at: string;
  unit: string;
  sent?: string;
  event: EventIdentity;
}

/** Whom a dossier waited for. */
export type StopCause = 'applicant' | 'tax' | 'other-body' | 'other';

/** A span in which the clock stood still: from the request to its answer, or to the end of the dossier; open while neither is known. */
export interface Stop {
  from: string;
  to?: string;
  cause: StopCause;
  by: 'supplement' | 'fee' | 'pause';
}

export type FindingCode =
  | 'unknown-national-code'
  | 'received-twice'
  | 'intake-refused-twice'
  | 'result-ready-twice'
  | 'returned-twice'
  | 'refused-twice'
  | 'withdrawn-twice'
  | 'extended-twice'
  | 'supplement-requested-twice'
  | 'ended-in-two-ways'
  | 'intake-refused-and-received'
  | 'ready-before-received'
  | 'returned-before-received'
  | 'returned-before-ready'
  | 'registered-after-received'
  | 'processed-before-received'
  | 'supplemented-without-request'
  | 'fee-paid-without-request'
  | 'resumed-without-pause'
  | 'extended-after-due'
  | 'due-before-receipt'
  | 'event-after-end'
  | 'code-date-differs'
  | 'correction-without-target'
  | 'happened-after-sent';

/** Facts of a dossier that contradict each other or the law. The order in which they came in is none. */
export interface Finding {
  code: FindingCode;
  /** The event that shows it; of two that contradict each other, the one that does not hold. */
  event?: EventIdentity;
  /** A national code that the list does not have, as the source wrote it. Never another value of an event. */
  raw?: string;
}

/** The life of a dossier: what its standing events say. All instants are UTC texts with milliseconds. */
export interface LifeCycle {
  /** National state (`TrangThaiHoSo`); undefined where everything was taken back or nothing known says a state. */
  state: NationalState | undefined;
  registered?: LifeMoment;
  received?: LifeMoment & { channel: Channel; due?: string; procedure?: string; onlineLevel?: number; responsible?: string };
  intakeRefused?: LifeMoment;
  /** In time order; the same request told twice at one instant is one. */
  supplementRequests: LifeMoment[];
  supplements: (LifeMoment & { due?: string })[];
  /** Each telling that processing stopped, in time order. */
  pauses: LifeMoment[];
  resumptions: (LifeMoment & { due?: string })[];
  feesPaid: (LifeMoment & { channel: Channel })[];
  /** By their beginning. They may overlap. */
  stops: Stop[];
  /** The first apology with a new date; a second one changes nothing (Decree 61/2018 art. 19.9). */
  extension?: LifeMoment & { due: string };
  resultReady?: LifeMoment;
  returned?: LifeMoment & { channel?: Channel; electronic?: boolean };
  refused?: LifeMoment;
  withdrawn?: LifeMoment;
  transfers: (LifeMoment & { to: TransferTarget; toUnit?: string })[];
  ratings: (LifeMoment & { questionSet: string; answers: RatedAnswer[] })[];
  links: (LifeMoment & { to: string; relation: LinkRelation })[];
  /** The earliest of result (ready, else returned), refusal and withdrawal; the result where they tie. */
  ended?: LifeMoment & { as: 'result' | 'refused' | 'withdrawn' };
  /** Sorted by code and identity. */
  findings: Finding[];
}

import {
  type DueBasis,
  type Dues,
  duesOf,
  type LatenessClass,
  latenessOf,
  type LifeMoment,
  stoppedMs,
  type Unit,
} from '@par/administration';
import { type EventIdentity } from '@par/contracts';
import { type Basis } from './basis.ts';
import { type CaseFact, foldCase } from './case-fact.ts';
import { type KeptEvent } from './kept-event.ts';

/** When something happened, with the event that says so. */
export interface Moment {
  at: string;
  event: EventIdentity;
}

/** A case as the counting rules look at it: its fact, with what the catalogue, the calendar and the organisation add. */
export interface CaseView {
  fact: CaseFact;
  /** A unit that one of its events names; for its city, zone and form of codes. */
  homeUnit: Unit;
  /** The unit that answers for it: `responsible` of the receipt, else the unit of receipt, else the unit of the event that is looked at. */
  unitOf(moment: Pick<LifeMoment, 'unit'>): string;
  /** First due date, and the one in force; told, or worked out from the procedure's term. */
  dues: Dues;
  /** Online service level of its procedure when received, in the scheme 1–4; undefined where nobody knows. */
  onlineLevel?: number;
  /** The city's zone, for comparing dates. */
  timeZone: string;
  /** Result ready or, where nobody said so, returned: what counts as finished. */
  result?: LifeMoment;
  /** Whose fault the lateness of an end is; see `latenessOf`. */
  latenessAt(end: LifeMoment, due: string): LatenessClass;
}

/** The city that a case belongs to, from any of its events: a unit never changes its city. */
function cityUnitOf(events: readonly KeptEvent[], basis: Basis): Unit {
  for (const event of events) {
    const unit = basis.organisation.unit(event.unit);
    if (unit) return unit;
  }
  throw new Error(`unit ${events[0]?.unit ?? '?'} is not known`);
}

/** Folds a case and lays beside it what the rules need. Precondition: the units of its events are known to the organisation. */
export function viewCase(subject: string, events: readonly KeptEvent[], basis: Basis): CaseView {
  const homeUnit = cityUnitOf(events, basis);
  const { timeZone, dossierCodes, city } = homeUnit;
  const dueBasis: DueBasis = { termAt: (code, at) => basis.catalogue.termAt(city, code, at), calendar: basis.calendar };
  const fact = foldCase(events, { code: subject, scheme: dossierCodes, timeZone, dues: dueBasis });
  const { life } = fact;
  const procedure = life.received?.procedure;
  const receivedAt = life.received?.at;
  const onlineLevel =
    life.received?.onlineLevel ??
    (procedure === undefined || receivedAt === undefined ? undefined : basis.catalogue.levelAt(city, procedure, receivedAt));
  const result = life.resultReady ?? life.returned;
  const dues = duesOf(life, dueBasis);
  return {
    fact,
    homeUnit,
    unitOf: (moment) => life.received?.responsible ?? life.received?.unit ?? moment.unit,
    dues,
    ...(onlineLevel === undefined ? {} : { onlineLevel }),
    timeZone,
    ...(result === undefined ? {} : { result }),
    latenessAt: (end, due) =>
      latenessOf(
        {
          end,
          due,
          allowed: dues.allowedMs,
          stopped: receivedAt === undefined ? 0 : stoppedMs(life.stops, receivedAt, end.at),
          ...(fact.workCompletedAt === undefined ? {} : { workCompletedAt: fact.workCompletedAt }),
        },
        basis.plan.lateness,
      ),
  };
}

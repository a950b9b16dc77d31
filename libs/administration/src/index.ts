export { type ProducerEvent } from '@par/contracts';
export {
  boundaryDayOf,
  inBoundaries,
  RATIO,
  type Additive,
  type BoundaryLeaf,
  type BoundaryRow,
  type BoundaryRowKind,
  type BoundaryView,
  type Ratio,
} from './boundaries.ts';
export { parseDossierCode, type DossierCode } from './dossier-code.ts';
export { DUE_BASIS_LABELS, DUE_SET_LABELS, duesOf, type Due, type DueBasis, type Dues } from './due-date.ts';
export { figureId, parseFigureId, stateOf, valueOf } from './figure.ts';
export { checkPublished, type PublishedCheck, type PublishedFinding } from './form-ii-06a-published.ts';
export {
  FORM_BASIS,
  FORM_CODE,
  FORM_COLUMNS,
  FORM_TITLE,
  formCsv,
  sheetHeader,
  sheetLines,
  type CityForm,
  type FormAnswer,
  type FormColumn,
  type SheetLine,
  type UnitFormRow,
} from './form-ii-06a-sheet.ts';
export { checkIdentities, emptyRow, type FormRow, type IdentityFailure, sumRows } from './form-ii-06a.ts';
export { hueOrganisation } from './hue-organisation.ts';
export { CHANNEL_LABELS, nationalCodeOf, type Label } from './labels.ts';
export { LATENESS_CLASSES, latenessOf, stoppedMs, type LateDossier, type LatenessClass, type LatenessThresholds } from './lateness.ts';
export { clockOf, foldLifeCycle } from './life-cycle.ts';
export { type LifeContext } from './life-cycle-findings.ts';
export { END_LABELS, FINDING_LABELS, STOP_CAUSE_LABELS, STOP_LABELS } from './life-cycle-labels.ts';
export * from './life-cycle-shape.ts';
export { lifeTimelineOf, type LifeTimelineEntry } from './life-cycle-timeline.ts';
export {
  CLOCK_LABELS,
  NATIONAL_STATES,
  nationalStateOf,
  type Clock,
  type NationalState,
  type NationalStateEntry,
} from './national-state.ts';
export { isInForce, Organisation, type Unit } from './organisation.ts';
export {
  endOfPeriod,
  firstDayOf,
  instantOf,
  isTimeZone,
  lastDayOf,
  localDate,
  localTime,
  monthOf,
  monthsIn,
  parsePeriod,
  type Period,
  startOfPeriod,
} from './period.ts';
export {
  foldProcedure,
  type Procedure,
  type ProcedureEvent,
  type ProcedureEventType,
  type ProcedureFinding,
  type ProcedureFindingCode,
  type ProcedureIdentity,
  type ProcedureSpan,
  readProcedure,
  workingHoursOf,
} from './procedure.ts';
export { equivalentLevel, ProcedureCatalogue } from './procedure-catalogue.ts';
export { PROCEDURE_FINDING_LABELS } from './procedure-catalogue-finding-labels.ts';
export { byTimeThenIdentity, standingEvents, type StandableEvent, type Standing } from './standing-events.ts';
export { type OrganisationFinding, type UnitEvent, type UnitName } from './unit-history.ts';
export { type CalendarFile, parseCalendar } from './read-calendar.ts';
export {
  type CalendarOptions,
  CalendarYearMissing,
  loadCalendar,
  VIETNAM_CALENDAR_FILE,
  vietnamCalendar,
  WorkingCalendar,
} from './working-calendar.ts';
export {
  type CalendarData,
  type CalendarFault,
  CalendarMistake,
  type CalendarPath,
  keyText,
  namedDays,
  type Occasion,
  type OccasionKind,
  type OfficeHours,
  WEEKDAYS,
} from './working-calendar-data.ts';

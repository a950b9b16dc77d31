/** A procedure is abolished: out of force from the event's `time`. Carries no data. */
export class ProcedureAbolishedV1 {}

/** An ISO 9001:2015 process for this procedure is issued (goal 8). Carries no data. */
export class ProcedureIsoIssuedV1 {}

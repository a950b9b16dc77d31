/** The ISO 9001:2015 process for this procedure is withdrawn. Carries no data. */
export class ProcedureIsoWithdrawnV1 {}

/** Công dân yêu cầu rút hồ sơ (national state 7): the end of the clock. Carries no data. */
export class DossierWithdrawnV1 {}

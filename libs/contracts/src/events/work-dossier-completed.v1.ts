/** The department settled the matter (kết thúc hồ sơ, Decree 30/2020 art. 30) at the event's `time`. Carries no data. */
export class WorkDossierCompletedV1 {}

/** Đã xử lý xong (national state 9): the clock stops for on-time at the event's `time`. Carries no data. */
export class DossierResultReadyV1 {}

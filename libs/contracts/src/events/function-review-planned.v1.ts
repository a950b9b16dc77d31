/** A review of functions and tasks (rà soát chức năng, nhiệm vụ) of the event's `unit` is planned for its `time` (goal 5). `subject` is the review's own id. Carries no data. */
export class FunctionReviewPlannedV1 {}

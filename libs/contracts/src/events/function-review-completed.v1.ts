/** The planned review of that `subject` is done (goal 5). Carries no data. */
export class FunctionReviewCompletedV1 {}

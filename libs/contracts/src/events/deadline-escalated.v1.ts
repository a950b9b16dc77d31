import { DeadlineFacts } from './deadline-facts.ts';

/** A deadline has passed and what was due is not done. Told once per deadline, on `par.tasks`. */
export class DeadlineEscalatedV1 extends DeadlineFacts {}

import { DeadlineFacts } from './deadline-facts.ts';

/** A deadline comes near and what is due is not done. Told once per deadline, on `par.tasks`. */
export class DeadlineRemindedV1 extends DeadlineFacts {}
